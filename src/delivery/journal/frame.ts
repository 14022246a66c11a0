/**
 * The journal's file grammar, and the codec for it. Integers are little-endian.
 *
 *   segment  = "lakelet-journal\x01" frame*             one file: <number, 10 digits>.journal
 *   frame    = marker kind length durable checksum body
 *   marker   = 4 bytes  "LKF\xf5"
 *   kind     = u32      1 records, 2 seal, 3 retarget, 4 release, 5 part, 6 encrypted records, 7 encrypted part
 *   length   = u32      bytes of the body
 *   durable  = u64      how much of this segment was on stable storage when the frame was written
 *   checksum = u32      CRC-32 of the 20 bytes before it and of the body
 *
 *   records  = arrivalMs:u64 count:u32 size:u32{count} bytes       the records' bytes, one after the other
 *   part     = head:u32 JSON{head} firstMs:u64 count:u32 (size:u32 afterFirstMs:u32){count} bytes
 *              records for one lane that an attempt made of a batch; they count once a release names that attempt
 *              encrypted, what stands before `bytes` is the table of sealing.ts, and `bytes` are the ciphertext
 *   seal     = JSON     closes the open batch of a lane: every record since the seal before it, under this id and target
 *   retarget = JSON     gives a sealed, undelivered batch another target
 *   release  = JSON     the batch is done with: the object store has it, or an attempt's parts take its place
 *
 * `durable` is what tells a torn tail from a damaged middle: bytes that a later frame calls durable were promised to
 * somebody, so when they are unreadable that is a loss to report; unreadable bytes that nobody promised are the rest of
 * a write that the crash cut off.
 */
import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'
import type { SourceRecord } from '../processing/record.ts'
import { keyIdOf, openSealed, SEAL_BYTES } from './sealing.ts'

export const SEGMENT_HEADER = Buffer.from('lakelet-journal\x01', 'latin1')
export const FRAME_HEADER_BYTES = 24
/** No frame that this lakelet writes is larger; a larger length is damage. */
export const FRAME_BODY_BYTES_MAX = 8 * 1024 * 1024

const MARKER = Buffer.from('LKF\xf5', 'latin1')
const CHECKSUM_AT = 20

const KINDS = { records: 1, seal: 2, retarget: 3, release: 4, part: 5, sealedRecords: 6, sealedPart: 7 } as const
export type FrameKind = keyof typeof KINDS
const KIND_OF_NUMBER = new Map(Object.entries(KINDS).map(([kind, number]) => [number as number, kind as FrameKind]))

export interface Frame {
  readonly kind: FrameKind
  readonly durable: number
  /** A view into the chunk given to `decodeFrame`. */
  readonly body: Buffer
}

/** The bytes of one frame: its header, then `body` unchanged. The checksum is taken here, before anything is written. */
export function encodeFrame(kind: FrameKind, durable: number, body: readonly Uint8Array[]): Uint8Array[] {
  const length = bytesOf(body)
  assert(length <= FRAME_BODY_BYTES_MAX, 'A frame would be too large to be read back.')
  const header = Buffer.allocUnsafe(FRAME_HEADER_BYTES)
  MARKER.copy(header)
  header.writeUInt32LE(KINDS[kind], 4)
  header.writeUInt32LE(length, 8)
  writeU64(header, durable, 12)
  let checksum = crc32(header.subarray(0, CHECKSUM_AT))
  // Of a view of no memory zlib gives 0, whatever came before it.
  for (const part of body) if (part.byteLength > 0) checksum = crc32(part, checksum)
  header.writeUInt32LE(checksum, CHECKSUM_AT)
  return [header, ...body]
}

export type Decoded =
  | { readonly outcome: 'frame'; readonly frame: Frame; readonly end: number }
  /** The chunk ends before the frame does; `needed` bytes from `at` are enough to decide. */
  | { readonly outcome: 'short'; readonly needed: number }
  | { readonly outcome: 'bad' }

