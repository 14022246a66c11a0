/**
 * Streaming bzip2 decoding, a block at a time.
 *
 *   file    = stream { stream }                          pbzip2 writes one stream for each block
 *   stream  = "BZh" level { block } end 48, crc 32, padding to a byte
 *
 * How long a block is shows only when it has been decoded: if it is not all there, more is read and it is tried again,
 * with twice as much each time. It is decoded by ourselves because `unbzip2-stream`, the common package, holds a whole
 * block blown up as an array of numbers, and never ends on a run whose length overflows; anybody may put files here.
 */
import { BitReader, OUT_OF_BITS } from './bit-reader.ts'
import type { ByteReader } from './byte-reader.ts'
import { blockBytes, readBlock, type SortedBlock } from './bzip2-block.ts'
import { corrupt } from './corrupt-data.ts'
import { type Ahead, unpackWith, type WholeUnpacked } from './unpacked.ts'

const HEADER_BYTES = 4
/** Level 1 to 9: the most bytes of a block, before runs are undone. */
const BLOCK_BYTES_PER_LEVEL = 100_000
const BLOCK_MAGIC = 0x314159265359
const END_MAGIC = 0x177245385090
/** Tried first: about what a block of text takes. */
const PIECE_BYTES_FIRST = 128 * 1024
/** No block is longer: 900,000 symbols of at most 20 bits and its tables. */
const PIECE_BYTES_MAX = 4 * 1024 * 1024

export function unbzip2(stored: AsyncIterable<Uint8Array>): WholeUnpacked {
  return unpackWith(stored, decode)
}

async function* decode(reader: ByteReader, ahead: Ahead): AsyncGenerator<Uint8Array, boolean> {
  for (let isFirst = true; ; isFirst = false) {
    const header = await reader.take(HEADER_BYTES)
    if (header === undefined) return !isFirst || (await reader.hasEnded())
    const level = Number(header.toString('latin1', 3))
    const isHeader = header.toString('latin1', 0, 3) === 'BZh' && level >= 1 && level <= 9
    // The command stops silently at what follows the last stream, and so do Hadoop's readers.
    if (!isHeader && !isFirst) return true
    if (!isHeader) throw corrupt('bzip2', 'it does not begin with BZh')
    const stream = { column: new Uint32Array(level * BLOCK_BYTES_PER_LEVEL), ahead }
    if (!(yield* decodeStream(reader, stream))) return false
  }
}

interface Stream {
  /** Room for a block. */
  readonly column: Uint32Array
  readonly ahead: Ahead
}

/** Ends with whether the stream was all there. */
async function* decodeStream(reader: ByteReader, { column, ahead }: Stream): AsyncGenerator<Uint8Array, boolean> {
  let startBit = 0
  for (;;) {
    const found = await nextBlock(reader, startBit, column)
    if (found === undefined) return false
    const storedBytes = found.endBit >>> 3
    reader.skipPeeked(storedBytes)
    startBit = found.endBit & 7
    if (found.block === undefined) return true
    for (const { bytes, shareLeft } of blockBytes(found.block)) {
      ahead.storedBytes = storedBytes * shareLeft
      yield bytes
    }
    ahead.storedBytes = 0
  }
}

/** `block`: undefined at the end of the stream. Answers undefined where the bytes end first. */
async function nextBlock(reader: ByteReader, startBit: number, column: Uint32Array) {
  for (let length = PIECE_BYTES_FIRST; ; length *= 2) {
    const bytes = await reader.peek(length)
    try {
      return readNext(new BitReader(bytes, startBit), column)
    } catch (error) {
      if (error !== OUT_OF_BITS) throw error
      if (bytes.length < length) return undefined
      if (length >= PIECE_BYTES_MAX) throw corrupt('bzip2', 'a block has no end')
    }
  }
}

function readNext(bits: BitReader, column: Uint32Array): { block: SortedBlock | undefined; endBit: number } {
  const magic = bits.read(24) * 2 ** 24 + bits.read(24)
  if (magic === BLOCK_MAGIC) return { block: readBlock(bits, column), endBit: bits.position }
  if (magic !== END_MAGIC) throw corrupt('bzip2', 'a block does not begin as blocks do')
  bits.read(32)
  bits.skipToByte()
  return { block: undefined, endBit: bits.position }
}
