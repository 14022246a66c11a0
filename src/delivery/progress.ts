/** What the console, the admin API and the demo's progress line see of a stream at work. Counts are since the process began. */

export interface StreamProgress {
  readonly stream: string
  /** Accepted and not yet delivered. */
  readonly bufferedBytes: number
  readonly bufferedRecords: number
  /** Batches that are closed and wait for, or are in, delivery. */
  readonly sealedBatches: number
  /** undefined: nothing is buffered. */
  readonly oldestAgeMs: number | undefined
  /** Until the open batch is closed at the latest; undefined when it is empty. */
  readonly nextFlushInMs: number | undefined
  readonly accepted: { readonly records: number; readonly bytes: number }
  /** Bytes are the records' bytes, before compression. */
  readonly delivered: { readonly objects: number; readonly records: number; readonly bytes: number }
  readonly lastError: { readonly atMs: number; readonly code: string; readonly message: string } | undefined
}
