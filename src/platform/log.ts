/** The lake's own log: one JSON object a line, event names as noun + past verb (`BatchDelivered`). Never holds secrets. */
import { createWriteStream, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Clock } from './clock.ts'

export type LogFields = Readonly<Record<string, unknown>>

export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

export class FileLog implements Log {
  readonly #stream: WriteStream
  readonly #clock: Clock

  constructor(path: string, clock: Clock) {
    this.#stream = createWriteStream(path, { flags: 'a', mode: 0o600 })
    // A log that cannot be written (full disk) must not take the lake down with it; the failure goes to stderr.
    this.#stream.on('error', (error) => process.stderr.write(`lakelet: cannot write ${path}: ${error.message}\n`))
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

  async close(): Promise<void> {
    this.#stream.end()
    await finished(this.#stream)
  }

  #write(level: string, event: string, fields: LogFields = {}): void {
    const at = new Date(this.#clock.nowMs()).toISOString()
    this.#stream.write(`${JSON.stringify({ at, level, event, ...fields }, errorsAsText)}\n`)
  }
}

function errorsAsText(_key: string, value: unknown): unknown {
  if (value instanceof Error) return value.cause ? `${value.stack} caused by ${String(value.cause)}` : value.stack
  return typeof value === 'bigint' ? value.toString() : value
}
