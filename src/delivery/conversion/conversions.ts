/**
 * Record format conversion: a batch of records becomes a Parquet object, and those that are bad become lines of an error
 * object. The same records, schema version and attempt give the same bytes and the same lines, so a delivery may do it again.
 *
 * Runs in worker threads, started when first needed; a batch waits for a free one. Memory of one conversion, beside
 * PIECES_AHEAD pieces on their way: the file, which is at most what its rows take in Parquet, the raw data of bad records,
 * and 64 MiB of open pages. With batches of 128 MiB at most that is under 320 MiB a thread, and for compressed files of
 * good records about a third of that.
 */
import type { Worker } from 'node:worker_threads'
import { siblingEntry, startThread } from '../../platform/spawn.ts'
import type { Conversion } from '../destination.ts'
import type { FailedRecord, SourceRecord } from '../processing/record.ts'
import { BadRecord } from './bad-record.ts'
import { FailedRecords, type FailureContext } from './failed-records.ts'
import { type ResolvedSchema, resolveSchema, type SchemaSource } from './schema.ts'
import type { FromConversionThread, ToConversionThread } from './thread-protocol.ts'

export const PARQUET_EXTENSION = '.parquet'

export interface Converted {
  /** undefined when no record became a row: then there is no object. May be gone through more than once. */
  readonly body: AsyncIterable<Uint8Array> | undefined
  readonly bodyBytes: number
  readonly failed: Iterable<FailedRecord> & { readonly count: number }
  /** The table's version that was used; undefined when there was none. */
  readonly schemaVersion: string | undefined
  readonly figures: ConversionFigures
}

/** SucceedConversion and FailedConversion .Records and .Bytes: bytes of records as they came. */
export interface ConversionFigures {
  readonly succeededRecords: number
  readonly succeededBytes: number
  readonly failedRecords: number
  readonly failedBytes: number
}

export interface ConversionParts {
  readonly catalog: SchemaSource
  readonly accountId: string
  readonly region: string
}

const THREADS_MAX = 2
const PIECE_BYTES = 1024 * 1024
const PIECES_AHEAD = 2

export class Conversions {
  readonly #parts: ConversionParts
  readonly #idle: ConversionThread[] = []
  readonly #all = new Set<ConversionThread>()
  /** Batches that wait for a thread, the first in front. */
  readonly #waiting: (() => void)[] = []
  #jobs = 0
  #isClosed = false

  constructor(parts: ConversionParts) {
    this.#parts = parts
  }