/** Reads the frame that begins at `at` in `chunk`, checking its checksum. */
export function decodeFrame(chunk: Buffer, at: number): Decoded {
  const available = chunk.byteLength - at
  if (available < FRAME_HEADER_BYTES) return { outcome: 'short', needed: FRAME_HEADER_BYTES }
  const kind = KIND_OF_NUMBER.get(chunk.readUInt32LE(at + 4))
  const length = chunk.readUInt32LE(at + 8)
  const marked = chunk.compare(MARKER, 0, MARKER.byteLength, at, at + MARKER.byteLength) === 0
  if (!marked || kind === undefined || length > FRAME_BODY_BYTES_MAX) return { outcome: 'bad' }
  const needed = FRAME_HEADER_BYTES + length
  if (available < needed) return { outcome: 'short', needed }
  const body = chunk.subarray(at + FRAME_HEADER_BYTES, at + needed)
  const checksum = crc32(body, crc32(chunk.subarray(at, at + CHECKSUM_AT)))
  if (checksum !== chunk.readUInt32LE(at + CHECKSUM_AT)) return { outcome: 'bad' }
  return { outcome: 'frame', frame: { kind, durable: readU64(chunk, at + 12), body }, end: at + needed }
}

/** Where the next marker at or after `from` begins, or undefined. */
export function nextMarker(chunk: Buffer, from: number): number | undefined {
  const found = chunk.indexOf(MARKER, from)
  return found === -1 ? undefined : found
}

export interface RecordsFrame {
  readonly arrivalMs: number
  readonly recordCount: number
  /** The records' bytes, one after the other. */
  readonly bytes: Buffer
}

/** Records kept as the caller's own slices: neighbours in one buffer become one slice, many strays are copied into one. */
export function encodeRecords(payloads: readonly Uint8Array[], arrivalMs: number): Uint8Array[] {
  const head = Buffer.allocUnsafe(12 + 4 * payloads.length)
  writeU64(head, arrivalMs, 0)
  head.writeUInt32LE(payloads.length, 8)
  let at = 12
  for (const payload of payloads) at = head.writeUInt32LE(payload.byteLength, at)
  const runs = contiguousRuns(payloads)
  return runs.length > RUNS_MAX ? [head, Buffer.concat(payloads)] : [head, ...runs]
}

export function decodeRecords(body: Buffer): RecordsFrame {
  const recordCount = body.readUInt32LE(8)
  return { arrivalMs: readU64(body, 0), recordCount, bytes: body.subarray(12 + 4 * recordCount) }
}

/** The frame as it would be in the clear: its table is, its bytes are the ciphertext. */
export function unwrapped({ kind, body }: Pick<Frame, 'kind' | 'body'>): Pick<Frame, 'kind' | 'body'> {
  if (kind === 'sealedRecords') return { kind: 'records', body: body.subarray(SEAL_BYTES) }
  return kind === 'sealedPart' ? { kind: 'part', body: body.subarray(SEAL_BYTES) } : { kind, body }
}

/** The frame in the clear. Refuses 'journalUnreadable', and like `keyOf`. */
export function opened(frame: Pick<Frame, 'kind' | 'body'>, keyOf: (id: number) => Uint8Array) {
  const bare = unwrapped(frame)
  if (bare.kind === frame.kind) return frame
  const bytes = (bare.kind === 'records' ? decodeRecords(bare.body) : decodePart(bare.body)).bytes
  const tableBytes = bare.body.byteLength - bytes.byteLength
  return { kind: bare.kind, body: openSealed(keyOf(keyIdOf(frame.body)), frame.body, tableBytes) }
}

/** What a part is of. */
export interface PartHead {
  readonly attempt: string
  readonly lane: string
}

export interface PartFrame extends PartHead {
  /** Arrival of the first record; the others did not come earlier. */
  readonly firstMs: number
  readonly recordCount: number
  readonly bytes: Buffer
}

/** What a record's place in the table can say of its arrival: within seven weeks of the first. */
const AFTER_FIRST_MS_MAX = 2 ** 32 - 1

/**
 * `records` are in the order of their arrival. A wall clock that was set meanwhile can put them out of it, or decades
 * apart; then the nearest time that can be written is.
 */
