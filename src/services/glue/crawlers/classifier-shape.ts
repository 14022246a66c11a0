/** A custom classifier as Glue shows it: under the name of its kind. */
import type { Classifier } from '../../../catalog/crawler-store.ts'
import type { CsvClassifier } from '../../../formats/classifier.ts'
import type { Classifier as WireClassifier } from '../../../wire/model/glue.ts'

export function fromClassifier({ classifier, createdAtMs, updatedAtMs, version }: Classifier): WireClassifier {
  const common = {
    Name: classifier.name,
    CreationTime: new Date(createdAtMs),
    LastUpdated: new Date(updatedAtMs),
    Version: version,
  }
  switch (classifier.kind) {
    case 'grok':
      return {
        GrokClassifier: {
          ...common,
          Classification: classifier.classification,
          GrokPattern: classifier.grokPattern,
          ...(classifier.customPatterns && { CustomPatterns: classifier.customPatterns }),
        },
      }
    case 'xml':
      return {
        XMLClassifier: { ...common, Classification: classifier.classification, RowTag: classifier.rowTag },
      }
    case 'json':
      return { JsonClassifier: { ...common, JsonPath: classifier.jsonPath } }
    case 'csv':
      return { CsvClassifier: { ...common, ...csvMembers(classifier) } }
  }
}

function csvMembers({ delimiter, quoteSymbol, header, customDatatypes, ...csv }: CsvClassifier) {
  return {
    ...(delimiter !== undefined && { Delimiter: delimiter }),
    ...(quoteSymbol !== undefined && { QuoteSymbol: quoteSymbol }),
    ContainsHeader: csv.containsHeader,
    ...(header !== undefined && { Header: header }),
    DisableValueTrimming: csv.disableValueTrimming,
    AllowSingleColumn: csv.allowSingleColumn,
    CustomDatatypeConfigured: customDatatypes !== undefined,
    ...(customDatatypes !== undefined && { CustomDatatypes: customDatatypes }),
    Serde: csv.serde,
  }
}
