/** Compressed bytes for tests, and what they unpack to. Files in `files/` were written by the commands of the formats. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { crc32c } from '@node-rs/crc32'
import { compressSync } from 'snappy'

/** What `lines.*` contain. */
export const lines = Buffer.from(
  Array.from(
    { length: 2500 },
    (_, index) =>
      `{"id":${index},"name":"user ${(index * 2654435761) % 2 ** 32}","tags":["a","${'aaaaaaaa'.repeat(index % 5)}"]}\n`,
  ).join(''),
)

export function file(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, 'files', name))
}

export async function* inPieces(bytes: Buffer, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

export function snappyFraming(plain: Buffer): Buffer {
  const identifier = Buffer.from([0xff, 6, 0, 0, ...Buffer.from('sNaPpY')])
  const padding = Buffer.from([0xfe, 2, 0, 0, 0, 0])
  const chunks = slices(plain, 65_536).map((slice, index) => {
    const isStored = index % 2 === 1
    const body = isStored ? slice : compressSync(slice)
    const header = Buffer.alloc(8)
    header[0] = isStored ? 1 : 0
    header.writeUIntLE(body.length + 4, 1, 3)
    const crc = crc32c(slice)
    header.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0, 4)
    return Buffer.concat([header, body])
  })
  return Buffer.concat([identifier, padding, ...chunks])
}

export function snappyJava(plain: Buffer): Buffer {
  const header = Buffer.from([0x82, ...Buffer.from('SNAPPY'), 0, 0, 0, 0, 1, 0, 0, 0, 1])
  return Buffer.concat([header, ...slices(plain, 32_768).flatMap((slice) => withLength(compressSync(slice)))])
}

/** Two blocks make up each plain length. */
export function snappyHadoop(plain: Buffer): Buffer {
  const pieces = slices(plain, 100_000).flatMap((slice) => [
    bigEndian(slice.length),
    ...slices(slice, 60_000).flatMap((part) => withLength(compressSync(part))),
  ])
  return Buffer.concat(pieces)
}

/** LZ4 blocks that hold nothing but literals. */
export function lz4Hadoop(plain: Buffer): Buffer {
  const pieces = slices(plain, 1000).flatMap((slice) => [bigEndian(slice.length), ...withLength(lz4Literals(slice))])
  return Buffer.concat(pieces)
}

function lz4Literals(plain: Buffer): Buffer {
  const rest = plain.length - 15
  const lengths = [...new Array<number>(Math.floor(rest / 255)).fill(255), rest % 255]
  return Buffer.concat([Buffer.from([0xf0, ...lengths]), plain])
}

function withLength(block: Buffer): Buffer[] {
  return [bigEndian(block.length), block]
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function slices(bytes: Buffer, length: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / length) }, (_, index) =>
    bytes.subarray(index * length, (index + 1) * length),
  )
}

/** One frame of blocks that are not compressed. */
export function lz4Stored(plain: Buffer, blockBytes = 65_536): Buffer {
  const header = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82])
  const blocks = slices(plain, blockBytes).flatMap((slice) => {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(0x80000000 + slice.length)
    return [length, slice]
  })
  return Buffer.concat([header, ...blocks, Buffer.alloc(4)])
}

/** One frame of blocks that are not compressed. */
export function zstdStored(plain: Buffer): Buffer {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58])
  const parts = slices(plain, 100_000)
  const blocks = (parts.length === 0 ? [plain] : parts).flatMap((slice, index) => {
    const word = Buffer.alloc(3)
    word.writeUIntLE(slice.length * 8 + (index >= parts.length - 1 ? 1 : 0), 0, 3)
    return [word, slice]
  })
  return Buffer.concat([header, ...blocks])
}

/** An archive of one deflated file. */
export function zipOf(plain: Buffer): Buffer {
  const [name, packed] = [Buffer.from('a.txt'), deflateRawSync(plain)]
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(8, 8)
  local.writeUInt16LE(name.length, 26)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(8, 10)
  entry.writeUInt32LE(packed.length, 20)
  entry.writeUInt32LE(plain.length, 24)
  entry.writeUInt16LE(name.length, 28)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(entry.length + name.length, 12)
  end.writeUInt32LE(local.length + name.length + packed.length, 16)
  return Buffer.concat([local, name, packed, entry, name, end])
}
