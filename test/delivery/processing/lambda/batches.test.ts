import fc from 'fast-check'
import { expect, test } from 'vitest'
import { batches } from '../../../../src/delivery/processing/lambda/batches.ts'
import { REQUEST_BYTES_MAX, recordBytes } from '../../../../src/delivery/processing/lambda/event.ts'
import type { StreamRecord } from '../../../../src/delivery/processing/record.ts'

const BYTES = new Uint8Array(6_000_000)
const HEAD_BYTES = 200

function record(bytes: number): StreamRecord {
  const data = BYTES.subarray(0, bytes)
  return { data, source: { data, arrivalMs: 1_768_000_000_000 } }
}

function cut(sizes: readonly number[], payloadBytes: number) {
  return batches(sizes.map(record), { payloadBytes, headBytes: HEAD_BYTES }).map(({ from, to, isTooLarge }) =>
    isTooLarge ? 'too large' : sizes.slice(from, to),
  )
}

/** The largest payload that fits alone. */
const ALONE_MAX = ((REQUEST_BYTES_MAX - HEAD_BYTES - recordBytes(record(0))) / 4) * 3 - 2

test.each([
  ['nothing', [], 10, []],
  ['less than a buffer', [3, 3], 10, [[3, 3]]],
  ['a buffer exactly', [5, 5, 1], 10, [[5, 5], [1]]],
  ['a buffer and the record that fills it', [9, 9, 9], 10, [[9, 9], [9]]],
  ['a record larger than the buffer', [1, 50, 1], 10, [[1, 50], [1]]],
  ['what does not fit in one event', [2_000_000, 2_000_000, 1_000_000], 9e6, [[2_000_000, 2_000_000], [1_000_000]]],
  ['a record that just fits', [1, ALONE_MAX, 1], 1, [[1], [ALONE_MAX], [1]]],
  ['a record that does not', [1, ALONE_MAX + 6, 1], 9e6, [[1], 'too large', [1]]],
])('records are cut at buffers and events: %s', (_what, sizes, payloadBytes, expected) => {
  expect(cut(sizes, payloadBytes)).toEqual(expected)
})

test('a buffer of many small records is cut by what their event takes', () => {
  const small = Array.from({ length: 60_000 }, () => record(1))
  const ranges = batches(small, { payloadBytes: 3_145_728, headBytes: HEAD_BYTES })
  const event = (count: number) => HEAD_BYTES + count * recordBytes(record(1))
  expect(ranges).toHaveLength(2)
  expect(event(ranges[0]?.to ?? 0)).toBeLessThanOrEqual(REQUEST_BYTES_MAX)
  expect(event((ranges[0]?.to ?? 0) + 1)).toBeGreaterThan(REQUEST_BYTES_MAX)
})

test('batches follow each other, hold every record once, and fit', () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 5_000_000 })), {
    maxLength: 40,
  })
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 3_145_728 }), (given, payloadBytes) => {
      const ranges = batches(given.map(record), { payloadBytes, headBytes: HEAD_BYTES })
      expect(ranges.flatMap(({ from, to }) => given.slice(from, to))).toEqual(given)
      for (const { from, to, isTooLarge } of ranges) {
        expect(to).toBeGreaterThan(from)
        const event = given.slice(from, to).reduce((sum, size) => sum + recordBytes(record(size)), HEAD_BYTES)
        expect(isTooLarge).toBe(event > REQUEST_BYTES_MAX)
        if (isTooLarge) expect(to).toBe(from + 1)
        const before = given.slice(from, to - 1).reduce((sum, size) => sum + size, 0)
        expect(before).toBeLessThan(payloadBytes)
      }
    }),
    { numRuns: 100 },
  )
})
