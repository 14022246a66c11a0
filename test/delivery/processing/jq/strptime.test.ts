import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type BrokenDownTime,
  brokenDown,
  epochSeconds,
} from '../../../../src/delivery/processing/jq/broken-down-time.ts'
import { formatTime } from '../../../../src/delivery/processing/jq/strftime.ts'
import { parseTime } from '../../../../src/delivery/processing/jq/strptime.ts'

/** As jq hands it over. */
function unset(): BrokenDownTime {
  return { second: 0, minute: 0, hour: 0, day: 0, month: 0, year: 0, weekDay: 8, yearDay: 367 }
}

const CASES: readonly (readonly [text: string, format: string, found: string])[] = [
  ['2015-03-05T23:51:47Z', '%Y-%m-%dT%H:%M:%SZ', '2015-03-05 23:51:47 4 063'],
  ['Thursday, March 05, 2015', '%A, %B %d, %Y', '2015-03-05 00:00:00 4 063'],
  ['thu mar 5 2015', '%a %b %e %Y', '2015-03-05 00:00:00 4 063'],
  ['Thu, 05 Mar 2015 23:51:47 +0100', '%a, %d %b %Y %H:%M:%S %z', '2015-03-05 23:51:47 4 063'],
  ['2024-02-29 CET', '%F %Z', '2024-02-29 00:00:00 4 059'],
  ['03/05/15 11:51:47 PM', '%D %r', '2015-03-05 23:51:47 4 063'],
  ['12 AM 2015-01-01', '%I %p %F', '2015-01-01 00:00:00 4 000'],
  ['05.03.69', '%d.%m.%y', '1969-03-05 00:00:00 3 063'],
  ['05.03.68', '%d.%m.%y', '2068-03-05 00:00:00 1 064'],
  ['19 68-03-05', '%C %y-%m-%d', '1968-03-05 00:00:00 2 064'],
  ['2015064', '%Y%j', '2015-03-05 00:00:00 4 063'],
  ['20150305235147', '%Y%m%d%H%M%S', '2015-03-05 23:51:47 4 063'],
  ['1425599507', '%s', '2015-03-05 23:51:47 4 063'],
  ['2015 09 4', '%Y %U %w', '2015-03-05 00:00:00 4 063'],
  ['2015 09 4', '%Y %W %u', '2015-03-05 00:00:00 4 063'],
  ['  100% 2015-03-05', '%n100%% %F', '2015-03-05 00:00:00 4 063'],
]

describe('strptime', () => {
  test.each(CASES)('%s as %s', (text, format, found) => {
    const time = unset()
    expect(parseTime(text, format, time)).toBe(text.length)
    const { weekDay, yearDay } = time
    const dayOfYear = String(yearDay).padStart(3, '0')
    expect(`${formatTime('%F %T', time)} ${weekDay} ${dayOfYear}`).toBe(found)
  })

  test.each([
    ['2015-13-05', '%Y-%m-%d'],
    ['2015-03', '%Y-%m-%d'],
    ['x', '%Y'],
    ['Someday', '%A'],
    ['2015', '%Q'],
    ['2015', '%Y-'],
    ['00', '%d'],
    ['24', '%H'],
    ['62', '%S'],
  ])('%s is not of the form %s', (text, format) => {
    expect(parseTime(text, format, unset())).toBeUndefined()
  })

  test('it tells where it stopped', () => {
    expect(parseTime('2015-03-05 rest', '%Y-%m-%d', unset())).toBe(10)
  })

  test('it reads what strftime writes', () => {
    const formats = ['%Y-%m-%dT%H:%M:%SZ', '%c', '%s', '%Y %j %T', '%A %d %B %Y %I:%M:%S %p', '%Y-W%W-%u %X']
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_799 }), fc.constantFrom(...formats), (seconds, format) => {
        const time = unset()
        const text = formatTime(format, brokenDown(seconds))
        expect(parseTime(text, format, time)).toBe(text.length)
        expect(epochSeconds(time)).toBe(seconds)
      }),
    )
  })
})
