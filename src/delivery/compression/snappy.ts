/**
 * Two framings of Snappy blocks. Both cut the body into blocks of a fixed size, whatever pieces it comes in.
 *
 *   Snappy         = 0x82 "SNAPPY" 0x00, version 1, compatible version 1, { length, block }      snappy-java's stream
 *   HADOOP_SNAPPY  = { uncompressed length, length, block }                                      Hadoop's block stream
 *
 * Integers are 4 bytes, big-endian. Blocks are compressed on the runtime's thread pool, a few at a time, and come out in
 * order; beyond the body's own pieces that holds 2 × 4 blocks in memory, 2 MiB at most.
 */
import { compress } from 'snappy'

/** Magic, version and the oldest version that can read it, as snappy-java writes them. */
const XERIAL_HEADER = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1])
/** Readers take any size. Snappy finds nothing across 64 KiB, but small blocks cost more turns of the event loop. */
const XERIAL_BLOCK_BYTES = 256 * 1024
const HADOOP_BUFFER_BYTES = 256 * 1024
/**
 * Hadoop's reader has room for 256 KiB on either side of a block (io.compression.codec.snappy.buffersize). Its writer
 * therefore keeps the room back that a block of bytes without any pattern could grow by, and so do we.
 */
const HADOOP_BLOCK_BYTES = HADOOP_BUFFER_BYTES - (Math.trunc(HADOOP_BUFFER_BYTES / 6) + 32)
/** As many as the thread pool has threads. */
const BLOCKS_AT_ONCE = 4

export async function* xerialSnappy(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield XERIAL_HEADER
  for await (const { block } of compressed(body, XERIAL_BLOCK_BYTES)) {
    yield lengths(block.byteLength)
    yield block
  }
}

export async function* hadoopSnappy(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const { plainBytes, block } of compressed(body, HADOOP_BLOCK_BYTES)) {
    yield lengths(plainBytes, block.byteLength)
    yield block
  }
}

interface CompressedBlock {
  readonly plainBytes: number
  readonly block: Uint8Array
}

async function* compressed(body: AsyncIterable<Uint8Array>, blockBytes: number): AsyncGenerator<CompressedBlock> {
  const underWay: Promise<CompressedBlock>[] = []
  try {
    for await (const plain of blocks(body, blockBytes)) {
      const work = compress(plain).then((block) => ({ plainBytes: plain.byteLength, block }))
      // Its failure is seen when its turn comes; until then it must not count as unhandled.
      work.catch(() => undefined)
      underWay.push(work)
      if (underWay.length === BLOCKS_AT_ONCE) yield await (underWay.shift() as Promise<CompressedBlock>)
    }
    for (let next = underWay.shift(); next !== undefined; next = underWay.shift()) yield await next
  } finally {
    await Promise.allSettled(underWay)
  }
}

/** All of `blockBytes` but the last. A piece of the body that holds a whole block is not copied. */
async function* blocks(body: AsyncIterable<Uint8Array>, blockBytes: number): AsyncGenerator<Uint8Array> {
  let begun = Buffer.alloc(0)
  let filled = 0
  for await (const piece of body) {
    let at = 0
    while (at < piece.byteLength) {
      if (filled === 0 && piece.byteLength - at >= blockBytes) {
        yield piece.subarray(at, at + blockBytes)
        at += blockBytes
        continue
      }
      if (filled === 0) begun = Buffer.allocUnsafeSlow(blockBytes)
      const taken = Math.min(blockBytes - filled, piece.byteLength - at)
      begun.set(piece.subarray(at, at + taken), filled)
      at += taken
      filled += taken
      if (filled < blockBytes) continue
      filled = 0
      yield begun
    }
  }
  if (filled > 0) yield begun.subarray(0, filled)
}

function lengths(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4)
  return bytes
}
