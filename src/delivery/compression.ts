/**
 * Codecs of delivered objects. Deflate runs on the runtime's thread pool, not on the event loop: what happens here per
 * piece of a journal is two callbacks.
 */
import { pipeline, type TransformOptions } from 'node:stream'
import { createGzip, type ZlibOptions } from 'node:zlib'
import type { ObjectMetadata } from '../objects/object-store.ts'
import type { Compression } from './destination.ts'

interface Codec {
  readonly extension: string
  readonly metadata: ObjectMetadata
  readonly encode: (body: AsyncIterable<Uint8Array>, level: number) => AsyncIterable<Uint8Array>
}

/** The content type is the same for all, as Firehose sends it whatever the records are. */
const contentType = 'application/octet-stream'

export const codecs: Readonly<Record<Compression, Codec>> = {
  UNCOMPRESSED: { extension: '', metadata: { contentType }, encode: (body) => body },
  GZIP: { extension: '.gz', metadata: { contentType, contentEncoding: 'gzip' }, encode: gzip },
}

const GZIP_LEVEL_CALM = 4
const GZIP_LEVEL_BUSY = 1
const BUSY_BACKLOG_BYTES = 96 * 1024 * 1024
const BUSY_BYTES_PER_SECOND = 16 * 1024 * 1024

export interface BatchLoad {
  readonly bytes: number
  /** Since its first record came. */
  readonly ageMs: number
  /** Everything of the stream that is not delivered yet, this batch too. */
  readonly backlogBytes: number
}

/**
 * Level 4 makes objects an eighth smaller than level 1 at two thirds of its speed, level 6 only another tenth at two
 * thirds of that; so 4 while there is little to do, and 1 when undelivered bytes pile up or a batch filled so quickly
 * that they soon will: then the processor is better spent on taking records in.
 */
export function gzipLevel({ bytes, ageMs, backlogBytes }: BatchLoad): number {
  const isFilledFast = bytes * 1000 > BUSY_BYTES_PER_SECOND * Math.max(ageMs, 1000)
  return isFilledFast || backlogBytes > BUSY_BACKLOG_BYTES ? GZIP_LEVEL_BUSY : GZIP_LEVEL_CALM
}

/** Room for what one piece of a journal becomes, at the usual ratio, without a second round through the event loop. */
const OUTPUT_CHUNK_BYTES = 1024 * 1024
/** Enough on both sides that reading, deflating and storing go on at the same time. */
const AHEAD_BYTES = 8 * 1024 * 1024
/** zlib's own memory, of 9: a tenth faster than its default of 8, for 128 KiB more while a batch is deflated. */
const MEMORY_LEVEL = 9

/** One gzip member over the whole body. Errors of the body come out of the result; leaving the result early stops both. */
async function* gzip(body: AsyncIterable<Uint8Array>, level: number): AsyncGenerator<Uint8Array> {
  const options: ZlibOptions & TransformOptions = {
    level,
    memLevel: MEMORY_LEVEL,
    chunkSize: OUTPUT_CHUNK_BYTES,
    writableHighWaterMark: AHEAD_BYTES,
    readableHighWaterMark: AHEAD_BYTES,
  }
  const deflate = createGzip(options)
  // The callback is required; the error itself arrives through the iteration below.
  pipeline(body, deflate, () => undefined)
  yield* deflate as AsyncIterable<Uint8Array>
}
