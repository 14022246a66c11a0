/**
 * A few byte threads, started when first needed and shared by all bodies. A sealing stays on one thread, because
 * digests are made in order; pieces to open go to whichever thread has least to do. A thread that dies fails what it
 * held and is replaced by the next need.
 */
import type { Worker } from 'node:worker_threads'
import { Refusal } from '../../platform/refusal.ts'
import { siblingEntry, startThread } from '../../platform/spawn.ts'
import type { Digests } from '../digests.ts'
import type { ChecksumAlgorithm } from '../object-store.ts'
import type { FromThread, OpenPiece, ThreadFailure, ToThread, Verified, VerifyPiece } from './byte-thread-protocol.ts'

export interface SealedChunk {
  readonly plain: ArrayBuffer
  readonly sealed: ArrayBuffer
  readonly sealedBytes: number
  readonly digests: Digests | undefined
}

/** One body on its way through a thread. Chunks come back in the order they were given. */
export interface Sealing {
  /** Takes `plain` over; it comes back with the answer. */
  seal(
    plain: ArrayBuffer,
    plainBytes: number,
    spare: ArrayBuffer | undefined,
    endsObject: boolean,
  ): Promise<SealedChunk>
  /** Lets go of a body that will not be finished. */
  abandon(): void
}

interface Settle<T> {
  resolve(value: T): void
  reject(error: unknown): void
}

interface Thread {
  readonly worker: Worker
  readonly sealings: Map<number, Settle<SealedChunk>[]>
  readonly jobs: Map<number, Settle<readonly Verified[]>>
}

export class ByteThreads {
  readonly #threadsMax: number
  readonly #isUrgent: boolean
  readonly #threads: Thread[] = []
  #nextId = 0

  /** `urgency`: whether somebody waits for an answer, or the work gives way to that of others. */
  constructor(threadsMax: number, urgency: 'urgent' | 'patient' = 'urgent') {
    this.#threadsMax = threadsMax
    this.#isUrgent = urgency === 'urgent'
  }

  get threadsMax(): number {
    return this.#threadsMax
  }

  beginSealing(key: Uint8Array, algorithms: readonly ChecksumAlgorithm[]): Sealing {
    const thread = this.#leastBusy()
    const stream = this.#nextId++
    const waiting: Settle<SealedChunk>[] = []
    thread.sealings.set(stream, waiting)
    post(thread, { kind: 'beginSealing', stream, key, algorithms })
    return {
      seal: (plain, plainBytes, spare, endsObject) =>
        new Promise((resolve, reject) => {
          if (!thread.sealings.has(stream)) return reject(new Error('The byte thread of this body has ended.'))
          waiting.push({ resolve, reject })
          const transfer = spare === undefined ? [plain] : [plain, spare]
          post(thread, { kind: 'seal', stream, plain, plainBytes, spare, endsObject }, transfer)
        }),
      abandon: () => {
        if (!thread.sealings.delete(stream)) return
        post(thread, { kind: 'abandonSealing', stream })
        for (const settle of waiting) settle.reject(new Error('The body was abandoned.'))
      },
    }
  }

  async open(pieces: readonly OpenPiece[]): Promise<void> {
    await this.#job((job) => ({ kind: 'open', job, pieces }))
  }

  /** One outcome a piece, in their order: a piece that fails does not keep the others from being read. */
  verify(pieces: readonly VerifyPiece[]): Promise<readonly Verified[]> {
    return this.#job((job) => ({ kind: 'verify', job, pieces }))
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()))
  }

  #job(order: (job: number) => ToThread): Promise<readonly Verified[]> {
    const thread = this.#leastBusy()
    const job = this.#nextId++
    return new Promise((resolve, reject) => {
      thread.jobs.set(job, { resolve, reject })
      post(thread, order(job))
    })
  }

  #leastBusy(): Thread {
    const load = (thread: Thread) => thread.sealings.size + thread.jobs.size
    const least = this.#threads.toSorted((a, b) => load(a) - load(b))[0]
    if (least !== undefined && (load(least) === 0 || this.#threads.length >= this.#threadsMax)) return least
    return this.#start()
  }

  #start(): Thread {
    const worker = startThread(siblingEntry(import.meta.url, './byte-thread'), { isUrgent: this.#isUrgent })
    const thread: Thread = { worker, sealings: new Map(), jobs: new Map() }
    worker.unref()
    worker.on('message', (message: FromThread) => receive(thread, message))
    const end = (error: unknown) => this.#end(thread, error)
    worker.on('error', end)
    worker.on('exit', () => end(new Error('A byte thread ended before its work was done.')))
    this.#threads.push(thread)
    return thread
  }

  #end(thread: Thread, error: unknown): void {
    const index = this.#threads.indexOf(thread)
    if (index >= 0) this.#threads.splice(index, 1)
    const waiting = [...thread.jobs.values(), ...[...thread.sealings.values()].flat()]
    thread.jobs.clear()
    thread.sealings.clear()
    for (const settle of waiting) settle.reject(error)
  }
}

function post(thread: Thread, message: ToThread, transfer: ArrayBuffer[] = []): void {
  thread.worker.ref()
  thread.worker.postMessage(message, transfer)
}

function receive(thread: Thread, message: FromThread): void {
  switch (message.kind) {
    case 'sealed': {
      const waiting = thread.sealings.get(message.stream)
      if (message.digests !== undefined) thread.sealings.delete(message.stream)
      waiting?.shift()?.resolve(message)
      break
    }
    case 'sealFailed': {
      const waiting = thread.sealings.get(message.stream) ?? []
      thread.sealings.delete(message.stream)
      for (const settle of waiting) settle.reject(asError(message.error))
      break
    }
    case 'opened':
      thread.jobs.get(message.job)?.resolve([])
      thread.jobs.delete(message.job)
      break
    case 'verified':
      thread.jobs.get(message.job)?.resolve(message.outcomes)
      thread.jobs.delete(message.job)
      break
    case 'openFailed':
      thread.jobs.get(message.job)?.reject(asError(message.error))
      thread.jobs.delete(message.job)
      break
  }
  // An idle thread does not keep the process alive; one with work does.
  if (thread.sealings.size + thread.jobs.size === 0) thread.worker.unref()
}

function asError(failure: ThreadFailure): Error {
  if (failure.refusalCode !== undefined) return new Refusal(failure.refusalCode, failure.message)
  return Object.assign(new Error(failure.message), { code: failure.systemCode })
}
