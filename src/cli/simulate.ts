/**
 * Sends simulated events to a delivery stream and counts only what was acknowledged. Entries that a batch answer marks
 * as failed, and calls told to slow down, are sent again with growing pauses: nothing is given up while time remains
 * to finish what was begun.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FirehoseClient } from '@aws-sdk/client-firehose'
import { Refusal } from '../platform/refusal.ts'
import type { Simulation } from '../simulator/simulation.ts'
import { isNamed } from './apply/step.ts'

export interface SimulateOptions {
  readonly stream: string
  readonly durationMs: number
  /** Events a second at most; undefined: as fast as the stream takes them. */
  readonly rate: number | undefined
  /** PutRecordBatch instead of one PutRecord an event. */
  readonly batch: boolean
  readonly signal: AbortSignal
  onProgress(progress: Progress): void
}

export interface Progress {
  readonly elapsedMs: number
  readonly acknowledged: number
  readonly acknowledgedBytes: number
  /** Sends that had to be repeated. */
  readonly retried: number
}

/** Calls in flight at once. */
const CONCURRENCY = { single: 16, batch: 4 } as const
/** Of at most this many records and bytes (Firehose's limits are 500 and 4 MiB). */
const BATCH_RECORDS_MAX = 500
const BATCH_BYTES_MAX = 3_500_000
const RETRY_MS_MIN = 50
const RETRY_MS_MAX = 2_000
/** How long a batch is sent again and again after the time is up before the simulation fails. */
const GIVE_UP_AFTER_MS = 60_000
const PROGRESS_EVERY_MS = 200

interface Counters {
  acknowledged: number
  acknowledgedBytes: number
  retried: number
}

export async function simulate(
  simulation: Simulation,
  firehose: FirehoseClient,
  options: SimulateOptions,
): Promise<Progress> {
  const startedAt = performance.now()
  const counters: Counters = { acknowledged: 0, acknowledgedBytes: 0, retried: 0 }
  const progress = (): Progress => ({ elapsedMs: performance.now() - startedAt, ...counters })
  const events = simulation.events()
  const isOver = () => options.signal.aborted || performance.now() - startedAt >= options.durationMs
  const deadline = startedAt + options.durationMs + GIVE_UP_AFTER_MS
  let taken = 0

  const next = (): Buffer[] => {
    const allowed =
      options.rate === undefined
        ? Number.POSITIVE_INFINITY
        : ((performance.now() - startedAt) / 1000) * options.rate - taken
    const count = Math.min(options.batch ? BATCH_RECORDS_MAX : 1, Math.floor(allowed))
    const records: Buffer[] = []
    for (let bytes = 0; records.length < count && bytes < BATCH_BYTES_MAX; ) {
      const record = Buffer.from(events.next().value)
      bytes += record.length
      records.push(record)
    }
    taken += records.length
    return records
  }

  const worker = async () => {
    while (!isOver()) {
      const records = next()
      if (records.length === 0) await sleep(5)
      else await send(firehose, options, records, counters, deadline)
    }
  }
  const ticker = setInterval(() => options.onProgress(progress()), PROGRESS_EVERY_MS)
  try {
    const workers = options.batch ? CONCURRENCY.batch : CONCURRENCY.single
    await Promise.all(Array.from({ length: workers }, worker))
  } finally {
    clearInterval(ticker)
  }
  options.onProgress(progress())
  return progress()
}

async function send(
  firehose: FirehoseClient,
  options: SimulateOptions,
  records: Buffer[],
  counters: Counters,
  deadline: number,
): Promise<void> {
  let waiting = records
  for (let pauseMs = RETRY_MS_MIN; waiting.length > 0; pauseMs = Math.min(pauseMs * 2, RETRY_MS_MAX)) {
    const refused = await attempt(firehose, options, waiting)
    for (const record of waiting) {
      if (refused.has(record)) continue
      counters.acknowledged++
      counters.acknowledgedBytes += record.length
    }
    waiting = waiting.filter((record) => refused.has(record))
    if (waiting.length === 0) return
    counters.retried += waiting.length
    if (performance.now() > deadline)
      throw new Refusal(
        'streamStuck',
        `Stream ${options.stream} has refused ${waiting.length} records for ${GIVE_UP_AFTER_MS / 1000} s. See lakelet doctor.`,
      )
    await sleep(pauseMs)
  }
}

/** The records that were not accepted. */
async function attempt(firehose: FirehoseClient, options: SimulateOptions, records: Buffer[]): Promise<Set<Buffer>> {
  const sdk = await import('@aws-sdk/client-firehose')
  const DeliveryStreamName = options.stream
  try {
    if (!options.batch) {
      await firehose.send(new sdk.PutRecordCommand({ DeliveryStreamName, Record: { Data: records[0] } }))
      return new Set()
    }
    const answer = await firehose.send(
      new sdk.PutRecordBatchCommand({ DeliveryStreamName, Records: records.map((Data) => ({ Data })) }),
    )
    return new Set(records.filter((_, index) => answer.RequestResponses?.[index]?.ErrorCode !== undefined))
  } catch (error) {
    if (isNamed(error, 'ServiceUnavailableException')) return new Set(records)
    throw error
  }
}
