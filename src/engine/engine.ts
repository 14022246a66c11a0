/**
 * The Engine port: runs typed trees over files and writes the answer down as text, as Athena renders it (D4, D5 of the
 * behaviour: CSV with every value quoted, NULL bare). An engine sees only the files it is handed; user text never
 * reaches it.
 */
import type { TypedQuery } from '../sql/typed-tree.ts'
import type { SqlType } from '../sql/types.ts'
import type { QueryPlan } from './plan.ts'

export interface ScanFile {
  /** Local file with the object's plain bytes. */
  readonly path: string
  /** `s3://bucket/key`: the value of "$path". */
  readonly location: string
  readonly sizeBytes: number
  /** `path` holds the unpacked bytes of a compressed object, this many. */
  readonly unpackedBytes?: number
  readonly modifiedAtMs: number
  /** Identity of the immutable version: facts about it may be cached for ever. */
  readonly versionKey: string
  /** Index into the source's `partitions`. -1: table without partitions. */
  readonly partition: number
  /** Of a bucketed table: the value of "$bucket". */
  readonly bucket?: number
}

export type ScanFormat =
  | {
      readonly kind: 'json'
      readonly serde: 'openx' | 'hive'
      readonly ignoreMalformed: boolean
      readonly caseInsensitive: boolean
      readonly dotsInKeys: boolean
      /** column → JSON key. */
      readonly mapping: Readonly<Record<string, string>>
      readonly timestampFormats: readonly string[]
    }
  | {
      readonly kind: 'csv'
      readonly serde: 'lazy' | 'opencsv' | 'regex' | 'grok'
      /** Of serde `regex`, in Java's syntax. */
      readonly regex?: { readonly pattern: string; readonly ignoreCase: boolean }
      /** Of serde `grok`. */
      readonly grok?: { readonly pattern: string; readonly customPatterns: string }
      readonly fieldDelimiter: string
      readonly quote?: string
      readonly escape?: string
      readonly collectionDelimiter: string
      readonly mapKeyDelimiter: string
      readonly nullText: string
      readonly skipHeaderLines: number
      readonly timestampFormats: readonly string[]
    }
  | { readonly kind: 'parquet'; readonly byIndex: boolean }
  /** cloudtrail: `{"Records": [ … ]}`, one document a file. */
  | { readonly kind: 'avro' | 'cloudtrail' }

/** What one `Scan` node reads. */
export interface ScanSource {
  readonly format: ScanFormat
  /** All data columns of the table in catalog order (not only those used): text formats need them. */
  readonly dataColumns: readonly { readonly name: string; readonly type: SqlType }[]
  readonly partitionColumns: readonly { readonly name: string; readonly type: SqlType }[]
  /** One entry per partition that has files: values as text, in order of the partition columns; null: default partition. */
  readonly partitions: readonly (readonly (string | null)[])[]
  readonly files: readonly ScanFile[]
}

export interface EngineQuery {
  readonly id: string
  readonly query: TypedQuery
  readonly sources: ReadonlyMap<number, ScanSource>
  /** What current_timestamp, current_user… answer. The zone is UTC. */
  readonly session: {
    readonly nowMs: number
    readonly user: string
    readonly catalog: string
    readonly schema: string | undefined
  }
  /** A query that would read more than this of the lake fails with SCAN_LIMIT before it does. */
  readonly bytesScannedMax?: number
  /** Where the CSV is written: a path that does not exist yet, in a folder the engine may write to. */
  readonly csvPath: string
}

export interface EngineAnswer {
  readonly rowCount: number
  /** Bytes of the lake that were really read: compressed sizes for text; for Parquet the column chunks touched. */
  readonly bytesScanned: number
  readonly planningMs: number
  readonly executionMs: number
}

export type WriteFormat =
  | { readonly kind: 'avro'; readonly compression: 'deflate' | 'snappy' | 'none' }
  | {
      readonly kind: 'parquet'
      readonly compression: 'gzip' | 'snappy' | 'zstd' | 'lz4' | 'none'
      /** Of ZSTD alone: 1 to 22. Without it: 3. */
      readonly compressionLevel?: number
    }
  | { readonly kind: 'json'; readonly compression: 'gzip' | 'zstd' | 'none' }
  | {
      readonly kind: 'text'
      readonly compression: 'gzip' | 'zstd' | 'none'
      readonly fieldDelimiter: string
      readonly collectionDelimiter: string
      readonly mapKeyDelimiter: string
      readonly nullText: string
    }
  /** Every value quoted; columns are text. NULL is read again as the empty text. */
  | {
      readonly kind: 'csv'
      readonly compression: 'gzip' | 'zstd' | 'none'
      readonly fieldDelimiter: string
      readonly quote: string
      readonly escape: string
    }

/** A query whose rows become files instead of an answer. Its output names the columns. */
export interface EngineWrite extends Omit<EngineQuery, 'csvPath'> {
  readonly format: WriteFormat
  /** So many of the last columns are in the names of folders instead of the files. */
  readonly partitionColumns: number
  /** Rows go into this many files for each partition, by Hive's hash of these columns' values. */
  readonly buckets?: { readonly columns: readonly string[]; readonly count: number }
  /** More partitions, or buckets of partitions, than this are refused (HIVE_TOO_MANY_OPEN_PARTITIONS). */
  readonly partitionsMax: number
  /** Where the files are written: a path that does not exist yet, in a folder the engine may write to. */
  readonly directory: string
}

export interface WrittenFile {
  readonly path: string
  readonly sizeBytes: number
  /** Values of the partition columns as text, in their order; null: NULL. */
  readonly partition: readonly (string | null)[]
  readonly bucket?: number
}

export interface EngineWritten extends EngineAnswer {
  /** None without rows. */
  readonly files: readonly WrittenFile[]
}

/**
 * The engine's "no". `code` is Trino's StandardErrorCode name (DIVISION_BY_ZERO, INVALID_CAST_ARGUMENT, NOT_SUPPORTED,
 * HIVE_BAD_DATA, EXCEEDED_LOCAL_MEMORY_LIMIT…); the message is Trino's, without the code.
 */
/** The code of a query that would read more than it may. */
export const SCAN_LIMIT = 'EXCEEDED_SCAN_LIMIT'

export class EngineFailure extends Error {
  readonly code: string

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'EngineFailure'
    this.code = code
  }
}

export interface Engine {
  /** A query is on its way: whatever takes time to start may start. Never fails. */
  warmUp?(): void
  /** Rejects with EngineFailure, or with the signal's reason within a second of its abort. */
  execute(query: EngineQuery, signal: AbortSignal): Promise<EngineAnswer>
  /** As `execute`, into files. */
  write(query: EngineWrite, signal: AbortSignal): Promise<EngineWritten>
  /** EXPLAIN; `analyze`: the query is run for its figures, and its rows are thrown away. */
  explain(query: EngineQuery, how: { readonly analyze: boolean }, signal: AbortSignal): Promise<QueryPlan>
  close(): Promise<void>
}
