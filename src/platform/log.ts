/** The lake's own log: one JSON object a line, event names as noun + past verb (`BatchDelivered`). Never holds secrets. */
import { createWriteStream, type WriteStream } from 'node:fs'
import { finished } from 'node:stream'
import type { Clock } from './clock.ts'

export type LogFields = Readonly<Record<string, unknown>>

export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** After a line could not be written, the next ones are thrown away for so long before the file is tried again. */
const RETRY_MS = 10_000

export class FileLog implements Log {
  readonly #path: string
  readonly #clock: Clock
  #stream: WriteStream | undefined
  #retryAtMs = 0

  constructor(path: string, clock: Clock) {
    this.#path = path
    this.#clock = clock
  }

  info(event: string, fields?: LogFields): void {
    this.#write('info', event, fields)
  }

  warn(event: string, fields?: LogFields): void {
    this.#write('warn', event, fields)
  }

  error(event: string, fields?: LogFields): void {
    this.#write('error', event, fields)
  }

  /** What could not be written is gone; that is no reason not to close. */
  async close(): Promise<void> {
    const stream = this.#stream
    if (stream === undefined) return
    const closed = new Promise<void>((resolve) => finished(stream, () => resolve()))
    stream.end()
    await closed
  }

  #write(level: string, event: string, fields: LogFields = {}): void {
    const nowMs = this.#clock.nowMs()
    if (this.#stream === undefined && nowMs < this.#retryAtMs) return
    this.#stream ??= this.#open()
    this.#stream.write(
      `${JSON.stringify({ at: new Date(nowMs).toISOString(), level, event, ...fields }, errorsAsText)}\n`,
    )
  }

  #open(): WriteStream {
    const stream = createWriteStream(this.#path, { flags: 'a', mode: 0o600 })
    // A log that cannot be written (full disk) must not take the lake down with it; the failure goes to stderr.
    stream.on('error', (error) => {
      process.stderr.write(`lakelet: cannot write ${this.#path}: ${error.message}\n`)
      if (this.#stream === stream) this.#stream = undefined
      this.#retryAtMs = this.#clock.nowMs() + RETRY_MS
    })
    return stream
  }
}

function errorsAsText(_key: string, value: unknown): unknown {
  if (value instanceof Error) return value.cause ? `${value.stack} caused by ${String(value.cause)}` : value.stack
  return typeof value === 'bigint' ? value.toString() : value
}
