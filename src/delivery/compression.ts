/**
 * Codecs of delivered objects. Deflate runs on the runtime's thread pool, not on the event loop: what happens here per
 * mebibyte is two callbacks.
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
const GZIP_LEVEL_BEHIND = 1
const BEHIND_BYTES = 96 * 1024 * 1024

/**
 * Level 4 makes objects a sixth smaller than level 1 at two thirds of its speed, level 6 only another eighth at a
 * third of that; so 4 while delivery keeps up, and 1 when undelivered bytes pile up.
 */
export function gzipLevel(backlogBytes: number): number {
  return backlogBytes > BEHIND_BYTES ? GZIP_LEVEL_BEHIND : GZIP_LEVEL_CALM
}

const OUTPUT_CHUNK_BYTES = 256 * 1024
/** Enough on both sides that reading, deflating and storing go on at the same time. */
const AHEAD_BYTES = 2 * 1024 * 1024

/** One gzip member over the whole body. Errors of the body come out of the result; leaving the result early stops both. */
async function* gzip(body: AsyncIterable<Uint8Array>, level: number): AsyncGenerator<Uint8Array> {
  const options: ZlibOptions & TransformOptions = {
    level,
    chunkSize: OUTPUT_CHUNK_BYTES,
    writableHighWaterMark: AHEAD_BYTES,
    readableHighWaterMark: AHEAD_BYTES,
  }
  const deflate = createGzip(options)
  // The callback is required; the error itself arrives through the iteration below.
  pipeline(body, deflate, () => undefined)
  yield* deflate as AsyncIterable<Uint8Array>
}
