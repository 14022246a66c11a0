/**
 * Takes records apart at a delimiter, which is gone afterwards. At most 500 parts, as with JSON: a record with more stays
 * as it is. Empty parts (behind a delimiter at the end, between two) are left out; what AWS does with them is not
 * recorded, and there is nothing in them that could be delivered.
 */
import { Refusal } from '../../platform/refusal.ts'
import { PARTS_MAX } from './deaggregate-json.ts'
import { asBuffer, partOf, perRecord } from './per-record.ts'
import type { Processor } from './record.ts'

/** `delimiter` is base64, as the API takes it. */
export function delimitedDeaggregator(delimiter: string): Processor {
  const delimiterBytes = delimiterOf(delimiter)
  return perRecord((record, { records }) => {
    const parts = cutAtDelimiter(asBuffer(record.data), delimiterBytes)
    if (parts === undefined) records.push(record)
    else for (const part of parts) records.push(partOf(record, part))
    return undefined
  })
}

/** The delimiter's bytes. Refuses what is not base64 of at least one byte, which belongs in front of a stream's making. */
export function delimiterOf(base64: string): Buffer {
  const bytes = Buffer.from(base64, 'base64')
  const isWhole = bytes.toString('base64').replace(/=+$/, '') === base64.replace(/=+$/, '')
  if (bytes.byteLength > 0 && isWhole) return bytes
  throw new Refusal('invalidDestination', `Delimiter ${base64} is not a base64-encoded string.`)
}

/** Views into the record; undefined when there are too many. */
export function cutAtDelimiter(bytes: Buffer, delimiter: Buffer): Buffer[] | undefined {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.byteLength; ) {
    const found = bytes.indexOf(delimiter, at)
    const end = found === -1 ? bytes.byteLength : found
    if (end > at) {
      if (parts.length === PARTS_MAX) return undefined
      parts.push(bytes.subarray(at, end))
    }
    at = end + delimiter.byteLength
  }
  return parts
}