export function encodePart(head: PartHead, records: readonly SourceRecord[]): Uint8Array[] {
  const json = Buffer.from(JSON.stringify(head))
  const firstMs = records[0]?.arrivalMs ?? 0
  const table = Buffer.allocUnsafe(4 + json.byteLength + 12 + 8 * records.length)
  let at = table.writeUInt32LE(json.byteLength)
  at += json.copy(table, at)
  writeU64(table, firstMs, at)
  at = table.writeUInt32LE(records.length, at + 8)
  for (const { data, arrivalMs } of records) {
    at = table.writeUInt32LE(data.byteLength, at)
    at = table.writeUInt32LE(Math.min(Math.max(0, arrivalMs - firstMs), AFTER_FIRST_MS_MAX), at)
  }
  return [
    table,
    records.length === 1 ? (records[0] as SourceRecord).data : Buffer.concat(records.map(({ data }) => data)),
  ]
}

export function decodePart(body: Buffer): PartFrame {
  const { head, tableAt, recordCount, firstMs } = partTable(body)
  return { ...head, firstMs, recordCount, bytes: body.subarray(tableAt + 8 * recordCount) }
}

function partTable(body: Buffer) {
  const headEnd = 4 + body.readUInt32LE(0)
  const head = JSON.parse(body.toString('utf8', 4, headEnd)) as PartHead
  return { head, firstMs: readU64(body, headEnd), recordCount: body.readUInt32LE(headEnd + 8), tableAt: headEnd + 12 }
}

/** The records of a frame of either kind, one by one, as views into its body. */
export function sourceRecords({ kind, body }: Pick<Frame, 'kind' | 'body'>): SourceRecord[] {
  if (kind === 'records') {
    const { arrivalMs } = decodeRecords(body)
    return splitRecords(body).map((data) => ({ data, arrivalMs }))
  }
  const { firstMs, recordCount, tableAt } = partTable(body)
  const records: SourceRecord[] = []
  let at = tableAt + 8 * recordCount
  for (let index = 0; index < recordCount; index++) {
    const size = body.readUInt32LE(tableAt + 8 * index)
    const afterFirstMs = body.readUInt32LE(tableAt + 8 * index + 4)
    records.push({ data: body.subarray(at, at + size), arrivalMs: firstMs + afterFirstMs })
    at += size
  }
  return records
}

/** The records one by one, as views into `body`. */
export function splitRecords(body: Buffer): Buffer[] {
  const { recordCount, bytes } = decodeRecords(body)
  const records: Buffer[] = []
  let at = 0
  for (let index = 0; index < recordCount; index++) {
    const size = body.readUInt32LE(12 + 4 * index)
    records.push(bytes.subarray(at, at + size))
    at += size
  }
  return records
}

/** Beyond this many separate pieces one copy is cheaper than a system call over all of them. */
const RUNS_MAX = 16

function contiguousRuns(payloads: readonly Uint8Array[]): Uint8Array[] {
  const runs: Uint8Array[] = []
  let from: Uint8Array | undefined
  let length = 0
  const finish = () => {
    if (from !== undefined && length > 0) runs.push(new Uint8Array(from.buffer, from.byteOffset, length))
  }
  for (const payload of payloads) {
    if (from !== undefined && payload.buffer === from.buffer && payload.byteOffset === from.byteOffset + length) {
      length += payload.byteLength
      continue
    }
    finish()
    if (runs.length > RUNS_MAX) return runs
    from = payload
    length = payload.byteLength
  }
  finish()
  return runs
}

export function bytesOf(parts: readonly Uint8Array[]): number {
  let total = 0
  for (const part of parts) total += part.byteLength
  return total
}

function writeU64(buffer: Buffer, value: number, at: number): void {
  buffer.writeUInt32LE(value % 2 ** 32, at)
  buffer.writeUInt32LE(Math.floor(value / 2 ** 32), at + 4)
}

function readU64(buffer: Buffer, at: number): number {
  return buffer.readUInt32LE(at) + buffer.readUInt32LE(at + 4) * 2 ** 32
}
