/**
 * The frame of an Avro file, read without decoding a record: the writer's schema and how many records the first blocks
 * say that they hold.
 *
 *   file     = "Obj" 1, metadata, sync 16, { block }
 *   metadata = { count, { key, value } }, 0                      a negative count is followed by its length in bytes
 *   block    = records, length, bytes, sync                      whatever the codec, only the bytes are compressed
 *
 * Integers are zigzag varints (Avro specification 1.11, "Object Container Files").
 */
import type { Prefix } from '../prefix.ts'

export class BadAvro extends Error {
  constructor(problem: string, cause?: unknown) {
    super(problem, { cause })
    this.name = 'BadAvro'
  }
}

export interface AvroContainer {
  readonly schemaText: string
  /** In the blocks that were looked at. */
  readonly records: number
  /** What those blocks take, lengths and syncs included. */
  readonly blockBytes: number
  /** The last block ends behind the file. */
  readonly isCutShort: boolean
}

/** Looked at for blocks; a header may be longer. */
export const BLOCKS_BYTES = 1_000_000
/** A longer header is refused rather than held in memory. */
export const HEADER_BYTES_MAX = 10_000_000
const SYNC_BYTES = 16
const MAGIC_BYTES = 4

/** `size`: of the whole file, of which `file` gives the beginning. Throws BadAvro. */
export async function avroContainer(file: Prefix, size: number): Promise<AvroContainer> {
  const header = await readHeader(file)
  const schema = header.metadata.get('avro.schema')
  if (schema === undefined) throw new BadAvro('the Avro file has no schema in its header')
  const bytes = await file.upTo(Math.max(BLOCKS_BYTES, header.end + SYNC_BYTES))
  return { schemaText: schema.toString('utf8'), ...countBlocks(bytes, header, size) }
}

interface Header {
  readonly metadata: ReadonlyMap<string, Buffer>
  /** Of the header, where its sync begins. */
  readonly end: number
}

async function readHeader(file: Prefix): Promise<Header> {
  for (let length = BLOCKS_BYTES; ; length *= 2) {
    const bytes = await file.upTo(Math.min(length, HEADER_BYTES_MAX))
    try {
      const cursor = { bytes, at: MAGIC_BYTES }
      const metadata = readMetadata(cursor)
      if (cursor.at + SYNC_BYTES > bytes.length) throw CUT_OFF
      return { metadata, end: cursor.at }
    } catch (error) {
      if (error !== CUT_OFF) throw error
      if (file.ended) throw new BadAvro('the Avro file is cut short within its header')
      if (length >= HEADER_BYTES_MAX)
        throw new BadAvro(`the Avro header has more than ${HEADER_BYTES_MAX} bytes, too many to read`)
    }
  }
}

const CUT_OFF = new Error('the bytes end first')

interface Cursor {
  readonly bytes: Buffer
  at: number
}

function readMetadata(cursor: Cursor): Map<string, Buffer> {
  const metadata = new Map<string, Buffer>()
  for (;;) {
    const count = readLong(cursor)
    if (count === 0) return metadata
    if (count < 0) readLong(cursor)
    for (let entry = 0; entry < Math.abs(count); entry++) {
      const key = readBytes(cursor).toString('utf8')
      metadata.set(key, readBytes(cursor))
    }
  }
}

function readBytes(cursor: Cursor): Buffer {
  const length = readLong(cursor)
  if (length < 0) throw new BadAvro('the Avro header is corrupt (a text has a negative length)')
  if (length > HEADER_BYTES_MAX) throw new BadAvro(`the Avro header is corrupt (a text of ${length} bytes)`)
  if (cursor.at + length > cursor.bytes.length) throw CUT_OFF
  cursor.at += length
  return cursor.bytes.subarray(cursor.at - length, cursor.at)
}

/** Exact up to 2^53; what is larger is no length of anything. */
function readLong(cursor: Cursor): number {
  let value = 0
  for (let index = 0; index < 10; index++) {
    const byte = cursor.bytes[cursor.at]
    if (byte === undefined) throw CUT_OFF
    cursor.at += 1
    value += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
  throw new BadAvro('the Avro file is corrupt (a number has no end)')
}

function countBlocks(bytes: Buffer, { end }: Header, size: number) {
  const sync = bytes.subarray(end, end + SYNC_BYTES)
  const start = end + SYNC_BYTES
  const cursor = { bytes, at: start }
  let records = 0
  let blockEnd = start
  while (cursor.at < bytes.length) {
    const block = readBlockHeader(cursor)
    if (block === undefined) break
    const syncAt = cursor.at + block.length
    if (syncAt + SYNC_BYTES > size) return { records, blockBytes: blockEnd - start, isCutShort: true }
    const found = bytes.subarray(syncAt, syncAt + SYNC_BYTES)
    if (!found.equals(sync.subarray(0, found.length)))
      throw new BadAvro('the Avro file is corrupt (a block does not end in the sync of the header)')
    records += block.records
    blockEnd = syncAt + SYNC_BYTES
    cursor.at = blockEnd
  }
  return { records, blockBytes: blockEnd - start, isCutShort: false }
}

/** undefined when it lies behind the bytes looked at. */
function readBlockHeader(cursor: Cursor): { records: number; length: number } | undefined {
  try {
    const [records, length] = [readLong(cursor), readLong(cursor)]
    if (records < 0 || length < 0) throw new BadAvro('the Avro file is corrupt (a block has a negative length)')
    return { records, length }
  } catch (error) {
    if (error === CUT_OFF) return undefined
    throw error
  }
}
