/**
 * A ZIP archive of one deflated entry, written as it comes: sizes and checksum follow the data.
 *
 *   archive    = local header, deflated bytes, data descriptor, directory entry, [ zip64 end, its locator ], end
 *
 * Integers are little-endian (APPNOTE 6.3.10). The descriptor's sizes have 4 bytes each while both fit, and 8 when one
 * does not, without a word of it in the local header: that is how Java's own writer and readers understand each other;
 * readers that start from the directory (Python, Info-ZIP) never look at the descriptor.
 */
import { crc32 } from 'node:zlib'
import { type DeflateOptions, deflateRaw } from './deflate.ts'

export interface ZipOptions extends DeflateOptions {
  /** Of the entry. ASCII. */
  readonly entryName: string
}

export async function* zip(body: AsyncIterable<Uint8Array>, options: ZipOptions): AsyncGenerator<Uint8Array> {
  const sizes = { crc: 0, bytes: 0, compressedBytes: 0 }
  const name = Buffer.from(options.entryName, 'latin1')
  yield localHeader(name)
  for await (const chunk of deflateRaw(counted(body, sizes), options)) {
    sizes.compressedBytes += chunk.byteLength
    yield chunk
  }
  yield zipTrailer(name, sizes)
}

export interface EntrySizes {
  readonly crc: number
  readonly bytes: number
  readonly compressedBytes: number
}

async function* counted(body: AsyncIterable<Uint8Array>, sizes: { crc: number; bytes: number }) {
  for await (const chunk of body) {
    // Of an empty ArrayBuffer `crc32` is 0, not what it was: zlib takes a null pointer for a fresh start.
    if (chunk.byteLength === 0) continue
    sizes.crc = crc32(chunk, sizes.crc)
    sizes.bytes += chunk.byteLength
    yield chunk
  }
}

const LOCAL_HEADER = 0x04034b50
const DATA_DESCRIPTOR = 0x08074b50
const DIRECTORY_ENTRY = 0x02014b50
const ZIP64_END = 0x06064b50
const ZIP64_LOCATOR = 0x07064b50
const END = 0x06054b50

const VERSION_DEFLATE = 20
const VERSION_ZIP64 = 45
/** Sizes and checksum are in the descriptor behind the data. */
const FLAG_DESCRIPTOR = 0x0008
const METHOD_DEFLATE = 8
/** 1980-01-01 00:00, the first moment there is: the same batch gives the same bytes whenever it is delivered. */
const TIME = 0
const DATE = 0x0021
const ZIP64_EXTRA = 0x0001
/** A 4-byte field that says "see the 8-byte one". */
const ELSEWHERE = 0xffffffff

/** The sizes are 0 here: see the descriptor. */
function localHeader(name: Buffer): Buffer {
  const header = new Fields(30 + name.byteLength)
  header.u32(LOCAL_HEADER).u16(VERSION_DEFLATE).u16(FLAG_DESCRIPTOR).u16(METHOD_DEFLATE).u16(TIME).u16(DATE)
  header.u32(0).u32(0).u32(0).u16(name.byteLength).u16(0).raw(name)
  return header.bytes
}

/** Everything behind the deflated bytes. */
export function zipTrailer(name: Buffer, { crc, bytes, compressedBytes }: EntrySizes): Buffer {
  const isEntryLarge = bytes >= ELSEWHERE || compressedBytes >= ELSEWHERE
  const descriptorBytes = isEntryLarge ? 24 : 16
  const directoryAt = 30 + name.byteLength + compressedBytes + descriptorBytes
  const extraBytes = isEntryLarge ? 20 : 0
  const directoryBytes = 46 + name.byteLength + extraBytes
  const isLarge = isEntryLarge || directoryAt >= ELSEWHERE
  const version = isEntryLarge ? VERSION_ZIP64 : VERSION_DEFLATE

  const trailer = new Fields(descriptorBytes + directoryBytes + (isLarge ? 76 : 0) + 22)
  trailer.u32(DATA_DESCRIPTOR).u32(crc)
  if (isEntryLarge) trailer.u64(compressedBytes).u64(bytes)
  else trailer.u32(compressedBytes).u32(bytes)

  trailer.u32(DIRECTORY_ENTRY).u16(version).u16(version).u16(FLAG_DESCRIPTOR).u16(METHOD_DEFLATE).u16(TIME).u16(DATE)
  trailer.u32(crc)
  if (isEntryLarge) trailer.u32(ELSEWHERE).u32(ELSEWHERE)
  else trailer.u32(compressedBytes).u32(bytes)
  // No comment, first disk, no attributes; the local header is at the archive's beginning.
  trailer.u16(name.byteLength).u16(extraBytes).u16(0).u16(0).u16(0).u32(0).u32(0).raw(name)
  if (isEntryLarge) trailer.u16(ZIP64_EXTRA).u16(16).u64(bytes).u64(compressedBytes)

  if (isLarge) {
    trailer.u32(ZIP64_END).u64(44).u16(VERSION_ZIP64).u16(VERSION_ZIP64).u32(0).u32(0).u64(1).u64(1)
    trailer.u64(directoryBytes).u64(directoryAt)
    trailer
      .u32(ZIP64_LOCATOR)
      .u32(0)
      .u64(directoryAt + directoryBytes)
      .u32(1)
  }
  trailer.u32(END).u16(0).u16(0).u16(1).u16(1)
  trailer
    .u32(directoryBytes)
    .u32(isLarge ? ELSEWHERE : directoryAt)
    .u16(0)
  return trailer.bytes
}

class Fields {
  readonly bytes: Buffer
  #at = 0

  constructor(length: number) {
    this.bytes = Buffer.alloc(length)
  }

  u16(value: number): this {
    this.#at = this.bytes.writeUInt16LE(value, this.#at)
    return this
  }

  u32(value: number): this {
    this.#at = this.bytes.writeUInt32LE(value, this.#at)
    return this
  }

  u64(value: number): this {
    this.#at = this.bytes.writeBigUInt64LE(BigInt(value), this.#at)
    return this
  }

  raw(value: Buffer): this {
    this.#at += value.copy(this.bytes, this.#at)
    return this
  }
}
