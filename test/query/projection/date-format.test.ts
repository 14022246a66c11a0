import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DateFormat, dateFormat, later } from '../../../src/query/projection/date-format.ts'

const MOMENT = Date.UTC(2026, 0, 5, 7, 8, 9, 12)

function known(pattern: string): DateFormat {
  const format = dateFormat(pattern)
  if ('problem' in format) throw new Error(format.problem)
  return format
}

test.each([
  ['yyyy-MM-dd', '2026-01-05', 'DAYS'],
  ['yyyy/MM/dd/HH', '2026/01/05/07', 'HOURS'],
  ['uuuuMMdd', '20260105', 'DAYS'],
  ['yyyy-MM', '2026-01', 'MONTHS'],
  ['yyyy', '2026', 'YEARS'],
  ['yy-M-d', '26-1-5', 'DAYS'],
  ["'day='yyyy-DDD", 'day=2026-005', 'DAYS'],
  ['dd MMM yyyy', '05 Jan 2026', 'DAYS'],
  ['MMMM d', 'January 5', 'DAYS'],
  ["yyyy-MM-dd'T'HH:mm:ss", '2026-01-05T07:08:09', 'SECONDS'],
  ['HH:mm:ss.SSS', '07:08:09.012', 'MILLIS'],
  ["yyyy''MM", "2026'01", 'MONTHS'],
])('%s writes %s', (pattern, text, precision) => {
  const format = known(pattern)
  expect([format.format(MOMENT), format.precision]).toEqual([text, precision])
})

test.each([
  ['yyyy-MM-dd', '2026-02-03', Date.UTC(2026, 1, 3)],
  ['yyyy-MM-dd-HH', '2026-02-03-04', Date.UTC(2026, 1, 3, 4)],
  ['yyyy-DDD', '2026-032', Date.UTC(2026, 1, 1)],
  ['d MMMM yyyy', '1 March 2024', Date.UTC(2024, 2, 1)],
  ['yy', '26', Date.UTC(2026, 0, 1)],
  ['yyyy-MM-dd', '2026-02-30', undefined],
  ['yyyy-MM-dd', '2026-2-3', undefined],
  ['yyyy-MM-dd', 'NOW', undefined],
  ['d MMM yyyy', '1 Foo 2024', undefined],
])('%s reads %s', (pattern, text, ms) => {
  expect(known(pattern).parse(text)).toBe(ms)
})

test.each([
  ['', "'' says nothing of a date"],
  ['-', "'-' says nothing of a date"],
  ["yyyy'", "'yyyy'' has a quote without an end"],
  ['yyyy-ww', "the letter w of 'yyyy-ww' is not supported by this lake"],
  ['constructor', "the letter c of 'constructor' is not supported by this lake"],
])('%j is no format: %s', (pattern, problem) => {
  expect(dateFormat(pattern)).toEqual({ problem })
})

test('what is written is read back', () => {
  const patterns = fc.constantFrom(
    'yyyy-MM-dd HH:mm:ss.SSS',
    'uuuu/DDD/HH/mm/ss/SSS',
    "d'.'M'.'yyyy H:m:s.SSS",
    'ddMMMyyyyHHmmssSSS',
  )
  const moments = fc.integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(9999, 11, 31) })
  fc.assert(
    fc.property(patterns, moments, (pattern, ms) => {
      expect(known(pattern).parse(known(pattern).format(ms))).toBe(ms)
    }),
  )
})

describe('later', () => {
  test.each([
    ['2026-01-31', 1, 'MONTHS', '2026-02-28'],
    ['2024-02-29', 1, 'YEARS', '2025-02-28'],
    ['2024-02-29', -12, 'MONTHS', '2023-02-28'],
    ['2026-12-31', 1, 'DAYS', '2027-01-01'],
    ['2026-01-01', 2, 'WEEKS', '2026-01-15'],
    ['2026-01-01', -1, 'SECONDS', '2025-12-31'],
  ] as const)('%s and %i %s is %s', (from, count, unit, to) => {
    expect(new Date(later(Date.parse(from), count, unit)).toISOString().slice(0, 10)).toBe(to)
  })
})
