/**
 * Streaming zstd decoding by the package `fzstd`, which is given one block at a time.
 *
 *   file    = { frame | skippable frame }
 *   frame   = magic, descriptor 1, [ window 1 ], [ dictionary 0–4 ], [ size 0–8 ], { block }, [ checksum 4 ]
 *   block   = header 3 ( last: 1 bit, type: 2 bits, length: 21 bits ), bytes                   integers little-endian
 *
 * The frame is read here and its header written anew, because a header may ask for a window of 2 GB. What is decoded
 * never refers further back than what was decoded before, so a window as large as the longest sample will do.
 */
import { Decompress } from 'fzstd'
import type { ByteReader } from './byte-reader.ts'
import { CorruptData, corrupt } from './corrupt-data.ts'
import { unpackWith, type WholeUnpacked } from './unpacked.ts'

const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])
/** 16 MiB. */
const WINDOW_LOG_MAX = 24
const WINDOW_LOG_MIN = 10
const BLOCK_BYTES_MAX = 128 * 1024
const [RUN, RESERVED] = [1, 3]
const SIZE_BYTES = [0, 2, 4, 8]
const DICTIONARY_BYTES = [0, 1, 2, 4]

export function unzstd(stored: AsyncIterable<Uint8Array>): WholeUnpacked {
  return unpackWith(stored, decode)
}

async function* decode(reader: ByteReader): AsyncGenerator<Uint8Array, boolean> {
  for (;;) {
    const magic = await reader.take(4)
    if (magic === undefined) return reader.hasEnded()
    if (magic.equals(MAGIC)) {
      if (!(yield* decodeFrame(reader))) return false
    } else if (magic.readUInt32LE(0) >>> 4 !== 0x184d2a5) throw corrupt('zstd', 'it does not begin as frames do')
    else if (!(await skip(reader))) return false
  }
}

/** Ends with whether the frame was all there. */
async function* decodeFrame(reader: ByteReader): AsyncGenerator<Uint8Array, boolean> {
  const frame = await readHeader(reader)
  if (frame === undefined) return false
  const out: Uint8Array[] = []
  const decoder = new Decompress((piece) => out.push(piece))
  // The only descriptor bit in use is none: no checksum, no size, no dictionary. Then the window.
  let waiting: Buffer = Buffer.concat([MAGIC, Buffer.from([0, (frame.windowLog - WINDOW_LOG_MIN) << 3])])
  let plainBytes = 0
  for (;;) {
    const block = await readBlock(reader)
    if (block === undefined) return false
    waiting = Buffer.concat([waiting, block.bytes])
    push(decoder, waiting, block.isLast)
    waiting = Buffer.alloc(0)
    for (const piece of out.splice(0)) {
      plainBytes += piece.length
      if (piece.length > 0) yield piece
    }
    if (plainBytes > 2 ** WINDOW_LOG_MAX && frame.isCut)
      throw new CorruptData('the zstd data needs a window of more than 16 MiB')
    if (block.isLast) break
  }
  if (frame.hasChecksum) await reader.take(4)
  return true
}

function push(decoder: Decompress, bytes: Buffer, isLast: boolean): void {
  try {
    decoder.push(bytes, isLast)
  } catch (error) {
    throw corrupt('zstd', error instanceof Error ? error.message : String(error), error)
  }
}

interface Frame {
  readonly windowLog: number
  /** The frame asks for more than it is given. */
  readonly isCut: boolean
  readonly hasChecksum: boolean
}

/** Behind the magic. undefined when the bytes end within it. */
async function readHeader(reader: ByteReader): Promise<Frame | undefined> {
  const descriptor = (await reader.take(1))?.[0]
  if (descriptor === undefined) return undefined
  if ((descriptor & 8) !== 0) throw corrupt('zstd', 'the frame uses a reserved bit')
  const isSingle = (descriptor & 32) !== 0
  const window = isSingle ? undefined : (await reader.take(1))?.[0]
  const dictionary = await reader.take(DICTIONARY_BYTES[descriptor & 3] as number)
  const sizeBytes = SIZE_BYTES[descriptor >>> 6] as number
  const size = await reader.take(isSingle ? Math.max(1, sizeBytes) : sizeBytes)
  if (size === undefined || (!isSingle && window === undefined)) return undefined
  if (dictionary?.some((byte) => byte !== 0))
    throw new CorruptData('the zstd data needs a dictionary, which nobody gives')
  const windowBytes = window === undefined ? frameBytes(size) : windowOf(window)
  const windowLog = Math.max(WINDOW_LOG_MIN, Math.ceil(Math.log2(Math.max(1, windowBytes))))
  return {
    windowLog: Math.min(WINDOW_LOG_MAX, windowLog),
    isCut: windowLog > WINDOW_LOG_MAX,
    hasChecksum: (descriptor & 4) !== 0,
  }
}

function windowOf(byte: number): number {
  const base = 2 ** (WINDOW_LOG_MIN + (byte >>> 3))
  return base + (base / 8) * (byte & 7)
}

function frameBytes(size: Buffer): number {
  if (size.length === 2) return size.readUInt16LE(0) + 256
  return size.length === 8 ? Number(size.readBigUInt64LE(0)) : size.readUIntLE(0, size.length)
}

/** Header included. undefined when the bytes end within it. */
async function readBlock(reader: ByteReader): Promise<{ bytes: Buffer; isLast: boolean } | undefined> {
  const header = await reader.peek(3)
  if (header.length < 3) return undefined
  const word = header.readUIntLE(0, 3)
  const type = (word >>> 1) & 3
  if (type === RESERVED) throw corrupt('zstd', 'a block has an unknown type')
  const length = word >>> 3
  if (length > BLOCK_BYTES_MAX) throw corrupt('zstd', `a block says that it has ${length} bytes`)
  const bytes = await reader.take(3 + (type === RUN ? 1 : length))
  return bytes && { bytes, isLast: (word & 1) === 1 }
}

async function skip(reader: ByteReader): Promise<boolean> {
  let left = (await reader.take(4))?.readUInt32LE(0)
  while (left !== undefined && left > 0) {
    const piece = await reader.peek(Math.min(left, BLOCK_BYTES_MAX))
    if (piece.length === 0) return false
    reader.skipPeeked(piece.length)
    left -= piece.length
  }
  return left === 0
}
