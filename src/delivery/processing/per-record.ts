/**
 * Steps that look at one record after the other on the event loop. They let others have their turn after every 256 KiB,
 * about half a millisecond's work; a single record of 1,000 KiB may take a few.
 */
import { setImmediate } from 'node:timers/promises'
import type { FailedRecord, Processor, SourceRecord, StreamRecord } from './record.ts'

const BYTES_PER_TURN = 256 * 1024
/** What a record costs beside its bytes, told in bytes. */
const RECORD_OVERHEAD_BYTES = 256

export class Pace {
  readonly #signal: AbortSignal
  #leftBytes = BYTES_PER_TURN

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  /** To be awaited when there is something to await. Rejects when the signal has ended the work meanwhile. */
  spent(bytes: number): Promise<void> | undefined {
    this.#leftBytes -= bytes + RECORD_OVERHEAD_BYTES
    return this.#leftBytes > 0 ? undefined : this.#turn()
  }

  async #turn(): Promise<void> {
    this.#leftBytes = BYTES_PER_TURN
    await setImmediate()
    this.#signal.throwIfAborted()
  }
}

/** What has come out of a step so far. */
export interface Gathered {
  readonly records: StreamRecord[]
  readonly failed: FailedRecord[]
}

/** `work` adds to what was gathered; it counts the bytes it looks at beyond the record's own by itself. */
export function perRecord(
  work: (record: StreamRecord, gathered: Gathered, pace: Pace) => Promise<void> | undefined,
): Processor {
  return {
    async process(records, signal) {
      signal.throwIfAborted()
      const gathered: Gathered = { records: [], failed: [] }
      const pace = new Pace(signal)
      for (const record of records) {
        const working = work(record, gathered, pace)
        if (working !== undefined) await working
        const pause = pace.spent(record.data.byteLength)
        if (pause !== undefined) await pause
      }
      return gathered
    },
    close: async () => undefined,
  }
}

/** A view, without a copy. */
export function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** A part of a record that was taken apart: from here on its own source. */
export function partOf(record: StreamRecord, data: Uint8Array): StreamRecord {
  return withSource(record, data, { data, arrivalMs: record.source.arrivalMs })
}

/** The same record, changed. */
export function withData(record: StreamRecord, data: Uint8Array): StreamRecord {
  return withSource(record, data, record.source)
}

function withSource({ partitionKeys }: StreamRecord, data: Uint8Array, source: SourceRecord): StreamRecord {
  return partitionKeys === undefined ? { data, source } : { data, source, partitionKeys }
}
