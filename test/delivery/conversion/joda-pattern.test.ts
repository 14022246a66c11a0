import { expect, test } from 'vitest'
import { parseJodaPattern } from '../../../src/delivery/conversion/joda-pattern.ts'

const instant = (pattern: string, text: string): string | undefined => {
  const found = parseJodaPattern(pattern)(text)
  return found && new Date(found.day * 86_400_000 + found.nanos / 1_000_000).toISOString()
}

const READ: readonly (readonly [pattern: string, text: string, instant: string | undefined])[] = [
  ["yyyy-MM-dd'T'HH:mm:ss", '2026-07-13T14:15:16', '2026-07-13T14:15:16.000Z'],
  ["yyyy-MM-dd'T'HH:mm:ss", '2026-7-3t4:5:6', '2026-07-03T04:05:06.000Z'],
  ["yyyy-MM-dd'T'HH:mm:ss.SSS", '2026-07-13T14:15:16.789', '2026-07-13T14:15:16.789Z'],
  ["yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS", '2026-07-13T14:15:16.789123456', '2026-07-13T14:15:16.789Z'],
  ["yyyy-MM-dd'T'HH:mm:ss.SSS", '2026-07-13T14:15:16.7', '2026-07-13T14:15:16.700Z'],
  ["yyyy-MM-dd'T'HH:mm:ss.SSS", '2026-07-13T14:15:16.7891', undefined],
  ["yyyy-MM-dd'T'HH:mm:ssZ", '2026-07-13T14:15:16+0200', '2026-07-13T12:15:16.000Z'],
  ["yyyy-MM-dd'T'HH:mm:ssZZ", '2026-07-13T14:15:16-05:30', '2026-07-13T19:45:16.000Z'],
  ["yyyy-MM-dd'T'HH:mm:ssZZ", '2026-07-13T14:15:16Z', '2026-07-13T14:15:16.000Z'],
  ['yyyyMMddHHmmss', '20260713141516', '2026-07-13T14:15:16.000Z'],
  ['dd/MMM/yyyy:HH:mm:ss Z', '13/Jul/2026:14:15:16 +0000', '2026-07-13T14:15:16.000Z'],
  ['EEE, d MMMM yyyy', 'Monday, 3 september 2026', '2026-09-03T00:00:00.000Z'],
  ['EEE MMM d HH:mm:ss z yyyy', 'Mon Jul 13 14:15:16 PDT 2026', '2026-07-13T21:15:16.000Z'],
  ['M/d/yy h:mm a', '7/3/26 12:05 AM', '2026-07-03T00:05:00.000Z'],
  ['M/d/yy h:mm a', '7/3/99 1:05 pm', '1999-07-03T13:05:00.000Z'],
  ['M/d/yy', '7/3/46', '1946-07-03T00:00:00.000Z'],
  ['yyyy-DDD', '2024-366', '2024-12-31T00:00:00.000Z'],
  ['yyyy-DDD', '2026-366', undefined],
  ['yyyy-MM-dd kk', '2026-07-13 24', '2026-07-13T00:00:00.000Z'],
  ['yyyy-MM-dd kk', '2026-07-13 0', undefined],
  ['K a', '0 PM', '1970-01-01T12:00:00.000Z'],
  ["yyyy 'o''clock'", "2026 o'clock", '2026-01-01T00:00:00.000Z'],
  ["yyyy ''MM", "2026 '07", '2026-07-01T00:00:00.000Z'],
  ['HH:mm', '25:00', undefined],
  ['yyyy-MM-dd', '2026-02-29', undefined],
  ['yyyy-MM-dd', '2026-07-13 ', undefined],
  ['yyyy-MM-dd', '2026-Jul-13', undefined],
  ['yyyy-MMM-dd', '2026-07-13', undefined],
  ['yyyy z', '2026 CET', undefined],
  ['yyyy Z', '2026 +99', undefined],
]

test.each(READ)('%s reads %s', (pattern, text, expected) => {
  expect(instant(pattern, text)).toBe(expected)
})

test.each([
  ['', 'Invalid pattern specification'],
  ['yyyy-Q', 'Illegal pattern component: Q'],
  ['YYYY-ww', 'Pattern letter w is not offered by lakelet'],
  ['yyyy G', 'Pattern letter G is not offered by lakelet'],
  ['ZZZ', 'Zone ids (Z three times) are not offered by lakelet: use ZZ'],
])('the pattern %j is refused: %s', (pattern, reason) => {
  expect(() => parseJodaPattern(pattern)).toThrow(reason)
})
