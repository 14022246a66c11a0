/**
 * Records that are GZIP become what is in them, all members one after the other. CloudWatch Logs compresses what it sends.
 *
 * AWS's documentation: what cannot be decompressed is delivered as it came, compressed, under `decompression-failed`, and
 * what fails in a later step is delivered compressed, too: the record's source stays as it is.
 *
 * Decompressing runs on the runtime's thread pool. Against bombs a record may become 16 MiB, and all records of one call
 * together 128 MiB, or 64 MiB more in the group that passes it: what is larger is treated as what cannot be decompressed.
 * AWS gives no figure; 16 MiB is sixteen times what CloudWatch Logs takes in one call.
 */
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { Clock } from '../../platform/clock.ts'
import { failedRecord, type LocalErrorCode } from './failed-record.ts'
import { asBuffer, withData } from './per-record.ts'
import type { FailedRecord, Processor, StreamRecord } from './record.ts'

export const RECORD_BYTES_MAX = 16 * 1024 * 1024
export const CALL_BYTES_MAX = 128 * 1024 * 1024
/** As many as the thread pool has threads. */
const RECORDS_AT_ONCE = 4

export interface DecompressionBounds {
  readonly recordBytesMax: number
  readonly callBytesMax: number
}

const BOUNDS: DecompressionBounds = { recordBytesMax: RECORD_BYTES_MAX, callBytesMax: CALL_BYTES_MAX }

export function decompressor(clock: Clock, { recordBytesMax, callBytesMax } = BOUNDS): Processor {
  return {
    async process(records, signal) {
      const plain: StreamRecord[] = []
      const failed: FailedRecord[] = []
      let leftBytes = callBytesMax
      for (let from = 0; from < records.length; from += RECORDS_AT_ONCE) {
        signal.throwIfAborted()
        const group = records.slice(from, from + RECORDS_AT_ONCE)
        const bytesMax = Math.min(recordBytesMax, leftBytes)
        const results = await Promise.all(group.map(({ data }) => plainBytes(data, bytesMax)))
        for (const [index, result] of results.entries()) {
          const record = group[index] as StreamRecord
          if (result.kind === 'plain') {
            leftBytes = Math.max(0, leftBytes - result.data.byteLength)
            plain.push(withData(record, result.data))
            continue
          }
          const { code, message } = result
          failed.push(failedRecord(record.source, { outputType: 'decompression-failed', code, message }, clock))
        }
      }
      return { records: plain, failed }
    },
    close: async () => undefined,
  }
}

type Decompressed =
  | { readonly kind: 'plain'; readonly data: Uint8Array }
  | { readonly kind: 'failed'; readonly code: LocalErrorCode; readonly message: string }

const gunzipped = promisify<Uint8Array, { maxOutputLength: number; chunkSize: number }, Buffer>(gunzip)

async function plainBytes(data: Uint8Array, bytesMax: number): Promise<Decompressed> {
  const tooLarge: Decompressed = {
    kind: 'failed',
    code: 'Decompression.OutputTooLarge',
    message: `Decompressed the record is larger than ${bytesMax} bytes.`,
  }
  if (bytesMax === 0) return tooLarge
  try {
    const plain = await gunzipped(data, { maxOutputLength: bytesMax, chunkSize: chunkBytes(asBuffer(data)) })
    return { kind: 'plain', data: compact(plain) }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge
    if (code !== 'Z_DATA_ERROR' && code !== 'Z_BUF_ERROR' && code !== 'Z_NEED_DICT') throw error
    return { kind: 'failed', code: 'Decompression.MalformedData', message: `The record is not GZIP: ${message}.` }
  }
}

const CHUNK_BYTES_MIN = 4 * 1024
const CHUNK_BYTES_MAX = 1024 * 1024

/**
 * Room for the output at a time: all of it, by the size that GZIP has at its end, and a little more, so that zlib sees
 * that it is all. The size may be a lie; then there are more rounds through the event loop, or room that is not used.
 */
function chunkBytes(data: Buffer): number {
  const size = data.byteLength < 4 ? 0 : data.readUInt32LE(data.byteLength - 4)
  return Math.min(Math.max(size + 64, CHUNK_BYTES_MIN), CHUNK_BYTES_MAX)
}

/** A result is a view into a chunk, which it keeps alive. */
function compact(plain: Buffer): Buffer {
  return plain.buffer.byteLength > 2 * plain.byteLength ? Buffer.from(plain) : plain
}
