/** Which streams have processors, and how much goes through them at once. */
import { type BufferingHints, MEBIBYTE, type S3Destination } from './destination.ts'

/** Without a function's own wish. Memory holds a few times as much for each step under way. */
const STEP: BufferingHints = { bytesMax: MEBIBYTE, intervalMs: 1_000 }

/** Whether records go through steps before they are buffered for S3. */
export function isProcessed({ processing = [], partitioning, backup }: S3Destination): boolean {
  return processing.length > 0 || partitioning !== undefined || backup !== undefined
}

export function stepHints({ processing = [] }: S3Destination): BufferingHints {
  const lambda = processing.find((step) => step.kind === 'lambda')
  return lambda === undefined ? STEP : { bytesMax: lambda.bufferBytes, intervalMs: lambda.bufferIntervalMs }
}
