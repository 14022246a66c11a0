/**
 * What the lake and an engine child say to each other over IPC. The lake decides every statement; the child only runs
 * what it is told, inside the sandbox it was opened with. Every request has exactly one reply with the same number.
 */

import type { AvroField } from '../../formats/avro/write/encoder.ts'
import type { AvroCodec } from '../../formats/avro/write/file-writer.ts'

/** Fixed for the life of a child. */
export interface ChildSettings {
  readonly threads: number
  readonly memoryLimitBytes: number
  /** The only folder the child's instances may write to: answers and spilled data. */
  readonly writableDirectory: string
}

export type ChildRequest =
  /** A clean sandboxed instance that may read exactly `paths`, besides writing to the writable folder. */
  | { readonly kind: 'open'; readonly paths: readonly string[] }
  /** Rows of a small question about files, as JSON values. */
  | { readonly kind: 'rows'; readonly sql: string }
  /** Runs `sql`, whose columns are all text, into a CSV file: `header` first, every value quoted, NULL bare. */
  | { readonly kind: 'copy'; readonly sql: string; readonly header: string; readonly csvPath: string }
  /** The plain size of gzip files. Those whose own word for it differs from `expected` are unpacked to their end. */
  | { readonly kind: 'measureGzip'; readonly paths: readonly string[]; readonly expected: readonly number[] }
  /** Plain copies of gzip files, read to their end. */
  | { readonly kind: 'unpack'; readonly orders: readonly UnpackOrder[] }
  /** Files that DuckDB cannot read, as files that it can. */
  | { readonly kind: 'convert'; readonly orders: readonly ConvertOrder[] }
  /** Lines of JSON as Avro files; the lines are removed. */
  | { readonly kind: 'encodeAvro'; readonly orders: readonly AvroOrder[] }

export type ChildReply =
  | { readonly kind: 'opened' }
  | { readonly kind: 'rows'; readonly rows: readonly (readonly unknown[])[] }
  | { readonly kind: 'copied'; readonly rowCount: number }
  | { readonly kind: 'gzipMeasured'; readonly sizes: readonly GzipSize[] }
  | { readonly kind: 'unpacked'; readonly files: readonly Unpacked[] }
  | { readonly kind: 'converted'; readonly files: readonly Converted[] }
  | { readonly kind: 'avroEncoded' }

export interface UnpackOrder {
  readonly path: string
  readonly target: string
  /** A file with more is left alone. */
  readonly plainBytesMax: number
}

export interface Unpacked {
  readonly path: string
  readonly plainBytes: number
  readonly outcome: 'whole' | 'damaged' | 'tooLarge'
  /** Keys of JSON records as spelled, in every one of the first records; undefined: must be surveyed. */
  readonly keys?: readonly string[] | undefined
  readonly damage?: string
}

/** `avro` and `cloudtrail` become lines of JSON, the others the text that they hold. */
export type Conversion = 'avro' | 'cloudtrail' | 'bzip2' | 'snappy' | 'lz4' | 'deflate'

export interface ConvertOrder {
  readonly path: string
  readonly target: string
  readonly conversion: Conversion
}

export interface Converted {
  readonly path: string
  readonly plainBytes: number
  /** Why it cannot be read to its end. */
  readonly damage?: string
}

export interface AvroOrder {
  readonly path: string
  readonly target: string
  readonly fields: readonly AvroField[]
  readonly codec: AvroCodec
}

export interface GzipSize {
  readonly path: string
  readonly plainBytes: number
  /** Why it cannot be unpacked to its end. */
  readonly damage?: string
}

export type ToChild =
  | { readonly kind: 'start'; readonly settings: ChildSettings }
  | { readonly kind: 'request'; readonly number: number; readonly request: ChildRequest }
  /** Interrupts whatever runs. */
  | { readonly kind: 'cancel' }
  /** The query is over: its instance may go. */
  | { readonly kind: 'closeQuery' }

export type FromChild =
  | { readonly kind: 'ready' }
  | { readonly kind: 'reply'; readonly number: number; readonly reply: ChildReply }
  /** `message` is DuckDB's own text. */
  | { readonly kind: 'failure'; readonly number: number; readonly message: string }
