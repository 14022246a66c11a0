/** CSV: the built-in classifier, and custom ones with their options. */
import type { CsvClassifier } from '../classifier.ts'
import type { CsvLayout } from '../file-schema.ts'
import { type InferredType, scalar } from '../inferred-type.ts'
import { no, type Text, type Verdict } from '../text.ts'
import { BUILT_IN_OPTIONS, type CsvOptions, type CsvSchema, csvSchema, DELIMITERS } from './schema.ts'

/** How custom classifiers name types, and what Hive calls them. */
export const CUSTOM_DATATYPES: Readonly<Record<string, string>> = {
  BINARY: 'binary',
  BOOLEAN: 'boolean',
  DATE: 'date',
  DECIMAL: 'decimal',
  DOUBLE: 'double',
  FLOAT: 'float',
  INT: 'int',
  LONG: 'bigint',
  SHORT: 'smallint',
  STRING: 'string',
  TIMESTAMP: 'timestamp',
}

const KEEPS_QUOTES = 'cells are quoted; the SerDe that a crawler names for CSV keeps the quotes in the values'

/** Broken JSON has commas too and is not taken for CSV. */
export function classifyCsv(text: Text): Verdict {
  if (/^\s*[[{]/.test(text.first)) return no('it begins like JSON')
  const found = csvSchema(text.first, text.isWhole)
  if ('reason' in found) return no(found.reason)
  const layout: CsvLayout = {
    kind: 'csv',
    delimiter: found.delimiter,
    hasHeader: found.hasHeader,
    serde: 'LazySimpleSerDe',
  }
  return verdictOf(found, layout, text.mark)
}

export function classifyCustomCsv(classifier: CsvClassifier, text: Text): Verdict {
  const found = csvSchema(text.first, text.isWhole, optionsOf(classifier))
  if ('reason' in found) return no(found.reason)
  const serde = serdeOf(classifier, found)
  const layout: CsvLayout = {
    kind: 'csv',
    delimiter: found.delimiter,
    hasHeader: found.hasHeader,
    serde,
    ...(classifier.quoteSymbol !== undefined && { quoteSymbol: classifier.quoteSymbol }),
  }
  return verdictOf(found, layout, text.mark)
}

function optionsOf(classifier: CsvClassifier): CsvOptions {
  const { delimiter, quoteSymbol, containsHeader, header, customDatatypes, disableValueTrimming, serde } = classifier
  const hasHeader = containsHeader === 'UNKNOWN' ? undefined : containsHeader === 'PRESENT'
  return {
    ...BUILT_IN_OPTIONS,
    delimiters: delimiter === undefined ? DELIMITERS : [delimiter],
    quote: quoteSymbol ?? BUILT_IN_OPTIONS.quote,
    hasHeader,
    names: header !== undefined && header.length > 0 ? header : undefined,
    types: typesOf(customDatatypes),
    trimsValues: !disableValueTrimming,
    stripsQuotes: serde === 'OpenCSVSerDe' || (serde === 'None' && quoteSymbol !== undefined),
    columnsMin: classifier.allowSingleColumn ? 1 : 2,
    // A file may have nothing but its header where there is known to be one, or but one row where there is none.
    rowsMin: hasHeader === undefined ? 2 : 1,
  }
}

function typesOf(datatypes: readonly string[] | undefined): InferredType[] | undefined {
  if (datatypes === undefined || datatypes.length === 0) return undefined
  return datatypes.map((name) => scalar(CUSTOM_DATATYPES[name.toUpperCase()] ?? 'string'))
}

/** `None` leaves it to the crawler: quotes that are really there want the SerDe that knows them. */
function serdeOf({ serde, quoteSymbol }: CsvClassifier, { isQuoted }: CsvSchema): CsvLayout['serde'] {
  if (serde !== 'None') return serde
  return quoteSymbol !== undefined && isQuoted ? 'OpenCSVSerDe' : 'LazySimpleSerDe'
}

function verdictOf(found: CsvSchema, layout: CsvLayout, mark: number): Verdict {
  const { columns, records, consumed, regularShare, isQuoted } = found
  const notes = isQuoted && layout.serde === 'LazySimpleSerDe' ? [...found.notes, KEEPS_QUOTES] : found.notes
  return {
    certainty: regularShare,
    schema: { classification: 'csv', layout, columns, records, consumed: consumed + mark, notes },
  }
}
