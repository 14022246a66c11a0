/**
 * Error entries of steps that the lake does by itself, in the shape that AWS writes for Lambda (but for `lambdaArn`):
 * `{"attemptsMade":1,"arrivalTimestamp":ms,"errorCode":"…","errorMessage":"…","attemptEndingTimestamp":ms,"rawData":"base64"}`
 *
 * What AWS puts into errorCode and errorMessage for these steps is not recorded anywhere. Codes here are the processor's
 * type as the API names it, a dot, and a word that AWS uses in the codes of format conversion.
 */
import type { Clock } from '../../platform/clock.ts'
import type { ErrorOutputType, FailedRecord, SourceRecord } from './record.ts'

export type LocalErrorCode =
  | 'RecordDeAggregation.MalformedData'
  | 'CloudWatchLogProcessing.MalformedData'
  | 'CloudWatchLogProcessing.OutputTooLarge'
  | 'Decompression.MalformedData'
  | 'Decompression.OutputTooLarge'

export interface Failure {
  readonly outputType: ErrorOutputType
  readonly code: LocalErrorCode
  readonly message: string
}

export function failedRecord(source: SourceRecord, { outputType, code, message }: Failure, clock: Clock): FailedRecord {
  return {
    outputType,
    source,
    entry: {
      attemptsMade: 1,
      arrivalTimestamp: source.arrivalMs,
      errorCode: code,
      errorMessage: message,
      attemptEndingTimestamp: clock.nowMs(),
      rawData: rawData(source),
    },
  }
}

/**
 * The source's bytes in base64. Thousands of records may have come of one source (the messages of a log batch), and all
 * of them may fail: they share one text.
 */
export function rawData(source: SourceRecord): string {
  const known = texts.get(source)
  if (known !== undefined) return known
  const { buffer, byteOffset, byteLength } = source.data
  const text = Buffer.from(buffer, byteOffset, byteLength).toString('base64')
  texts.set(source, text)
  return text
}

const texts = new WeakMap<SourceRecord, string>()
