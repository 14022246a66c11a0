/**
 * The step of a stream that gives its records to a Lambda function.
 *
 *  - Records go out in batches of the step's buffer size, five at most under way for one stream, and come back in the
 *    order they had, whatever order the function answers in.
 *  - An invocation that brings no answer is made again, up to the step's number of retries; then its records fail
 *    together. An answer is final: its records fail one by one.
 *  - A function may see a record more than once: when an invocation is repeated, and when the lake was stopped before
 *    the outcome was durable.
 *
 * Source: "Transform source data in Amazon Data Firehose" of the developer guide; which failures are made again, by the
 * `attemptsMade` of lines that AWS wrote (4 for FunctionError, FunctionTimedOut and InvokeAccessDenied, 1 for
 * MissingRecordId, DuplicatedRecordId and ProcessingFailedStatus).
 */
import { setMaxListeners } from 'node:events'
import type { Clock } from '../../../platform/clock.ts'
import type { Ids } from '../../../platform/ids.ts'
import type { Log, LogFields } from '../../../platform/log.ts'
import type { Random } from '../../../platform/random.ts'
import type { ProcessingStep } from '../../destination.ts'
import { retryDelayMs } from '../../retry-delay.ts'
import { Turns } from '../../turns.ts'
import type { FailedRecord, Outcome, Processor, StreamRecord } from '../record.ts'
import { type Verdict, verdicts } from './answer.ts'
import { batches, type RecordRange } from './batches.ts'
import { encodeEvent, headBytes, type RecordIds, recordIds } from './event.ts'
import { type Attempts, failedRecord, failure, type LambdaFailure } from './failure.ts'
import type { FunctionAddress } from './function-address.ts'
import type { LambdaFunctions } from './functions.ts'

export type LambdaStep = Extract<ProcessingStep, { readonly kind: 'lambda' }>

export interface LambdaParts {
  /** Shared by all streams. */
  readonly functions: LambdaFunctions
  readonly stream: { readonly name: string; readonly arn: string }
  readonly region: string
  readonly clock: Clock
  readonly random: Random
  readonly ids: Ids
  readonly log: Log
  /** Told of every invocation when it has ended, for the metrics ExecuteProcessing.Duration and .Success. */
  readonly observe?: (invocation: InvocationFigures) => void
}

export interface InvocationFigures {
  readonly durationMs: number
  readonly isSuccess: boolean
  readonly records: number
}

/** "Firehose allows up to 5 outstanding Lambda invocations per shard"; a stream of one lake is one shard. */
const INVOCATIONS_OF_STREAM = 5

export function lambda(step: LambdaStep, parts: LambdaParts): Processor {
  return new LambdaProcessor(step, parts)
}

class LambdaProcessor implements Processor {
  readonly #step: LambdaStep
  readonly #parts: LambdaParts
  readonly #turns = new Turns(INVOCATIONS_OF_STREAM)

  constructor(step: LambdaStep, parts: LambdaParts) {
    this.#step = step
    this.#parts = parts
  }

