/** Readers of compressed bodies that share nothing with the writers: each from its format's description. */
import { crc32, gunzipSync, inflateRawSync } from 'node:zlib'

export interface ReadZip {
  readonly name: string
  readonly version: number
  readonly body: Buffer
}

/** The one entry, found from the end by way of the directory as a file tool does, and checked against what lies around it. */
export function unzip(archive: Buffer): ReadZip {
  const directory = readDirectory(archive)
  const { name, crc, compressedBytes, bytes } = directory
  if (archive.readUInt32LE(0) !== 0x04034b50) throw new Error('no local header')
  const nameBytes = archive.readUInt16LE(26)
  if (archive.toString('latin1', 30, 30 + nameBytes) !== name) throw new Error('the headers differ in the name')
  const dataAt = 30 + nameBytes + archive.readUInt16LE(28)
  const descriptorAt = dataAt + compressedBytes
  if (archive.readUInt32LE(descriptorAt) !== 0x08074b50) throw new Error('no descriptor behind the data')
  if (archive.readUInt32LE(descriptorAt + 4) !== crc) throw new Error('the descriptor has another checksum')
  if (archive.readUInt32LE(descriptorAt + 8) !== compressedBytes) throw new Error('the descriptor has another size')
  if (archive.readUInt32LE(descriptorAt + 12) !== bytes) throw new Error('the descriptor has another plain size')
  if (descriptorAt + 16 !== directory.at) throw new Error('there is something between descriptor and directory')
  const body = inflateRawSync(archive.subarray(dataAt, descriptorAt))
  if (body.byteLength !== bytes || crc32(body) !== crc) throw new Error('the body is not what was archived')
  return { name, version: directory.version, body }
}

export interface Directory {
  readonly at: number
  readonly name: string
  readonly version: number
  readonly crc: number
  readonly compressedBytes: number
  readonly bytes: number
}

/** `offset`: where in the archive `tail` begins. */
export function readDirectory(tail: Buffer, offset = 0): Directory {
  const endAt = tail.byteLength - 22
  if (tail.readUInt32LE(endAt) !== 0x06054b50) throw new Error('no end of directory')
  if (tail.readUInt16LE(endAt + 10) !== 1) throw new Error('more or less than one entry')
  let at = tail.readUInt32LE(endAt + 16)
  let length = tail.readUInt32LE(endAt + 12)
  let lastAt = offset + endAt
  if (at === 0xffffffff) {
    const locatorAt = endAt - 20
    if (tail.readUInt32LE(locatorAt) !== 0x07064b50) throw new Error('no zip64 locator')
    const largeEndAt = Number(tail.readBigUInt64LE(locatorAt + 8))
    const largeEnd = tail.subarray(largeEndAt - offset)
    if (largeEnd.readUInt32LE(0) !== 0x06064b50) throw new Error('no zip64 end')
    if (Number(largeEnd.readBigUInt64LE(4)) + 12 !== locatorAt + offset - largeEndAt) throw new Error('zip64 end size')
    if (largeEnd.readBigUInt64LE(32) !== 1n) throw new Error('more or less than one entry')
    length = Number(largeEnd.readBigUInt64LE(40))
    at = Number(largeEnd.readBigUInt64LE(48))
    lastAt = largeEndAt
  }
  if (at + length !== lastAt) throw new Error('the directory does not end where it should')
  const entry = tail.subarray(at - offset)
  if (entry.readUInt32LE(0) !== 0x02014b50) throw new Error('no directory entry')
  const nameEnd = 46 + entry.readUInt16LE(28)
  const sizes = { compressedBytes: entry.readUInt32LE(20), bytes: entry.readUInt32LE(24) }
  if (entry.readUInt16LE(30) > 0) {
    if (entry.readUInt16LE(nameEnd) !== 1) throw new Error('no zip64 field')
    sizes.bytes = Number(entry.readBigUInt64LE(nameEnd + 4))
    sizes.compressedBytes = Number(entry.readBigUInt64LE(nameEnd + 12))
  }
  return {
    at,
    name: entry.toString('latin1', 46, nameEnd),
    version: entry.readUInt16LE(6),
    crc: entry.readUInt32LE(16),
    ...sizes,
  }
}

export function readXerial(bytes: Buffer): Buffer {
  if (bytes.toString('hex', 0, 8) !== '82534e4150505900') throw new Error('no magic')
  if (bytes.readInt32BE(8) !== 1 || bytes.readInt32BE(12) !== 1) throw new Error('unknown version')
  const plain: Buffer[] = []
  let at = 16
  while (at < bytes.byteLength) {
    const length = bytes.readInt32BE(at)
    plain.push(unsnap(exactly(bytes, at + 4, length)))
    at += 4 + length
  }
  return Buffer.concat(plain)
}

/** With the room of Hadoop's own reader: no block may be larger than 256 KiB, compressed or not. */
export function readHadoop(bytes: Buffer): Buffer {
  const plain: Buffer[] = []
  let at = 0
  while (at < bytes.byteLength) {
    let missing = bytes.readInt32BE(at)
    at += 4
    while (missing > 0) {
      const length = bytes.readInt32BE(at)
      const chunk = unsnap(exactly(bytes, at + 4, length))
      if (length > 256 * 1024 || chunk.byteLength > 256 * 1024) throw new Error('no room for the chunk')
      plain.push(chunk)
      missing -= chunk.byteLength
      at += 4 + length
    }
    if (missing < 0) throw new Error('a block is longer than it says')
  }
  return Buffer.concat(plain)
}

function exactly(bytes: Buffer, at: number, length: number): Buffer {
  if (length <= 0 || at + length > bytes.byteLength) throw new Error(`a block of ${length} bytes at ${at}`)
  return bytes.subarray(at, at + length)
}

/** One raw block: its plain length, then literals and copies. */
function unsnap(block: Buffer): Buffer {
  let at = 0
  let length = 0
  for (let shift = 0; ; shift += 7) {
    const byte = block[at++] as number
    length += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) break
  }
  const plain = Buffer.alloc(length)
  let filled = 0
  while (at < block.byteLength) {
    const tag = block[at++] as number
    const kind = tag & 3
    if (kind === 0) {
      let count = tag >> 2
      if (count >= 60) {
        const wide = count - 59
        count = block.readUIntLE(at, wide)
        at += wide
      }
      filled += block.copy(plain, filled, at, at + count + 1)
      at += count + 1
      continue
    }
    const count = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1
    const wide = kind === 1 ? 1 : kind === 2 ? 2 : 4
    const back = block.readUIntLE(at, wide) + (kind === 1 ? (tag >> 5) * 256 : 0)
    at += wide
    if (back === 0 || back > filled) throw new Error('a copy from before the beginning')
    for (let index = 0; index < count; index++, filled++) plain[filled] = plain[filled - back] as number
  }
  if (filled !== length) throw new Error(`a block of ${length} bytes has ${filled}`)
  return plain
}

export const readers = {
  UNCOMPRESSED: (bytes: Buffer) => bytes,
  GZIP: (bytes: Buffer) => gunzipSync(bytes),
  ZIP: (bytes: Buffer) => unzip(bytes).body,
  Snappy: readXerial,
  HADOOP_SNAPPY: readHadoop,
}
