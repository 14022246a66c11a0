import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayOf, epochTimestamp, openXTimestamp, readIsoBytes } from '../../../src/delivery/conversion/timestamps.ts'

const asDate = ({ day, nanos }: { day: number; nanos: number }) => day * 86_400_000 + nanos / 1_000_000

const anyDate = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
})

test('any instant is told by its text and by its number, from bytes too', () => {
  fc.assert(
    fc.property(anyDate, (date) => {
      const text = date.toISOString()
      const bytes = Buffer.from(`x${text}x`)
      const out = { day: 0, nanos: 0 }
      expect(readIsoBytes(bytes, 1, bytes.length - 1, out)).toBe(true)
      expect(asDate(out)).toBe(date.getTime())
      expect(openXTimestamp(text)).toEqual(out)
      expect(openXTimestamp(text.replace('T', ' ').slice(0, -1))).toEqual(out)
      if (Math.abs(date.getTime()) >= 1e12) expect(epochTimestamp(String(date.getTime()))).toEqual(out)
    }),
  )
})

test('days are those of the calendar of JavaScript', () => {
  fc.assert(
    fc.property(anyDate, (date) => {
      const day = dayOf(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())
      expect(day).toBe(Math.floor(date.getTime() / 86_400_000))
    }),
  )
})

test('whatever the bytes are, they mean what their text does', () => {
  const almost = fc
    .tuple(anyDate, fc.nat(25), fc.constantFrom('0', '9', '-', ':', 'T', 'Z', '.', ' ', 'x', ''))
    .map(([date, at, by]) => date.toISOString().slice(0, at) + by + date.toISOString().slice(at + 1))
  fc.assert(
    fc.property(almost, (text) => {
      const out = { day: 0, nanos: 0 }
      if (readIsoBytes(Buffer.from(text), 0, text.length, out)) expect(openXTimestamp(text)).toEqual(out)
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['2026-07-13T14:15:16.123456789Z', 123_456_789],
  ['2026-07-13 14:15:16.1', 100_000_000],
  ['1783952116.000000001', 1],
  ['1783952116123.4', 123_400_000],
])('%s keeps its nanoseconds', (text, nanos) => {
  expect((openXTimestamp(text)?.nanos ?? 0) % 1_000_000_000).toBe(nanos)
})

test.each(['', 'x', '2026-07-13', '0000-01-01 00:00:00', '2026-13-01 00:00:00', '1e20', '-1e20', '1.2.3', '٣'])(
  '%j is no timestamp',
  (text) => {
    expect(openXTimestamp(text)).toBeUndefined()
  },
)
