/**
 * A few engine processes, one query at a time each. They start when first needed, stay warm, and end when idle for a
 * while, so that a lake nobody asks is small.
 */
import type { ChildProcess } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock, Timer } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { siblingEntry, startProcess } from '../../platform/spawn.ts'
import { EngineFailure } from '../engine.ts'
import type { ChildReply, ChildRequest, ChildSettings, FromChild, ToChild } from './child-protocol.ts'

export interface PoolSettings {
  /** Processes at most. */
  readonly size: number
  readonly threads: number
  readonly memoryLimitBytes: number
  /** Each process has a folder of its own in here. */
  readonly directory: string
}

/** How long an interrupted statement may take to stop before its process is killed. */
const INTERRUPT_GRACE_MS = 700
/** How long a process may be idle before it ends. */
const IDLE_MS_MAX = 5 * 60_000

/** DuckDB's own refusal of a request, in its words. */
export class DuckDbError extends Error {}

type ReplyOf<Kind extends ChildRequest['kind']> = {
  open: Extract<ChildReply, { kind: 'opened' }>
  rows: Extract<ChildReply, { kind: 'rows' }>
  copy: Extract<ChildReply, { kind: 'copied' }>
  measureGzip: Extract<ChildReply, { kind: 'gzipMeasured' }>
  unpack: Extract<ChildReply, { kind: 'unpacked' }>
  convert: Extract<ChildReply, { kind: 'converted' }>
  encodeAvro: Extract<ChildReply, { kind: 'avroEncoded' }>
}[Kind]

interface Waiting {
  resolve(reply: ChildReply): void
  reject(error: unknown): void
}

/** One process as its user sees it, for the length of one query. */
export class EngineProcess {
  readonly writableDirectory: string
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  readonly #ready: Promise<void>
  #number = 0
  #death: Error | undefined

  constructor(settings: ChildSettings, onDeath: () => void) {
    this.writableDirectory = settings.writableDirectory
    this.#process = startProcess(siblingEntry(import.meta.url, './child'), [])
    let markReady: () => void = () => undefined
    let markFailed: (error: Error) => void = () => undefined
    this.#ready = new Promise((resolve, reject) => {
      markReady = resolve
      markFailed = reject
    })
    // Whoever sends a request sees the failure; nobody waits for readiness alone.
    this.#ready.catch(() => undefined)
    this.#process.on('message', (message: FromChild) => {
      if (message.kind === 'ready') return markReady()
      const waiting = this.#waiting.get(message.number)
      this.#waiting.delete(message.number)
      if (message.kind === 'reply') waiting?.resolve(message.reply)
      else waiting?.reject(new DuckDbError(message.message))
    })
    const die = (error: Error) => {
      if (this.#death !== undefined) return
      this.#death = error
      markFailed(error)
      for (const waiting of this.#waiting.values()) waiting.reject(error)
      this.#waiting.clear()
      onDeath()
    }
    this.#process.on('error', (error) => die(engineDied(error.message)))
    this.#process.on('exit', (code, signal) => die(engineDied(signal ?? `status ${code}`)))
    this.#send({ kind: 'start', settings })
  }

  get isAlive(): boolean {
    return this.#death === undefined
  }

  /** Rejects with DuckDbError when DuckDB refuses, with EngineFailure when the process dies. */
  async ask<Kind extends ChildRequest['kind']>(request: Extract<ChildRequest, { kind: Kind }>): Promise<ReplyOf<Kind>> {
    await this.#ready
    if (this.#death !== undefined) throw this.#death
    const number = ++this.#number
    return new Promise<ReplyOf<Kind>>((resolve, reject) => {
      this.#waiting.set(number, { resolve: (reply) => resolve(reply as ReplyOf<Kind>), reject })
      this.#send({ kind: 'request', number, request })
    })
  }

  cancel(): void {
    this.#send({ kind: 'cancel' })
  }

  closeQuery(): void {
    this.#send({ kind: 'closeQuery' })
  }

  kill(): void {
    this.#process.kill('SIGKILL')
  }

  /** Kills it; resolves when it is gone. */
  end(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#death !== undefined) return resolve()
      // Idle processes do not hold the lake up, but its end must wait for theirs.
      this.hold(true)
      this.#process.once('exit', () => resolve())
      this.#process.kill('SIGKILL')
    })
  }

  /** Whether an idle process keeps the lake's own process alive: it must not. */
  hold(held: boolean): void {
    if (held) {
      this.#process.ref()
      this.#process.channel?.ref()
    } else {
      this.#process.unref()
      this.#process.channel?.unref()
    }
  }

  #send(message: ToChild): void {
    if (!this.#process.connected) return
    this.#process.send(message, (error) => {
      // The exit handler rejects what waits; a send that raced with the end has nothing to add.
      if (error !== null && this.#death === undefined) this.#process.kill('SIGKILL')
    })
  }
}