  /**
   * Rejects only when the lake is at fault, the batch cannot be read, or `signal` ends it. Of a schema that is missing or
   * cannot be used all records fail.
   */
  async convert(
    batch: AsyncIterable<readonly SourceRecord[]>,
    conversion: Conversion,
    options: { readonly attemptMs: number; readonly signal?: AbortSignal },
  ): Promise<Converted> {
    const { accountId, region } = this.#parts
    const context: FailureContext = { attemptMs: options.attemptMs, accountId, region }
    const failed = new FailedRecords(conversion.schema, context)
    const schema = await this.#resolved(conversion)
    if (schema instanceof BadRecord) return allFailed(batch, schema, failed, options.signal)

    const thread = await this.#thread(options.signal)
    const job = new Job(this.#jobs++, thread, failed)
    try {
      job.begin(schema, conversion)
      for await (const records of batch) {
        options.signal?.throwIfAborted()
        for (const piece of piecesOf(records)) await job.add(piece, options.signal)
      }
      await job.finish(options.signal)
    } catch (error) {
      job.abandon()
      throw error
    } finally {
      this.#release(thread)
    }
    return job.outcome(schema.versionId)
  }

  /** Waits for no conversion: whoever is at one gets an error. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const proceed of this.#waiting.splice(0)) proceed()
    await Promise.all([...this.#all].map((thread) => thread.end()))
  }

  #resolved({ schema }: Conversion): Promise<ResolvedSchema | BadRecord> {
    return resolveSchema(this.#parts.catalog, schema).catch((error: unknown) => {
      if (error instanceof BadRecord) return error
      throw error
    })
  }

  async #thread(signal: AbortSignal | undefined): Promise<ConversionThread> {
    for (;;) {
      signal?.throwIfAborted()
      if (this.#isClosed) throw new Error('Conversions are closed.')
      const idle = this.#idle.pop()
      if (idle !== undefined) return idle
      if (this.#all.size < THREADS_MAX) return this.#start()
      await this.#turn(signal)
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const proceed = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(proceed), 1)
        proceed()
      }
      signal?.addEventListener('abort', leave, { once: true })
      this.#waiting.push(proceed)
    })
  }

  #start(): ConversionThread {
    const thread = new ConversionThread(() => {
      this.#all.delete(thread)
      const index = this.#idle.indexOf(thread)
      if (index >= 0) this.#idle.splice(index, 1)
      this.#waiting.shift()?.()
    })
    this.#all.add(thread)
    return thread
  }

  #release(thread: ConversionThread): void {
    if (!this.#all.has(thread)) return
    this.#idle.push(thread)
    this.#waiting.shift()?.()
  }
}

/** A worker and whoever waits for its next answer. */
class ConversionThread {
  readonly #worker: Worker
  #receive: ((message: FromConversionThread) => void) | undefined
  #fail: ((error: unknown) => void) | undefined
  #error: unknown

  constructor(ended: () => void) {
    this.#worker = startThread(siblingEntry(import.meta.url, './conversion-thread'), undefined)
    this.#worker.unref()
    this.#worker.on('message', (message: FromConversionThread) => this.#receive?.(message))
    const end = (error: unknown) => {
      this.#error ??= error
      this.#fail?.(this.#error)
      ended()
    }
    this.#worker.once('error', end)
    this.#worker.once('exit', () => end(new Error('A conversion thread ended before its work was done.')))
  }

  take(receive: (message: FromConversionThread) => void, fail: (error: unknown) => void): void {
    this.#worker.ref()
    this.#receive = receive
    this.#fail = fail
    if (this.#error !== undefined) fail(this.#error)
  }

  /** An idle thread does not keep the process alive. */
  leave(): void {
    this.#receive = undefined
    this.#fail = undefined
    this.#worker.unref()
  }

  post(message: ToConversionThread, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer)
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }
}

interface Piece {
  readonly bytes: ArrayBuffer
  readonly ends: Uint32Array
  readonly arrivals: Float64Array
}

/** One batch on one thread. */
class Job {
  readonly #id: number
  readonly #thread: ConversionThread
  readonly #failed: FailedRecords
  readonly #file: Uint8Array[] = []
  readonly #ahead: Piece[] = []
  #records = 0
  #bytes = 0
  #isFinished = false
  #error: unknown
  #changed: (() => void) | undefined

  constructor(id: number, thread: ConversionThread, failed: FailedRecords) {
    this.#id = id
    this.#thread = thread
    this.#failed = failed
  }

  begin({ columns }: ResolvedSchema, { deserializer, serializer }: Conversion): void {
    this.#thread.take(
      (message) => this.#receive(message),
      (error) => this.#break(error),
    )
    this.#thread.post({ kind: 'begin', job: this.#id, columns, settings: { deserializer, serializer } })
  }

  async add(piece: Piece, signal: AbortSignal | undefined): Promise<void> {
    await this.#until(() => this.#ahead.length < PIECES_AHEAD, signal)
    this.#records += piece.ends.length
    this.#bytes += piece.bytes.byteLength
    this.#ahead.push(piece)
    this.#thread.post({ kind: 'add', job: this.#id, bytes: piece.bytes, ends: piece.ends }, [piece.bytes])
  }

  async finish(signal: AbortSignal | undefined): Promise<void> {
    this.#thread.post({ kind: 'finish', job: this.#id })
    await this.#until(() => this.#isFinished, signal)
    this.#thread.leave()
  }

  abandon(): void {
    this.#thread.post({ kind: 'abandon', job: this.#id })
    this.#thread.leave()
  }

  outcome(schemaVersion: string): Converted {
    const { count, bytes } = this.#failed
    const hasRows = this.#records > count
    const file = this.#file
    return {
      body: hasRows ? { [Symbol.asyncIterator]: () => piecewise(file) } : undefined,
      bodyBytes: hasRows ? file.reduce((sum, { length }) => sum + length, 0) : 0,
      failed: this.#failed,
      schemaVersion,
      figures: figures(this.#records - count, this.#bytes - bytes, this.#failed),
    }
  }

  #receive(message: FromConversionThread): void {
    if (message.job !== this.#id) return
    switch (message.kind) {
      case 'file':
        this.#file.push(message.bytes)
        return
      case 'added': {
        const piece = this.#ahead.shift()
        const raw = new Uint8Array(message.bytes)
        for (const { index, code, message: text } of message.failures) {
          const from = index === 0 ? 0 : piece?.ends[index - 1]
          this.#failed.add(raw.subarray(from, piece?.ends[index]), piece?.arrivals[index] ?? 0, { code, message: text })
        }
        break
      }
      case 'finished':
        this.#isFinished = true
        break
      case 'broken':
        this.#error = new Error(`A conversion broke: ${message.message}`)
        break
    }
    this.#changed?.()
  }

  #break(error: unknown): void {
    this.#error = error
    this.#changed?.()
  }

  async #until(isSo: () => boolean, signal: AbortSignal | undefined): Promise<void> {
    const wake = () => this.#changed?.()
    signal?.addEventListener('abort', wake)
    try {
      for (;;) {
        if (this.#error !== undefined) throw this.#error
        signal?.throwIfAborted()
        if (isSo()) return
        await new Promise<void>((resolve) => {
          this.#changed = resolve
        })
      }
    } finally {
      signal?.removeEventListener('abort', wake)
    }
  }
}

async function* piecewise(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces
}

/** Records copied behind each other, because a thread takes memory over and theirs belongs to the journal. */
function* piecesOf(records: readonly SourceRecord[]): Generator<Piece> {
  for (let from = 0; from < records.length; ) {
    let length = 0
    let to = from
    while (to < records.length && (to === from || length < PIECE_BYTES)) length += records[to++]?.data.length ?? 0
    const bytes = new Uint8Array(length)
    const ends = new Uint32Array(to - from)
    const arrivals = new Float64Array(to - from)
    let end = 0
    records.slice(from, to).forEach(({ data, arrivalMs }, index) => {
      bytes.set(data, end)
      end += data.length
      ends[index] = end
      arrivals[index] = arrivalMs
    })
    yield { bytes: bytes.buffer, ends, arrivals }
    from = to
  }
}

async function allFailed(
  batch: AsyncIterable<readonly SourceRecord[]>,
  { code, message }: BadRecord,
  failed: FailedRecords,
  signal: AbortSignal | undefined,
): Promise<Converted> {
  for await (const records of batch) {
    signal?.throwIfAborted()
    for (const { data, arrivalMs } of records) failed.add(data, arrivalMs, { code, message })
  }
  return { body: undefined, bodyBytes: 0, failed, schemaVersion: undefined, figures: figures(0, 0, failed) }
}

function figures(succeededRecords: number, succeededBytes: number, failed: FailedRecords): ConversionFigures {
  return { succeededRecords, succeededBytes, failedRecords: failed.count, failedBytes: failed.bytes }
}
