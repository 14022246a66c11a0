/**
 * Codecs of delivered objects: what each puts in a key's extension and an object's headers, and how it forms the body.
 * All of them work on the runtime's thread pool; the event loop only passes pieces on.
 */
import type { ObjectMetadata } from '../objects/object-store.ts'
import { gzip } from './compression/deflate.ts'
import { hadoopSnappy, xerialSnappy } from './compression/snappy.ts'
import { zip } from './compression/zip.ts'
import type { Compression } from './destination.ts'

interface Codec {
  readonly extension: string
  readonly metadata: ObjectMetadata
  /**
   * `level` as `gzipLevel` says; it means nothing to Snappy. `batchId` is a UUID of the batch: the name of ZIP's entry,
   * so that the same batch gives the same bytes at every attempt.
   */
  readonly encode: (body: AsyncIterable<Uint8Array>, level: number, batchId: string) => AsyncIterable<Uint8Array>
}

/** The content type is the same for all, as Firehose sends it whatever the records are. */
const contentType = 'application/octet-stream'

/** Extensions and encodings as recorded from AWS; its documentation gives `.hsnappy`, its objects are called `.snappy`. */
export const codecs: Readonly<Record<Compression, Codec>> = {
  UNCOMPRESSED: { extension: '', metadata: { contentType }, encode: (body) => body },
  GZIP: {
    extension: '.gz',
    metadata: { contentType, contentEncoding: 'gzip' },
    encode: (body, level) => gzip(body, { level }),
  },
  ZIP: {
    extension: '.zip',
    metadata: { contentType, contentEncoding: 'zip' },
    encode: (body, level, batchId) => zip(body, { level, entryName: batchId }),
  },
  Snappy: {
    extension: '.snappy',
    metadata: { contentType, contentEncoding: 'snappy-java' },
    encode: xerialSnappy,
  },
  HADOOP_SNAPPY: {
    extension: '.snappy',
    metadata: { contentType, contentEncoding: 'hadoop-snappy' },
    encode: hadoopSnappy,
  },
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
