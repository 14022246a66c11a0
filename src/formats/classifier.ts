/**
 * Custom classifiers, as Glue's CreateClassifier takes them (Glue API, "Classifiers"; behaviour sheet C7): what a user
 * says about files that the built-in classifiers do not know, or read otherwise than wanted.
 */
export type CustomClassifier = GrokClassifier | JsonClassifier | CsvClassifier | XmlClassifier

export interface GrokClassifier {
  readonly kind: 'grok'
  readonly name: string
  /** What tables of such files say in `classification`. */
  readonly classification: string
  /** `%{IPORHOST:clientip} %{NUMBER:bytes:int}` */
  readonly grokPattern: string
  /** One a line: `NAME regular expression`. */
  readonly customPatterns?: string
}

export interface JsonClassifier {
  readonly kind: 'json'
  readonly name: string
  /** `$[*]`, `$.records[*]`, `$.id` */
  readonly jsonPath: string
}

export interface CsvClassifier {
  readonly kind: 'csv'
  readonly name: string
  readonly delimiter?: string
  readonly quoteSymbol?: string
  readonly containsHeader: 'UNKNOWN' | 'PRESENT' | 'ABSENT'
  readonly header?: readonly string[]
  readonly disableValueTrimming: boolean
  readonly allowSingleColumn: boolean
  /** Types of the columns, in order; undefined: as found. */
  readonly customDatatypes?: readonly string[]
  readonly serde: 'OpenCSVSerDe' | 'LazySimpleSerDe' | 'None'
}

export interface XmlClassifier {
  readonly kind: 'xml'
  readonly name: string
  readonly classification: string
  /** The element that is a record. */
  readonly rowTag: string
}
