/**
 * Streaming Snappy decoding, of the four ways in which files hold Snappy blocks.
 *
 *   framing    = { type 1, length 3 little-endian, [ checksum 4 ], bytes }          begins with 0xff 6 "sNaPpY"
 *   snappy-java= 0x82 "SNAPPY" 0, version 4, compatible version 4, { length, block }              4 bytes, big-endian
 *   Hadoop     = { plain length, { length, block } }            no signature: the file is called `.snappy`
 *   raw        = one block, which is the whole file             no signature
 */
import { crc32c } from '@node-rs/crc32'
import { uncompress } from 'snappy'
import type { ByteReader } from './byte-reader.ts'
import { CorruptData, corrupt } from './corrupt-data.ts'
import { type BlockFormat, hadoopBlocks, looksLikeHadoopBlocks, PLAIN_BYTES_MAX } from './hadoop-blocks.ts'
import { unpackWith, type WholeUnpacked } from './unpacked.ts'

const JAVA_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const JAVA_HEADER_BYTES = 16
const FRAMED_PLAIN_BYTES_MAX = 65_536
/** A raw block must be held as a whole. */
export const RAW_BLOCK_BYTES_MAX = 8 * 1024 * 1024
/** Three bytes can stand for at most 64: a block that promises more is lying. */
const GROWTH_MAX = 22

const [COMPRESSED, STORED, SKIPPABLE_FIRST, IDENTIFIER] = [0x00, 0x01, 0x80, 0xff]

const IN_HADOOP: BlockFormat = { name: 'snappy', decode: plainBlock }

export function unsnappy(stored: AsyncIterable<Uint8Array>): WholeUnpacked {
  return unpackWith(stored, decode)
}

async function* decode(reader: ByteReader): AsyncGenerator<Uint8Array, boolean> {
  const head = await reader.peek(32)
  if (head[0] === IDENTIFIER && head.toString('latin1', 4, 10) === 'sNaPpY') return yield* decodeFraming(reader)
  if (head.subarray(0, 8).equals(JAVA_MAGIC)) return yield* decodeJava(reader)
  return isHadoop(head) ? yield* hadoopBlocks(reader, IN_HADOOP) : yield* decodeRaw(reader)
}

async function* decodeFraming(reader: ByteReader): AsyncGenerator<Uint8Array, boolean> {
  for (;;) {
    const header = await reader.take(4)
    if (header === undefined) return reader.hasEnded()
    const type = header[0] as number
    const bytes = await reader.take(header.readUIntLE(1, 3))
    if (bytes === undefined) return false
    if (type >= SKIPPABLE_FIRST) continue
    if (type !== COMPRESSED && type !== STORED) throw corrupt('snappy', `it has a chunk of the unknown type ${type}`)
    if (bytes.length < 4) throw corrupt('snappy', 'a chunk has no checksum')
    const body = bytes.subarray(4)
    const plain = type === STORED ? body : await plainBlock(body, FRAMED_PLAIN_BYTES_MAX)
    if (masked(crc32c(plain)) !== bytes.readUInt32LE(0)) throw corrupt('snappy', 'a checksum does not fit')
    yield plain
  }
}

function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

async function* decodeJava(reader: ByteReader): AsyncGenerator<Uint8Array, boolean> {
  for (;;) {
    // A stream may follow another, with its header again.
    if ((await reader.peek(8)).equals(JAVA_MAGIC) && (await reader.take(JAVA_HEADER_BYTES)) === undefined) return false
    const length = (await reader.take(4))?.readUInt32BE(0)
    if (length === undefined) return reader.hasEnded()
    if (length > PLAIN_BYTES_MAX * 2) throw corrupt('snappy', `a block says that it has ${length} bytes`)
    const block = await reader.take(length)
    if (block === undefined) return false
    yield await plainBlock(block, PLAIN_BYTES_MAX)
  }
}

function isHadoop(head: Buffer): boolean {
  return looksLikeHadoopBlocks(head) && (plainLength(head.subarray(8)) ?? Infinity) <= head.readUInt32BE(0)
}

async function* decodeRaw(reader: ByteReader): AsyncGenerator<Uint8Array, boolean> {
  const block = await reader.peek(RAW_BLOCK_BYTES_MAX + 1)
  if (block.length === 0) return true
  if (block.length > RAW_BLOCK_BYTES_MAX)
    throw new CorruptData(
      `it is one raw snappy block of more than ${RAW_BLOCK_BYTES_MAX} bytes, which is not read in part`,
    )
  const plain = await plainBlock(block, PLAIN_BYTES_MAX * 2)
  reader.skipPeeked(block.length)
  yield plain
  return true
}

/** Throws CorruptData, also for a block that would be longer than `lengthMax`. */
async function plainBlock(block: Buffer, lengthMax: number): Promise<Buffer> {
  const length = plainLength(block)
  if (length === undefined) throw corrupt('snappy', 'a block does not say how long it is')
  if (length > lengthMax || length > block.length * GROWTH_MAX)
    throw corrupt('snappy', `a block of ${block.length} bytes says that it holds ${length}`)
  try {
    return (await uncompress(block, { asBuffer: true })) as Buffer
  } catch (error) {
    throw corrupt('snappy', error instanceof Error ? error.message : String(error), error)
  }
}

/** The first bytes of a block, seven bits each, the lowest first. undefined when they have no end. */
function plainLength(block: Uint8Array): number | undefined {
  let length = 0
  for (let index = 0; index < 5; index++) {
    const byte = block[index]
    if (byte === undefined) return undefined
    length += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return length
  }
  return undefined
}
