import { describe, expect, test } from 'vitest'
import {
  type BrokenDownTime,
  brokenDown,
  epochSeconds,
} from '../../../../src/delivery/processing/jq/broken-down-time.ts'
import { formatTime } from '../../../../src/delivery/processing/jq/strftime.ts'

/** Friday, 2021-01-01 03:04:05: of week 53 of 2020. */
const NEW_YEAR = brokenDown(Date.UTC(2021, 0, 1, 3, 4, 5) / 1000)

/** As glibc's `date -u` prints them. */
const CASES: readonly (readonly [format: string, text: string])[] = [
  ['%Y-%m-%dT%H:%M:%SZ', '2021-01-01T03:04:05Z'],
  ['%F %T %R', '2021-01-01 03:04:05 03:04'],
  ['%a %A %b %B %h', 'Fri Friday Jan January Jan'],
  ['%c', 'Fri Jan  1 03:04:05 2021'],
  ['%C %y %g %G', '20 21 20 2020'],
  ['%D %x %X', '01/01/21 01/01/21 03:04:05'],
  ['%e|%k|%l|%I', ' 1| 3| 3|03'],
  ['%j %U %V %W %u %w', '001 00 53 00 5 5'],
  ['%p %P %r', 'AM am 03:04:05 AM'],
  ['%s %z %Z', '1609470245 +0000 UTC'],
  ['%-d/%-m/%_H/%05d/%^a/%#Z', '1/1/ 3/00001/FRI/utc'],
  ['%EY %Od', '2021 01'],
  ['100%%%n%t', '100%\n\t'],
  ['%Q %', '%Q %'],
  ['Ã©', 'Ã©'],
]

describe('strftime', () => {
  test.each(CASES)('%j', (format, text) => {
    expect(formatTime(format, NEW_YEAR)).toBe(text)
  })

  test.each([
    ['2019-12-30', '2020-W01-1 52 52'],
    ['2020-12-31', '2020-W53-4 52 52'],
    ['2024-12-31', '2025-W01-2 52 53'],
    ['2023-01-01', '2022-W52-7 01 00'],
  ])('weeks at the turn of a year: %s', (date, text) => {
    expect(formatTime('%G-W%V-%u %U %W', brokenDown(Date.parse(date) / 1000))).toBe(text)
  })

  test('broken-down times come back as the seconds they are of', () => {
    for (const seconds of [
      0,
      -1,
      951_782_400,
      1_709_164_800,
      2 ** 31 - 1,
      -(2 ** 31),
      253_402_300_799,
      -62_135_596_800,
    ]) {
      const time: BrokenDownTime = brokenDown(seconds)
      expect(epochSeconds(time)).toBe(seconds)
      expect(formatTime('%s', time)).toBe(String(seconds))
    }
  })

  test('members out of their range carry over', () => {
    const time = brokenDown(0)
    expect(epochSeconds({ ...time, month: 13, day: 32, second: 61 })).toBe(Date.UTC(1971, 2, 4, 0, 1, 1) / 1000)
  })
})