function engineDied(how: string): EngineFailure {
  return new EngineFailure(
    'GENERIC_INTERNAL_ERROR',
    `The process that ran the query ended unexpectedly (${how}). Other queries are not affected.`,
  )
}

export class ProcessPool {
  readonly #settings: PoolSettings
  readonly #clock: Clock
  readonly #log: Log
  readonly #idle: { process: EngineProcess; timer: Timer }[] = []
  readonly #all = new Set<EngineProcess>()
  readonly #queue: { give(process: EngineProcess): void; signal: AbortSignal }[] = []
  #started = 0
  #closed = false

  constructor(settings: PoolSettings, clock: Clock, log: Log) {
    this.#settings = settings
    this.#clock = clock
    this.#log = log
  }

  /**
   * Runs `work` with a process of its own. When the signal aborts the statement is interrupted, and if that does not
   * help in time the process is killed; either way the promise rejects with the signal's reason.
   */
  async use<Result>(signal: AbortSignal, work: (process: EngineProcess) => Promise<Result>): Promise<Result> {
    signal.throwIfAborted()
    const process = await this.#take(signal)
    let backstop: Timer | undefined
    const onAbort = () => {
      process.cancel()
      backstop = this.#clock.after(INTERRUPT_GRACE_MS, () => process.kill())
    }
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    try {
      return await work(process)
    } catch (error) {
      throw signal.aborted ? signal.reason : error
    } finally {
      backstop?.cancel()
      signal.removeEventListener('abort', onAbort)
      this.#giveBack(process)
    }
  }

  /** Starts the first process while a query still looks for its files. */
  warmUp(): void {
    if (this.#closed || this.#all.size > 0) return
    this.#start().then(
      (process) => this.#giveBack(process),
      (error: unknown) => this.#log.error('EngineProcessNotStarted', { error }),
    )
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const idle of this.#idle) idle.timer.cancel()
    this.#idle.length = 0
    await Promise.all([...this.#all].map((process) => process.end()))
  }

  async #take(signal: AbortSignal): Promise<EngineProcess> {
    if (this.#closed) throw new Error('The engine is closed.')
    const idle = this.#idle.pop()
    if (idle !== undefined) {
      idle.timer.cancel()
      idle.process.hold(true)
      return idle.process
    }
    if (this.#all.size < this.#settings.size) return this.#start()
    return new Promise((resolve, reject) => {
      const entry = {
        signal,
        give: (process: EngineProcess) => {
          signal.removeEventListener('abort', onAbort)
          resolve(process)
        },
      }
      const onAbort = () => {
        this.#queue.splice(this.#queue.indexOf(entry), 1)
        reject(signal.reason)
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#queue.push(entry)
    })
  }

  async #start(): Promise<EngineProcess> {
    const { threads, memoryLimitBytes, directory } = this.#settings
    const writableDirectory = join(directory, `engine-${++this.#started}`)
    // Counted before the folder is made, so that two queries at once do not start one process too many.
    const process: EngineProcess = new EngineProcess({ threads, memoryLimitBytes, writableDirectory }, () => {
      this.#all.delete(process)
      const at = this.#idle.findIndex((idle) => idle.process === process)
      if (at >= 0) this.#idle.splice(at, 1)[0]?.timer.cancel()
      if (!this.#closed) this.#log.info('EngineProcessEnded', { directory: writableDirectory })
    })
    this.#all.add(process)
    await mkdir(writableDirectory, { recursive: true, mode: 0o700 })
    return process
  }

  #giveBack(process: EngineProcess): void {
    if (!process.isAlive) {
      this.#serveNext()
      return
    }
    process.closeQuery()
    const next = this.#queue.shift()
    if (next !== undefined) {
      next.give(process)
      return
    }
    process.hold(false)
    const timer = this.#clock.after(IDLE_MS_MAX, () => {
      this.#idle.splice(
        this.#idle.findIndex((idle) => idle.process === process),
        1,
      )
      process.kill()
    })
    this.#idle.push({ process, timer })
  }

  /** A process died: whoever waits gets a new one. */
  #serveNext(): void {
    const next = this.#queue.shift()
    if (next === undefined) return
    this.#start().then(next.give, (error: unknown) => {
      this.#log.error('EngineProcessNotStarted', { error })
    })
  }
}
