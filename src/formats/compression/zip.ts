/**
 * Reads the one file of a ZIP archive: from the directory at the end, as readers of archives do.
 *
 *   archive    = { local header, bytes }, { directory entry }, [ zip64 end, its locator ], end ( 22 + comment )
 *
 * Integers are little-endian (APPNOTE 6.3.10). AWS reads archives that contain a single file and no others.
 */
import { CorruptData, corrupt } from './corrupt-data.ts'
import { inflateRaw } from './gzip.ts'
import type { Unpacked } from './unpacked.ts'

export interface ArchiveSource {
  readonly size: number
  read(start: number, end: number): AsyncIterable<Uint8Array>
}

const END_BYTES = 22
const COMMENT_BYTES_MAX = 65_535
const LOCATOR_BYTES = 20
const ENTRY_BYTES = 46
const LOCAL_BYTES = 30
/** A directory of one file, and of the folders around it, is far smaller. */
const DIRECTORY_BYTES_MAX = 1024 * 1024
const [END, LOCATOR, END64, ENTRY, LOCAL] = [0x06054b50, 0x07064b50, 0x06064b50, 0x02014b50, 0x04034b50]
const UNKNOWN = 0xffffffff
const [STORED, DEFLATED] = [0, 8]
const ENCRYPTED_FLAG = 1

interface ArchivedFile {
  readonly name: string
  readonly method: number
  /** Of its bytes in the archive. `end` is exclusive. */
  readonly start: number
  readonly end: number
}

/** Reads at most `storedBytesMax` of the file's bytes in the archive. Throws CorruptData. */
export async function unzip(source: ArchiveSource, storedBytesMax: number): Promise<Unpacked> {
  const { method, start, end } = await onlyFile(source)
  const stored = source.read(start, Math.min(end, start + storedBytesMax))
  if (method === DEFLATED) return inflateRaw(stored)
  if (method !== STORED)
    throw new CorruptData(`the file in the zip archive is compressed by method ${method}, which is not read`)
  return asStored(stored)
}

function asStored(stored: AsyncIterable<Uint8Array>): Unpacked {
  let consumed = 0
  async function* counted() {
    for await (const chunk of stored) {
      consumed += chunk.byteLength
      yield chunk
    }
  }
  return { bytes: counted(), consumed: () => consumed }
}

async function onlyFile(source: ArchiveSource): Promise<ArchivedFile> {
  const files = entriesOf(await readDirectory(source)).filter((entry) => !entry.name.endsWith('/'))
  const [file] = files
  if (file === undefined) throw new CorruptData('the zip archive contains no file')
  if (files.length > 1)
    throw new CorruptData(`the zip archive contains ${files.length} files, and only archives of a single file are read`)
  if (file.isEncrypted) throw new CorruptData('the file in the zip archive is encrypted')
  const local = await bytesOf(source, file.offset, file.offset + LOCAL_BYTES)
  if (local.length < LOCAL_BYTES || local.readUInt32LE(0) !== LOCAL)
    throw corrupt('zip', 'its file is not where it should be')
  const start = file.offset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28)
  const end = start + file.packedBytes
  if (end > source.size) throw corrupt('zip', 'its file ends behind the archive')
  return { name: file.name, method: file.method, start, end }
}

async function readDirectory(source: ArchiveSource): Promise<Buffer> {
  const tailStart = Math.max(0, source.size - END_BYTES - COMMENT_BYTES_MAX - LOCATOR_BYTES)
  const tail = await bytesOf(source, tailStart, source.size)
  const at = findEnd(tail)
  if (at === undefined) throw new CorruptData('the zip archive is cut short: it has no directory at its end')
  const is64 = at >= LOCATOR_BYTES && tail.readUInt32LE(at - LOCATOR_BYTES) === LOCATOR
  const { length, offset } = is64
    ? await readEnd64(source, asNumber(tail.readBigUInt64LE(at - LOCATOR_BYTES + 8)))
    : { length: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) }
  if (offset + length > source.size) throw corrupt('zip', 'its directory ends behind it')
  return bytesOf(source, offset, offset + Math.min(length, DIRECTORY_BYTES_MAX))
}

async function readEnd64(source: ArchiveSource, at: number): Promise<{ length: number; offset: number }> {
  const end = await bytesOf(source, at, at + 56)
  if (end.length < 56 || end.readUInt32LE(0) !== END64) throw corrupt('zip', 'its directory is not where it should be')
  return { length: asNumber(end.readBigUInt64LE(40)), offset: asNumber(end.readBigUInt64LE(48)) }
}

/** The comment behind it may hold the same signature: the end is the one whose comment ends where the file does. */
function findEnd(tail: Buffer): number | undefined {
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) === END && at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length) return at
  }
  return undefined
}

interface Entry {
  readonly name: string
  readonly method: number
  readonly isEncrypted: boolean
  readonly packedBytes: number
  readonly offset: number
}

function entriesOf(directory: Buffer): Entry[] {
  const entries: Entry[] = []
  let at = 0
  while (at + ENTRY_BYTES <= directory.length) {
    if (directory.readUInt32LE(at) !== ENTRY) throw corrupt('zip', 'its directory is damaged')
    const nameEnd = at + ENTRY_BYTES + directory.readUInt16LE(at + 28)
    const extraEnd = nameEnd + directory.readUInt16LE(at + 30)
    const large = sizes64(directory.subarray(nameEnd, extraEnd), {
      plainBytes: directory.readUInt32LE(at + 24),
      packedBytes: directory.readUInt32LE(at + 20),
      offset: directory.readUInt32LE(at + 42),
    })
    entries.push({
      name: directory.toString('utf8', at + ENTRY_BYTES, nameEnd),
      method: directory.readUInt16LE(at + 10),
      isEncrypted: (directory.readUInt16LE(at + 8) & ENCRYPTED_FLAG) !== 0,
      ...large,
    })
    at = extraEnd + directory.readUInt16LE(at + 32)
  }
  return entries
}

interface Sizes {
  readonly plainBytes: number
  readonly packedBytes: number
  readonly offset: number
}

/** Those that do not fit 4 bytes stand in the field 1 of the extra data, in this order, those that do are left out. */
function sizes64(extra: Buffer, { plainBytes, packedBytes, offset }: Sizes): Omit<Sizes, 'plainBytes'> {
  const found = [plainBytes, packedBytes, offset]
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue
    let next = at + 4
    for (const [index, value] of found.entries()) {
      if (value !== UNKNOWN || next + 8 > extra.length) continue
      found[index] = asNumber(extra.readBigUInt64LE(next))
      next += 8
    }
  }
  return { packedBytes: found[1] ?? packedBytes, offset: found[2] ?? offset }
}

function asNumber(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw corrupt('zip', `it says that something has ${value} bytes`)
  return Number(value)
}

async function bytesOf(source: ArchiveSource, start: number, end: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  if (start >= source.size) return Buffer.alloc(0)
  for await (const chunk of source.read(start, Math.min(end, source.size))) parts.push(chunk)
  return Buffer.concat(parts)
}
