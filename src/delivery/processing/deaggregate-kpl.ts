/**
 * Takes apart what the Kinesis Producer Library has put together. Every record is looked at, whatever the stream is set
 * to: an aggregate tells itself by a magic number and a checksum. All others, damaged aggregates too, pass unchanged.
 *
 *   aggregate        = F3 89 9A C2, AggregatedRecord, MD5 of AggregatedRecord (16 bytes)
 *   AggregatedRecord = { 1: partition key | 2: explicit hash key | 3: Record }         protobuf, any order
 *   Record           = 1: partition key's index, [ 2: hash key's index ], 3: data, { 4: tag }
 *
 * The format is that of the library's documentation (aggregation-format.md). Its keys are for shards and mean nothing
 * here. The bound of 500 parts is that of the other ways of taking apart; here the record's size is the bound.
 */
import { createHash } from 'node:crypto'
import { asBuffer, type Pace, partOf, perRecord } from './per-record.ts'
import { ProtobufReader, WIRE_BYTES, WIRE_VARINT } from './protobuf-reader.ts'
import type { Processor, StreamRecord } from './record.ts'

export function kplDeaggregator(): Processor {
  return perRecord((record, { records }, pace) => {
    if (!hasMagic(record.data)) {
      records.push(record)
      return undefined
    }
    return userRecords(record, pace).then((parts) => {
      for (const part of parts ?? [record]) records.push(part)
    })
  })
}

const MAGIC = Buffer.from([0xf3, 0x89, 0x9a, 0xc2])
const CHECKSUM_BYTES = 16
/** MD5 of as much takes a third of a millisecond. */
const HASHED_BYTES = 256 * 1024

function hasMagic(data: Uint8Array): boolean {
  return (
    data.byteLength >= MAGIC.byteLength + CHECKSUM_BYTES &&
    data[0] === MAGIC[0] &&
    data[1] === MAGIC[1] &&
    data[2] === MAGIC[2] &&
    data[3] === MAGIC[3]
  )
}

/** undefined: not an aggregate after all. */
async function userRecords(record: StreamRecord, pace: Pace): Promise<StreamRecord[] | undefined> {
  const bytes = asBuffer(record.data)
  const message = bytes.subarray(MAGIC.byteLength, bytes.byteLength - CHECKSUM_BYTES)
  const md5 = createHash('md5')
  for (let at = 0; at < message.byteLength; at += HASHED_BYTES) {
    const piece = message.subarray(at, at + HASHED_BYTES)
    md5.update(piece)
    await pace.spent(piece.byteLength)
  }
  if (!md5.digest().equals(bytes.subarray(bytes.byteLength - CHECKSUM_BYTES))) return undefined

  const parts: StreamRecord[] = []
  const reader = new ProtobufReader(message)
  while (reader.next()) {
    if (reader.field !== 3) continue
    const data = reader.wireType === WIRE_BYTES ? userData(reader.bytes) : undefined
    if (data === undefined) return undefined
    parts.push(partOf(record, data))
    const pause = pace.spent(data.byteLength)
    if (pause !== undefined) await pause
  }
  return reader.isDamaged ? undefined : parts
}

/** undefined without one of the two fields that a Record must have. */
function userData(record: Buffer): Buffer | undefined {
  let data: Buffer | undefined
  let hasKey = false
  const reader = new ProtobufReader(record)
  while (reader.next()) {
    if (reader.field === 1 && reader.wireType === WIRE_VARINT) hasKey = true
    if (reader.field === 3 && reader.wireType === WIRE_BYTES) data = reader.bytes
  }
  return reader.isDamaged || !hasKey ? undefined : data
}
