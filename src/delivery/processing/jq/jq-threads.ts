/**
 * A few jq threads, started when first needed and shared by all streams. A thread that is stuck in one record is ended
 * and replaced: what it had not given back is done again, and that record once more by itself, because the stall may
 * not have been its fault. Only when it is stuck again, or ends its thread again, does it fail.
 *
 * Bounds: a thread holds one order (`ORDER_BYTES_MAX`, or one record), jq's memory (256 MiB at most, 16 usually; see
 * jq-machine.ts) and its own code; whoever calls bounds what is waiting.
 */
import type { Worker } from 'node:worker_threads'
import type { Clock, Timer } from '../../../platform/clock.ts'
import { siblingEntry, startThread } from '../../../platform/spawn.ts'
import { jqFailure } from './extraction.ts'
import {
  type Extraction,
  type FromThread,
  type PackedRecords,
  phases,
  shared,
  type ThreadData,
  type ToThread,
} from './jq-thread-protocol.ts'
import type { WasmModule } from './web-assembly.ts'

/** So that a batch is shared out among the threads, and that what is done again is little. */
const ORDER_BYTES_MAX = 256 * 1024
const ORDER_RECORDS_MAX = 1_000
/** A thread takes at most this many orders for the query it has compiled before one that has waited longer. */
const FAVOURED_ORDERS_MAX = 16
const ATTEMPTS_MAX = 3
/** How many times as long as a record a step of each phase may take. */
const STEP_TIMES_MAX: Readonly<Record<number, number>> = {
  [phases.booting]: 60,
  [phases.compiling]: 10,
  [phases.running]: 1,
}
const IDLE_MS_MAX = 60_000

export interface JqThreadsOptions {
  readonly threadsMax: number
  /** One record may take this long, and as long again by itself. */
  readonly recordMsMax: number
  readonly clock: Clock
  /** Starts a thread at an entry; another one in tests. */
  readonly start?: (entry: URL, data: ThreadData) => Worker
}

interface ExtractJob {
  readonly kind: 'extract'
  readonly query: string
  readonly batch: Batch
  /** Of the batch's records. */
  readonly start: number
  readonly end: number
  /** Whether its one record has been stuck before. */
  readonly isSuspect: boolean
  attempts: number
}

interface CheckJob {
  readonly kind: 'check'
  readonly query: string
  attempts: number
  settle(complaint: string | undefined): void
  reject(error: unknown): void
}

type Job = ExtractJob | CheckJob

/** Records whose extractions come in parts, in any order. */
class Batch {
  readonly records: readonly Uint8Array[]
  readonly done: Promise<readonly Extraction[]>
  hasFailed = false
  readonly #extractions: Extraction[]
  #missing: number
  #resolve: (extractions: readonly Extraction[]) => void = () => undefined
  #reject: (error: unknown) => void = () => undefined

  constructor(records: readonly Uint8Array[]) {
    this.records = records
    this.#missing = records.length
    this.#extractions = new Array(records.length)
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    if (records.length === 0) this.#resolve([])
  }

  settle(start: number, extractions: readonly Extraction[]): void {
    for (const [index, extraction] of extractions.entries()) this.#extractions[start + index] = extraction
    this.#missing -= extractions.length
    if (this.#missing === 0) this.#resolve(this.#extractions)
  }

  fail(error: unknown): void {
    this.hasFailed = true
    this.#reject(error)
  }
}

interface Thread {
  readonly worker: Worker
  readonly words: Int32Array
  job: Job | undefined
  order: number
  query: string | undefined
  favoured: number
  timer: Timer | undefined
}

export class JqThreads {
  readonly #options: JqThreadsOptions
  readonly #threads: Thread[] = []
  #waiting: Job[] = []
  #orders = 0
  #module: WasmModule | undefined

  constructor(options: JqThreadsOptions) {
    this.#options = options
  }

  /** Threads that are there now. */
  get count(): number {
    return this.#threads.length
  }

