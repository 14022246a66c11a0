/** What the console, the admin API and the demo's progress line see of a stream at work. Counts are since the process began. */

export interface StreamProgress {
  readonly name: string
  /** Accepted and not yet delivered. */
  readonly bufferedRecords: number
  readonly bufferedBytes: number
  /** Batches that are closed and wait for, or are in, delivery. */
  readonly sealedBatches: number
  /** Of the oldest record that was not delivered; undefined: nothing is buffered. */
  readonly oldestAgeMs: number | undefined
  /** Until the open batch is closed at the latest; undefined when it is empty. */
  readonly dueInMs: number | undefined
  readonly acceptedRecords: number
  readonly acceptedBytes: number
  /** Those of the backup are not counted. */
  readonly deliveredObjects: number
  readonly deliveredRecords: number
  /** The records' bytes, before compression. */
  readonly deliveredBytes: number
  /** What went wrong last, for people; undefined: nothing yet. It is not taken back when a later attempt succeeds. */
  readonly lastError: string | undefined
  readonly lastErrorAtMs: number | undefined
}
