/**
 * GZIP, and the deflate stream inside ZIP, by the runtime's zlib. Deflating runs on the runtime's thread pool, not on the
 * event loop: what happens here per piece of a journal is two callbacks.
 */
import { pipeline, type TransformOptions } from 'node:stream'
import { createDeflateRaw, createGzip, type ZlibOptions } from 'node:zlib'

/** One gzip member over the whole body. Errors of the body come out of the result; leaving the result early stops both. */
export function gzip(body: AsyncIterable<Uint8Array>, { level }: DeflateOptions): AsyncGenerator<Uint8Array> {
  return through(body, createGzip(streamOptions(level)))
}

/** As `gzip`, without header and trailer. */
export function deflateRaw(body: AsyncIterable<Uint8Array>, { level }: DeflateOptions): AsyncGenerator<Uint8Array> {
  return through(body, createDeflateRaw(streamOptions(level)))
}

export interface DeflateOptions {
  /** 1 to 9. */
  readonly level: number
}

/** Room for what one piece of a journal becomes, at the usual ratio, without a second round through the event loop. */
const OUTPUT_CHUNK_BYTES = 1024 * 1024
/** Enough on both sides that reading, deflating and storing go on at the same time. */
const AHEAD_BYTES = 8 * 1024 * 1024
/** zlib's own memory, of 9: a tenth faster than its default of 8, for 128 KiB more while a batch is deflated. */
const MEMORY_LEVEL = 9

function streamOptions(level: number): ZlibOptions & TransformOptions {
  return {
    level,
    memLevel: MEMORY_LEVEL,
    chunkSize: OUTPUT_CHUNK_BYTES,
    writableHighWaterMark: AHEAD_BYTES,
    readableHighWaterMark: AHEAD_BYTES,
  }
}

async function* through(
  body: AsyncIterable<Uint8Array>,
  deflate: NodeJS.ReadWriteStream & AsyncIterable<unknown>,
): AsyncGenerator<Uint8Array> {
  // The callback is required; the error itself arrives through the iteration below.
  pipeline(body, deflate, () => undefined)
  yield* deflate as AsyncIterable<Uint8Array>
}
