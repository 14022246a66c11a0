/**
 * The event that a function is invoked with, written into one buffer of exactly its size:
 *
 *     {"invocationId":"<uuid>","deliveryStreamArn":"<arn>","region":"<region>","records":[
 *       {"recordId":"<62 digits>","approximateArrivalTimestamp":<ms>,"data":"<base64>"}, ... ]}
 *
 * (without the line breaks). A record's id is a number of the invocation and the record's index in it, in as many
 * digits as AWS's ids have, so that an answer needs no table to be read.
 */
import type { StreamRecord } from '../record.ts'

/** What the Lambda API takes and gives in one synchronous invocation: 6 MB, and 100 bytes of grace for answers. */
export const REQUEST_BYTES_MAX = 6_291_456
export const ANSWER_BYTES_MAX = 6_291_556

const INVOCATION_DIGITS = 56
const INDEX_DIGITS = 6
const DIGIT_ZERO = 48

export interface EventHead {
  readonly invocationId: string
  readonly deliveryStreamArn: string
  readonly region: string
}

/** Ids of the records of one invocation. */
export interface RecordIds {
  idAt(index: number): string
  /** undefined: no record of this invocation has this id. */
  indexOf(id: string): number | undefined
}

/** `hex`: 48 random hexadecimal digits. */
export function recordIds(hex: string, count: number): RecordIds {
  const number = BigInt(`0x${hex}`)
    .toString()
    .padStart(INVOCATION_DIGITS, '0')
    .slice(-(INVOCATION_DIGITS - 2))
  // AWS's begin with 49.
  const prefix = `49${number}`
  return {
    idAt: (index) => prefix + String(index).padStart(INDEX_DIGITS, '0'),
    indexOf(id) {
      if (id.length !== INVOCATION_DIGITS + INDEX_DIGITS || !id.startsWith(prefix)) return undefined
      let index = 0
      for (let at = INVOCATION_DIGITS; at < id.length; at += 1) {
        const digit = id.charCodeAt(at) - DIGIT_ZERO
        if (digit < 0 || digit > 9) return undefined
        index = index * 10 + digit
      }
      return index < count ? index : undefined
    },
  }
}

const RECORD_FRAME_BYTES =
  '{"recordId":"","approximateArrivalTimestamp":,"data":""},'.length + INVOCATION_DIGITS + INDEX_DIGITS

/** What a record takes in an event, with its comma. */
export function recordBytes(record: StreamRecord): number {
  const base64Bytes = 4 * Math.ceil(record.data.byteLength / 3)
  return RECORD_FRAME_BYTES + String(record.source.arrivalMs).length + base64Bytes
}

/** What an event without records takes. */
export function headBytes({ deliveryStreamArn, region }: Pick<EventHead, 'deliveryStreamArn' | 'region'>): number {
  const uuid = '00000000-0000-0000-0000-000000000000'
  return Buffer.byteLength(headText({ invocationId: uuid, deliveryStreamArn, region })) + END.length
}

const END = ']}'

function headText({ invocationId, deliveryStreamArn, region }: EventHead): string {
  return `${JSON.stringify({ invocationId, deliveryStreamArn, region }).slice(0, -1)},"records":[`
}

export function encodeEvent(head: EventHead, records: readonly StreamRecord[], ids: RecordIds): Buffer {
  const start = headText(head)
  const bytes = records.reduce((sum, record) => sum + recordBytes(record), Buffer.byteLength(start) + END.length)
  const event = Buffer.allocUnsafe(bytes)
  let at = event.write(start, 'utf8')
  for (const [index, record] of records.entries()) {
    const { data, source } = record
    const comma = index === 0 ? '' : ','
    const text = `${comma}{"recordId":"${ids.idAt(index)}","approximateArrivalTimestamp":${source.arrivalMs},"data":"`
    at += event.write(text, at, 'latin1')
    at += event.write(base64Of(data), at, 'latin1')
    at += event.write('"}', at, 'latin1')
  }
  at += event.write(END, at, 'latin1')
  return event.subarray(0, at)
}

export function base64Of(data: Uint8Array): string {
  // A view of a view takes as long as the encoding.
  const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  return bytes.toString('base64')
}
