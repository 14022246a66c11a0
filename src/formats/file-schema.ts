/** What one file was found to hold: which classifier knew it, how it is read, its columns. */

import type { InferredField } from './inferred-type.ts'
import type { Compression } from './signature.ts'

/** Glue's bound on the name of a column, in characters. */
export const COLUMN_NAME_LENGTH_MAX = 255
/** More than this are data used as names, not columns. */
export const COLUMNS_MAX = 10_000

export interface FileSchema {
  /** As the catalog keeps it: `json`, `csv`, `parquet`, `avro`, `xml`, `combined_apache`, or a custom classifier's word. */
  readonly classification: string
  /** How a row is told from the bytes, which decides the SerDe. */
  readonly layout: Layout
  readonly compression: Compression
  /** Partition keys are not among them. */
  readonly columns: readonly InferredField[]
  readonly records: number
  /** The bytes that the sampled records take in the file as it is stored, so compressed if it is. */
  readonly storedBytes: number
  /** What a user should know of how the file was read. */
  readonly notes: readonly string[]
  /** The classifier that knew it: a custom one's name, or what a built-in one is called; and how certain it was, up to 1. */
  readonly classifier?: { readonly name: string; readonly certainty: number }
}

export type Layout =
  /** `paths`: top-level names as written. `jsonPath`: of a custom classifier. */
  | { readonly kind: 'json'; readonly paths: readonly string[]; readonly jsonPath?: string }
  | CsvLayout
  | { readonly kind: 'parquet' }
  /** `schemaText`: the writer's schema, JSON text as in the file. */
  | { readonly kind: 'avro'; readonly schemaText: string }
  | { readonly kind: 'xml'; readonly rowTag: string }
  /** `pattern` with its custom patterns, one a line. */
  | { readonly kind: 'grok'; readonly pattern: string; readonly customPatterns?: string }

export interface CsvLayout {
  readonly kind: 'csv'
  readonly delimiter: string
  readonly hasHeader: boolean
  readonly quoteSymbol?: string
  readonly serde: 'LazySimpleSerDe' | 'OpenCSVSerDe'
}
