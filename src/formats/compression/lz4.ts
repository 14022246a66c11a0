/**
 * Streaming LZ4 decoding: frames as the command writes them, and Hadoop's blocks.
 *
 *   file     = { frame | skippable frame }
 *   frame    = magic, flags 1, block size 1, [ size 8 ], [ dictionary 4 ], checksum 1, { block }, 0 × 4, [ checksum 4 ]
 *   block    = length 4 ( highest bit: not compressed ), bytes, [ checksum 4 ]
 *
 * Integers are little-endian. Checksums are not looked at.
 */
import type { ByteReader } from './byte-reader.ts'
import { CorruptData, corrupt } from './corrupt-data.ts'
import { type BlockFormat, hadoopBlocks, looksLikeHadoopBlocks } from './hadoop-blocks.ts'
import { lz4Block } from './lz4-block.ts'
import { unpackWith, type WholeUnpacked } from './unpacked.ts'

const FRAME_MAGIC = 0x184d2204
const HISTORY_BYTES = 64 * 1024
const STORED_BIT = 0x80000000
/** By the three bits of the header. */
const BLOCK_BYTES_MAX: Readonly<Record<number, number>> = { 4: 65_536, 5: 262_144, 6: 1_048_576, 7: 4_194_304 }

const IN_HADOOP: BlockFormat = { name: 'lz4', decode: (block, lengthMax) => lz4Block(block, lengthMax) }

export function unlz4(stored: AsyncIterable<Uint8Array>): WholeUnpacked {
  return unpackWith(stored, decode)
}

async function* decode(reader: ByteReader): AsyncGenerator<Uint8Array, boolean> {
  const head = await reader.peek(8)
  if (head.length >= 4 && !isMagic(head.readUInt32LE(0)) && looksLikeHadoopBlocks(head)) {
    return yield* hadoopBlocks(reader, IN_HADOOP)
  }
  for (let magic = await reader.take(4); magic !== undefined; magic = await reader.take(4)) {
    const value = magic.readUInt32LE(0)
    if (isSkippable(value)) {
      if (!(await skip(reader))) return false
    } else if (value === FRAME_MAGIC) {
      if (!(yield* decodeFrame(reader))) return false
    } else throw corrupt('lz4', 'it does not begin as frames do')
  }
  return reader.hasEnded()
}

interface Frame {
  readonly areLinked: boolean
  readonly hasBlockChecksums: boolean
  readonly hasChecksum: boolean
  readonly blockBytesMax: number
}

/** Ends with whether the frame was all there. */
async function* decodeFrame(reader: ByteReader): AsyncGenerator<Uint8Array, boolean> {
  const frame = await readHeader(reader)
  if (frame === undefined) return false
  let history: Buffer = Buffer.alloc(0)
  for (;;) {
    const word = await reader.take(4)
    if (word === undefined) return false
    const length = word.readUInt32LE(0)
    if (length === 0) {
      if (frame.hasChecksum) await reader.take(4)
      return true
    }
    const isStored = length >= STORED_BIT
    const packedBytes = isStored ? length - STORED_BIT : length
    if (packedBytes > frame.blockBytesMax) throw corrupt('lz4', `a block says that it has ${packedBytes} bytes`)
    const block = await reader.take(packedBytes)
    if (block === undefined) return false
    if (frame.hasBlockChecksums) await reader.take(4)
    const plain = isStored ? block : lz4Block(block, frame.blockBytesMax, history)
    if (frame.areLinked) history = Buffer.concat([history, plain]).subarray(-HISTORY_BYTES)
    yield plain
  }
}

/** Behind the magic. undefined when the bytes end within it. */
async function readHeader(reader: ByteReader): Promise<Frame | undefined> {
  const [flags, sizes] = (await reader.take(2)) ?? []
  if (flags === undefined || sizes === undefined) return undefined
  if (flags >>> 6 !== 1) throw corrupt('lz4', 'the frame has an unknown version')
  if ((flags & 1) !== 0) throw new CorruptData('the lz4 data needs a dictionary, which nobody gives')
  const blockBytesMax = BLOCK_BYTES_MAX[(sizes >>> 4) & 7]
  if (blockBytesMax === undefined) throw corrupt('lz4', 'the frame has an unknown block size')
  const hasSize = (flags & 8) !== 0
  if ((await reader.take(hasSize ? 9 : 1)) === undefined) return undefined
  return {
    areLinked: (flags & 32) === 0,
    hasBlockChecksums: (flags & 16) !== 0,
    hasChecksum: (flags & 4) !== 0,
    blockBytesMax,
  }
}

function isMagic(value: number): boolean {
  return value === FRAME_MAGIC || isSkippable(value)
}

function isSkippable(magic: number): boolean {
  return magic >>> 4 === 0x184d2a5
}

async function skip(reader: ByteReader): Promise<boolean> {
  let left = (await reader.take(4))?.readUInt32LE(0)
  while (left !== undefined && left > 0) {
    const piece = await reader.peek(Math.min(left, HISTORY_BYTES))
    if (piece.length === 0) return false
    reader.skipPeeked(piece.length)
    left -= piece.length
  }
  return left === 0
}
