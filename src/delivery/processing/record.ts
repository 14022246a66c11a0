/**
 * Records on their way through a stream's processors, and those that do not get through.
 *
 * A step takes records and gives records: fewer (dropped), more (taken apart), or the same ones changed. Each keeps its
 * source, because that is what error output holds: the record that the producer put, or, of an aggregate that was taken
 * apart, the part alone, so that of 500 documents with a bad one among them each is in the lake once. Steps are pure in
 * their input but for a Lambda function's: the outcome of all of them is made durable as one before anything of it is
 * delivered.
 */

/** As the producer put it, aggregates taken apart. */
export interface SourceRecord {
  readonly data: Uint8Array
  readonly arrivalMs: number
}

export interface StreamRecord {
  readonly data: Uint8Array
  readonly source: SourceRecord
  /** By name; undefined until a step finds some. */
  readonly partitionKeys?: PartitionKeys
}

export interface PartitionKeys {
  /** `!{partitionKeyFromQuery:name}` */
  readonly fromQuery?: Readonly<Record<string, string>>
  /** `!{partitionKeyFromLambda:name}` */
  readonly fromLambda?: Readonly<Record<string, string>>
}

/** Values of `!{firehose:error-output-type}`: the folder that a failed record goes to. */
export type ErrorOutputType =
  | 'processing-failed'
  | 'decompression-failed'
  | 'metadata-extraction-failed'
  | 'format-conversion-failed'
  | 'activePartitionExceeded'

export interface FailedRecord {
  readonly outputType: ErrorOutputType
  /** One line of the error object, as AWS writes it: attemptsMade, arrivalTimestamp, errorCode, rawData, … */
  readonly entry: Readonly<Record<string, unknown>>
  /** Present: one entry is enough of all that comes of this source. */
  readonly source?: SourceRecord
}

export interface Outcome {
  /** In the order of their sources. */
  readonly records: readonly StreamRecord[]
  readonly failed: readonly FailedRecord[]
}

/** One step, made for one stream. Rejects only when the lake itself is at fault, or when `signal` ends it: then it is done again. */
export interface Processor {
  process(records: readonly StreamRecord[], signal: AbortSignal): Promise<Outcome>
  /** Lets go of threads and connections. */
  close(): Promise<void>
}