  /** One extraction a record, in their order. Rejects when `signal` aborts, or when no thread can be kept alive. */
  async extract(query: string, records: readonly Uint8Array[], signal?: AbortSignal): Promise<readonly Extraction[]> {
    signal?.throwIfAborted()
    const batch = new Batch(records)
    const onAbort = () => this.#failBatch(batch, signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    for (const [start, end] of orders(records)) {
      this.#waiting.push({ kind: 'extract', query, batch, start, end, isSuspect: false, attempts: 0 })
    }
    this.#dispatch()
    return await batch.done.finally(() => signal?.removeEventListener('abort', onAbort))
  }

  /** What jq says against a query; undefined: it compiles. */
  check(query: string): Promise<string | undefined> {
    return new Promise((settle, reject) => {
      this.#waiting.push({ kind: 'check', query, attempts: 0, settle, reject })
      this.#dispatch()
    })
  }

  async close(): Promise<void> {
    const closed = new Error('The jq threads are closed.')
    for (const job of this.#waiting.splice(0)) this.#fail(job, closed)
    await Promise.all(
      this.#threads.splice(0).map(async (thread) => {
        thread.timer?.cancel()
        if (thread.job !== undefined) this.#fail(thread.job, closed)
        thread.job = undefined
        await thread.worker.terminate()
      }),
    )
  }

  #fail(job: Job, error: unknown): void {
    if (job.kind === 'check') job.reject(error)
    else this.#failBatch(job.batch, error)
  }

  /** What a thread is already at goes on, and is given up when it comes back. */
  #failBatch(batch: Batch, error: unknown): void {
    this.#waiting = this.#waiting.filter((job) => job.kind === 'check' || job.batch !== batch)
    batch.fail(error)
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const idle = this.#threads.filter((thread) => thread.job === undefined).toSorted((a, b) => a.order - b.order)
      // One that has compiled the query; else a new one; else the one that has been idle longest.
      const thread = idle.find((one) => one.query === this.#waiting[0]?.query) ?? this.#start() ?? idle[0]
      if (thread === undefined) return
      this.#give(thread, this.#takeFor(thread))
    }
  }

  #takeFor(thread: Thread): Job {
    const favoured = this.#waiting.findIndex((job) => job.query === thread.query)
    const isFavoured = favoured > 0 && thread.favoured < FAVOURED_ORDERS_MAX
    thread.favoured = isFavoured ? thread.favoured + 1 : 0
    return this.#waiting.splice(isFavoured ? favoured : 0, 1)[0] as Job
  }

  #give(thread: Thread, job: Job): void {
    const { query } = job
    thread.timer?.cancel()
    thread.job = job
    thread.order = this.#orders++
    thread.query = query
    const order = thread.order
    Atomics.store(thread.words, shared.record, 0)
    const message: ToThread =
      job.kind === 'check'
        ? { kind: 'check', order, query }
        : { kind: 'extract', order, query, ...packed(job.batch.records.slice(job.start, job.end)) }
    thread.worker.ref()
    thread.worker.postMessage(message)
    Atomics.add(thread.words, shared.orders, 1)
    Atomics.notify(thread.words, shared.orders)
    this.#watch(thread)
  }

  /** Ends the thread when it makes no step for as long as it may take for one. */
  #watch(thread: Thread, stepsSeen = -1, timesSeen = 0): void {
    thread.timer = this.#options.clock.after(this.#options.recordMsMax, () => {
      const steps = Atomics.load(thread.words, shared.steps)
      if (steps !== stepsSeen) return this.#watch(thread, steps, 1)
      const timesMax = STEP_TIMES_MAX[Atomics.load(thread.words, shared.phase)] ?? 1
      if (timesSeen < timesMax) return this.#watch(thread, steps, timesSeen + 1)
      this.#end(thread, new Error('A jq thread was stuck.'), 'stuck')
    })
  }

  #start(): Thread | undefined {
    if (this.#threads.length >= this.#options.threadsMax) return undefined
    const words = new Int32Array(new SharedArrayBuffer(shared.words * Int32Array.BYTES_PER_ELEMENT))
    const data: ThreadData = { words, module: this.#module }
    const { start = startThread } = this.#options
    const worker = start(siblingEntry(import.meta.url, './jq-thread'), data)
    const thread: Thread = { worker, words, job: undefined, order: -1, query: undefined, favoured: 0, timer: undefined }
    worker.on('message', (message: FromThread) => this.#receive(thread, message))
    worker.on('error', (error) => this.#end(thread, error, 'died'))
    worker.on('exit', () => this.#end(thread, new Error('A jq thread ended before its work was done.'), 'died'))
    this.#threads.push(thread)
    return thread
  }

  #receive(thread: Thread, message: FromThread): void {
    if (message.kind === 'ready') {
      this.#module = message.module
      return
    }
    const { job } = thread
    if (job === undefined || message.order !== thread.order) return
    thread.job = undefined
    thread.timer?.cancel()
    // An idle thread does not keep the process alive, nor its memory for long.
    thread.worker.unref()
    thread.timer = this.#options.clock.after(IDLE_MS_MAX, () => this.#end(thread, undefined, 'idle'))
    if (job.kind === 'extract' && message.kind === 'extracted') job.batch.settle(job.start, message.extractions)
    if (job.kind === 'check' && message.kind === 'checked') job.settle(message.complaint)
    this.#dispatch()
  }

  #end(thread: Thread, error: unknown, why: 'stuck' | 'died' | 'idle'): void {
    const index = this.#threads.indexOf(thread)
    if (index < 0) return
    this.#threads.splice(index, 1)
    thread.timer?.cancel()
    void thread.worker.terminate()
    const { job } = thread
    thread.job = undefined
    if (job !== undefined) this.#recover(job, thread.words, error, why)
    this.#dispatch()
  }

  #recover(job: Job, words: Int32Array, error: unknown, why: 'stuck' | 'died' | 'idle'): void {
    if (job.kind === 'extract' && job.batch.hasFailed) return
    const at = Atomics.load(words, shared.record)
    const isRunning = Atomics.load(words, shared.phase) === phases.running
    if (job.kind === 'extract' && isRunning && job.start + at < job.end) this.#doAgain(job, job.start + at, why)
    else if (++job.attempts < ATTEMPTS_MAX) this.#waiting.push(job)
    else this.#fail(job, error)
  }

  /** All but the record that the thread was at; that one by itself, or not any more. */
  #doAgain(job: ExtractJob, stuckAt: number, why: 'stuck' | 'died' | 'idle'): void {
    if (job.isSuspect) {
      if (why === 'died' && ++job.attempts < ATTEMPTS_MAX) this.#waiting.push(job)
      else {
        const reason = why === 'died' ? 'its thread ended' : `no end within ${this.#options.recordMsMax} ms`
        job.batch.settle(stuckAt, [jqFailure(reason)])
      }
      return
    }
    const parts: ExtractJob[] = [
      { ...job, end: stuckAt },
      { ...job, start: stuckAt, end: stuckAt + 1, isSuspect: true },
      { ...job, start: stuckAt + 1 },
    ]
    this.#waiting.push(...parts.filter(({ start, end }) => start < end))
  }
}

/** Ranges of records, each small enough for one order. */
function orders(records: readonly Uint8Array[]): [start: number, end: number][] {
  const ranges: [number, number][] = []
  let start = 0
  let bytes = 0
  for (const [index, record] of records.entries()) {
    if (index > start && (bytes + record.length > ORDER_BYTES_MAX || index - start >= ORDER_RECORDS_MAX)) {
      ranges.push([start, index])
      start = index
      bytes = 0
    }
    bytes += record.length
  }
  if (start < records.length) ranges.push([start, records.length])
  return ranges
}

function packed(records: readonly Uint8Array[]): PackedRecords {
  const ends = new Uint32Array(records.length)
  const bytes = new Uint8Array(records.reduce((sum, record) => sum + record.length, 0))
  let end = 0
  for (const [index, record] of records.entries()) {
    bytes.set(record, end)
    end += record.length
    ends[index] = end
  }
  return { bytes, ends }
}
