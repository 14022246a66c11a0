/** The processors of streams: each step made with what it needs of the lake. */
import type { Clock } from '../platform/clock.ts'
import type { Ids } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import type { S3Destination } from './destination.ts'
import type { LambdaFunctions } from './processing/lambda/functions.ts'
import { type InvocationFigures, lambda } from './processing/lambda/lambda.ts'
import { makeProcessor, type ProcessorMakers } from './processing/pipeline.ts'
import type { Processor } from './processing/record.ts'

export interface StreamProcessorsParts {
  readonly functions: LambdaFunctions
  readonly extractMetadata: ProcessorMakers['extractMetadata']
  readonly region: string
  readonly accountId: string
  readonly clock: Clock
  readonly random: Random
  readonly ids: Ids
  readonly log: Log
  readonly onInvoked?: (stream: string, invocation: InvocationFigures) => void
  /** Told of every run of a jq program over a step. */
  readonly onExtracted?: (stream: string, durationMs: number) => void
}

export function streamProcessors(
  parts: StreamProcessorsParts,
): (stream: string, destination: S3Destination) => Processor {
  const { clock, extractMetadata, region, accountId, onInvoked, onExtracted } = parts
  return (stream, { processing = [] }) =>
    makeProcessor(processing, {
      clock,
      extractMetadata: (step) => timed(extractMetadata(step), clock, (durationMs) => onExtracted?.(stream, durationMs)),
      lambda: (step) =>
        lambda(step, {
          stream: { name: stream, arn: `arn:aws:firehose:${region}:${accountId}:deliverystream/${stream}` },
          observe: (invocation) => onInvoked?.(stream, invocation),
          ...parts,
        }),
    })
}

function timed(processor: Processor, clock: Clock, onDone: (durationMs: number) => void): Processor {
  return {
    async process(records, signal) {
      const startedAtMs = clock.nowMs()
      const outcome = await processor.process(records, signal)
      onDone(Math.max(0, clock.nowMs() - startedAtMs))
      return outcome
    },
    close: () => processor.close(),
  }
}