  async process(records: readonly StreamRecord[], signal: AbortSignal): Promise<Outcome> {
    signal.throwIfAborted()
    const ranges = batches(records, { payloadBytes: this.#step.bufferBytes, headBytes: headBytes(this.#head) })
    const outcomes = new Array<Outcome>(ranges.length)
    await together(signal, (ended) => {
      let next = 0
      return Array.from({ length: Math.min(INVOCATIONS_OF_STREAM, ranges.length) }, async () => {
        for (let at = next++; at < ranges.length; at = next++) {
          const range = ranges[at] as RecordRange
          outcomes[at] = await this.#turns.take(() => this.#transform(records, range, ended), ended)
        }
      })
    })
    return joined(outcomes)
  }

  /** Connections are the lake's, and no invocation outlives `process`. */
  async close(): Promise<void> {
    return undefined
  }

  get #head() {
    const { stream, region } = this.#parts
    return { deliveryStreamArn: stream.arn, region }
  }

  async #transform(records: readonly StreamRecord[], range: RecordRange, signal: AbortSignal): Promise<Outcome> {
    const { functions, clock } = this.#parts
    const batch = records.slice(range.from, range.to)
    const address = range.isTooLarge ? failure('RequestTooLargeException') : functions.addressOf(this.#step.functionArn)
    if ('url' in address) return this.#invoke(batch, address, signal)
    const attempts = { functionArn: this.#step.functionArn, made: 0, endedAtMs: clock.nowMs() }
    this.#note(address, attempts)
    return allFailed(batch, address, attempts)
  }

  async #invoke(batch: readonly StreamRecord[], address: FunctionAddress, signal: AbortSignal): Promise<Outcome> {
    const { functions, clock, random, ids, observe } = this.#parts
    const { functionArn, retries } = this.#step
    const head = { invocationId: ids.uuid(), ...this.#head }
    const names: RecordIds = recordIds(ids.hex(48), batch.length)
    const event = () => encodeEvent(head, batch, names)
    for (let made = 1; ; made += 1) {
      const startedAtMs = clock.nowMs()
      const reading = await functions.invoke(address, { event, signal })
      const attempts = { functionArn, made, endedAtMs: clock.nowMs() }
      const isSuccess = reading.kind === 'answer'
      // The wall clock may have gone back meanwhile.
      const durationMs = Math.max(0, attempts.endedAtMs - startedAtMs)
      observe?.({ durationMs, isSuccess, records: batch.length })
      if (reading.kind === 'answer') return outcomeOf(batch, verdicts(reading.document, names, batch.length), attempts)
      if (made > retries) {
        this.#note(reading.failure, attempts, { detail: reading.detail })
        return allFailed(batch, reading.failure, attempts)
      }
      const retryInMs = retryDelayMs(made, random.unit())
      this.#note(reading.failure, attempts, { detail: reading.detail, retryInMs })
      await clock.sleep(retryInMs, signal)
    }
  }

  #note({ code, message }: LambdaFailure, { functionArn, made }: Attempts, more: LogFields = {}): void {
    const { log, stream } = this.#parts
    log.warn('LambdaInvocationFailed', { stream: stream.name, functionArn, attemptsMade: made, code, message, ...more })
  }
}

/** Waits for all; when one fails, or `signal` aborts, the others are told to end and awaited before it rejects. */
async function together(signal: AbortSignal, begin: (ended: AbortSignal) => readonly Promise<void>[]): Promise<void> {
  const ending = new AbortController()
  // Every invocation listens to it, and more than ten may.
  setMaxListeners(0, ending.signal)
  const end = () => ending.abort(signal.reason)
  signal.addEventListener('abort', end, { once: true })
  const works = begin(ending.signal)
  try {
    await Promise.all(works)
  } catch (error) {
    ending.abort(error)
    await Promise.allSettled(works)
    throw error
  } finally {
    signal.removeEventListener('abort', end)
  }
}

function outcomeOf(batch: readonly StreamRecord[], said: readonly Verdict[], attempts: Attempts): Outcome {
  const records: StreamRecord[] = []
  const failed: FailedRecord[] = []
  for (const [index, record] of batch.entries()) {
    const verdict = said[index] as Verdict
    if (verdict.kind === 'ok') records.push(transformed(record, verdict))
    else if (verdict.kind === 'failed') failed.push(failedRecord(record.source, verdict.failure, attempts))
  }
  return { records, failed }
}

function transformed({ source, partitionKeys }: StreamRecord, verdict: Extract<Verdict, { kind: 'ok' }>): StreamRecord {
  const { data, partitionKeys: fromLambda } = verdict
  if (fromLambda === undefined) return partitionKeys === undefined ? { data, source } : { data, source, partitionKeys }
  const fromQuery = partitionKeys?.fromQuery
  return { data, source, partitionKeys: fromQuery === undefined ? { fromLambda } : { fromLambda, fromQuery } }
}

function allFailed(batch: readonly StreamRecord[], why: LambdaFailure, attempts: Attempts): Outcome {
  return { records: [], failed: batch.map(({ source }) => failedRecord(source, why, attempts)) }
}

function joined(outcomes: readonly Outcome[]): Outcome {
  const [first, ...others] = outcomes
  if (first !== undefined && others.length === 0) return first
  return {
    records: outcomes.flatMap(({ records }) => records),
    failed: outcomes.flatMap(({ failed }) => failed),
  }
}
