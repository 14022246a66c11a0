/**
 * Takes records apart that hold several JSON objects, one after the other or on lines of their own. What is between
 * them, newlines above all, is gone; AppendDelimiterToRecord puts newlines back.
 *
 * AWS's documentation: objects only (`{"a":1}{"a":2}`, `{"a":1}\n{"a":2}`), "an array of JSON objects is not a valid
 * input", and at most 500 to a record: one with more stays as it is. What is not valid goes to `processing-failed`
 * whole, so that nothing of it is in the lake twice when it is put again. Blanks alone hold no object: nothing is left.
 */
import type { Clock } from '../../platform/clock.ts'
import { failedRecord } from './failed-record.ts'
import { blanksEnd, valueEnd } from './json-text.ts'
import { partOf, perRecord } from './per-record.ts'
import type { Processor } from './record.ts'

/** "Record deaggregation by JSON or by delimiter is capped at 500 per record." */
export const PARTS_MAX = 500

export function jsonDeaggregator(clock: Clock): Processor {
  return perRecord((record, { records, failed }) => {
    const cut = cutObjects(record.data)
    switch (cut.kind) {
      case 'objects':
        for (const data of cut.objects) records.push(partOf(record, data))
        break
      case 'tooMany':
        records.push(record)
        break
      case 'malformed': {
        const message = `The record is not a sequence of JSON objects: there is none, or no whole one, at byte ${cut.at}.`
        const code = 'RecordDeAggregation.MalformedData'
        failed.push(failedRecord(record.source, { outputType: 'processing-failed', code, message }, clock))
      }
    }
    return undefined
  })
}

export type CutObjects =
  | { readonly kind: 'objects'; readonly objects: readonly Uint8Array[] }
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'malformed'; readonly at: number }

const OPEN_BRACE = 0x7b

/** Views into the record. */
export function cutObjects(bytes: Uint8Array): CutObjects {
  const objects: Uint8Array[] = []
  for (let at = blanksEnd(bytes, 0); at < bytes.byteLength; ) {
    const end = bytes[at] === OPEN_BRACE ? valueEnd(bytes, at) : -1
    if (end === -1) return { kind: 'malformed', at }
    if (objects.length === PARTS_MAX) return { kind: 'tooMany' }
    objects.push(bytes.subarray(at, end))
    at = blanksEnd(bytes, end)
  }
  return { kind: 'objects', objects }
}
