/** A query execution: what was asked, where it stands, what came of it. Plain data, kept as it is in the metadata database. */
import type { DataAccess } from './data-access.ts'
import type { ResultColumn } from './result-column.ts'

export type ExecutionState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED'

/** What AWS calls AthenaError. Category 1: system, 2: user, 3: other. */
export interface AthenaFailure {
  readonly category: 1 | 2 | 3
  readonly type: number
  readonly retryable: boolean
  readonly message: string
}

export interface StartRequest {
  readonly sql: string
  /** Makes starting twice harmless: same token, same execution. 32 to 128 characters. */
  readonly clientRequestToken: string | undefined
  readonly catalog?: string
  readonly database?: string
  /** `s3://bucket/folder/`: used unless the workgroup enforces its own. */
  readonly outputLocation?: string
  readonly encryption?: ResultEncryption
  readonly expectedBucketOwner?: string
  readonly workgroup?: string
  /** Values for `?`, as text. */
  readonly parameters?: readonly string[]
  readonly reuse?: ResultReuse
  readonly callerArn: string
  /** Of the caller; it holds until the query has run and is not kept. undefined: nothing is asked. */
  readonly access?: DataAccess
}

/** `kmsKey`: as the caller named it, by id or arn. */
export type ResultEncryption = { readonly option: 'SSE_S3' } | { readonly option: 'SSE_KMS'; readonly kmsKey: string }

/** Whether the result of an earlier execution of the same query will do. */
export interface ResultReuse {
  readonly enabled: boolean
  /** Default: 60. */
  readonly maxAgeMinutes: number | undefined
}

export interface Execution {
  readonly id: string
  readonly sql: string
  readonly clientRequestToken: string
  readonly statementType: StatementType
  readonly substatementType: string
  /** As sent; the catalog lower-case. */
  readonly catalog?: string
  readonly database?: string
  /** As sent, for the comparison of two calls with one token. */
  readonly requestedCatalog?: string
  readonly requestedLocation?: string
  readonly workgroup: string
  /** The object that holds the result: `s3://bucket/folder/<id>.csv`. */
  readonly outputLocation: string
  readonly encryption?: ResultEncryption
  readonly expectedBucketOwner?: string
  readonly parameters?: readonly string[]
  readonly reuse?: ResultReuse
  readonly callerArn: string
  readonly state: ExecutionState
  readonly reason?: string
  readonly failure?: AthenaFailure
  readonly submittedAtMs: number
  readonly startedAtMs?: number
  readonly completedAtMs?: number
  readonly statistics: ExecutionStatistics
  /** Set when SUCCEEDED. */
  readonly result?: ExecutionResult
  /** The result is another execution's, at that one's place. */
  readonly isReused?: boolean
}

export type StatementType = 'DDL' | 'DML' | 'UTILITY'

export interface ExecutionStatistics {
  readonly bytesScanned: number
  readonly queueMs: number
  readonly planningMs: number
  readonly engineMs: number
  readonly totalMs: number
  /** Between the engine's end and the result's being in its bucket. */
  readonly servingMs: number
  /** The list of the files that a statement has written. */
  readonly manifestLocation?: string
}

export interface ExecutionResult {
  readonly columns: readonly ResultColumn[]
  readonly rowCount: number
  readonly resultBytes: number
  /** Absent for DDL and EXPLAIN. */
  readonly updateCount?: number
  readonly form: ResultForm
  /** Asked again over the same data, the query gives the same. */
  readonly isRepeatable?: boolean
}

/**
 * csv: rows of quoted values under a header; text: a row a line, `hasHeader` when the first line names the column; none:
 * the statement has written, and answers only how many rows.
 */
export type ResultForm =
  | { readonly kind: 'csv' }
  | { readonly kind: 'text'; readonly hasHeader: boolean }
  | { readonly kind: 'none' }

export const NO_STATISTICS: ExecutionStatistics = {
  bytesScanned: 0,
  queueMs: 0,
  planningMs: 0,
  engineMs: 0,
  totalMs: 0,
  servingMs: 0,
}

export function isFinished(state: ExecutionState): boolean {
  return state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED'
}
