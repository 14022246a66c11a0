import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeEvent, headBytes, recordBytes, recordIds } from '../../../../src/delivery/processing/lambda/event.ts'
import type { StreamRecord } from '../../../../src/delivery/processing/record.ts'

const HEAD = {
  invocationId: '4f1f7e6c-0d2f-4a55-9d6b-9d2c0a1b2c3d',
  deliveryStreamArn: 'arn:aws:x/é',
  region: 'us-east-1',
}

const hexDigits = fc.uint8Array({ minLength: 24, maxLength: 24 }).map((bytes) => Buffer.from(bytes).toString('hex'))
const records = fc.array(
  fc.record({ data: fc.uint8Array({ maxLength: 40 }), arrivalMs: fc.integer({ min: 0, max: 2 ** 45 }) }),
  { maxLength: 30 },
)

test('an event is JSON that holds every record as it was, and takes the bytes that were reckoned', () => {
  fc.assert(
    fc.property(records, hexDigits, (given, hex) => {
      const batch: StreamRecord[] = given.map(({ data, arrivalMs }) => ({ data, source: { data, arrivalMs } }))
      const ids = recordIds(hex, batch.length)
      const bytes = encodeEvent(HEAD, batch, ids)
      const reckoned = batch.reduce((sum, record) => sum + recordBytes(record), headBytes(HEAD))
      // One comma less than there are records.
      expect(bytes.byteLength).toBe(reckoned - Math.min(1, batch.length))
      const { records: sent, ...head } = JSON.parse(bytes.toString('utf8'))
      expect(head).toEqual(HEAD)
      expect(sent).toEqual(
        batch.map(({ data, source }, index) => ({
          recordId: ids.idAt(index),
          approximateArrivalTimestamp: source.arrivalMs,
          data: Buffer.from(data).toString('base64'),
        })),
      )
    }),
    { numRuns: 300 },
  )
})

test('a record is found by its id, and nothing else is', () => {
  fc.assert(
    fc.property(hexDigits, hexDigits, fc.integer({ min: 1, max: 999_999 }), fc.string(), (hex, other, count, text) => {
      const ids = recordIds(hex, count)
      expect(ids.idAt(0)).toMatch(/^49\d{60}$/)
      expect(ids.indexOf(ids.idAt(count - 1))).toBe(count - 1)
      expect(ids.indexOf(ids.idAt(count))).toBeUndefined()
      expect(ids.indexOf(`${ids.idAt(0)}0`)).toBeUndefined()
      expect(ids.indexOf(ids.idAt(0).slice(0, -6) + ' '.repeat(6))).toBeUndefined()
      expect(ids.indexOf(text)).toBeUndefined()
      if (other !== hex) expect(ids.indexOf(recordIds(other, count).idAt(0))).toBeUndefined()
    }),
    { numRuns: 300 },
  )
})
