import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDateTimePattern } from '../../../src/delivery/prefix/date-time-pattern.ts'
import { zonedDate } from '../../../src/delivery/prefix/zoned-date.ts'

/** [pattern, instant, zone, text]: as java.time.format.DateTimeFormatter with Locale.US prints them. */
const cases: [string, string, string, string][] = [
  ['yyyy', '2026-07-03T04:05:06.078Z', 'UTC', '2026'],
  ['yy', '2026-07-03T04:05:06.078Z', 'UTC', '26'],
  ['y', '2026-07-03T04:05:06.078Z', 'UTC', '2026'],
  ['uuuuu', '2026-07-03T04:05:06.078Z', 'UTC', '02026'],
  ['M MM MMM MMMM MMMMM', '2026-07-03T04:05:06.078Z', 'UTC', '7 07 Jul July J'],
  ['L LL LLL LLLL', '2026-07-03T04:05:06.078Z', 'UTC', '7 07 Jul July'],
  ['d dd', '2026-07-03T04:05:06.078Z', 'UTC', '3 03'],
  ['D DD DDD', '2026-01-09T00:00:00Z', 'UTC', '9 09 009'],
  ['DDD', '2024-12-31T00:00:00Z', 'UTC', '366'],
  ['H HH', '2026-07-03T04:05:06.078Z', 'UTC', '4 04'],
  ['h a', '2026-07-03T00:05:06.078Z', 'UTC', '12 AM'],
  ['hh a', '2026-07-03T13:05:06.078Z', 'UTC', '01 PM'],
  ['k K', '2026-07-03T00:05:06.078Z', 'UTC', '24 0'],
  ['m mm s ss', '2026-07-03T04:05:06.078Z', 'UTC', '5 05 6 06'],
  ['S SS SSS SSSSSS', '2026-07-03T04:05:06.078Z', 'UTC', '0 07 078 078000'],
  ['A n N', '1970-01-01T00:00:01.5Z', 'UTC', '1500 500000000 1500000000'],
  ['E EEE EEEE EEEEE', '2026-07-03T04:05:06.078Z', 'UTC', 'Fri Fri Friday F'],
  ['e ee eee c ccc', '2026-07-03T04:05:06.078Z', 'UTC', '6 06 Fri 6 Fri'],
  ['Q QQ QQQ QQQQ q', '2026-07-03T04:05:06.078Z', 'UTC', '3 03 Q3 3rd quarter 3'],
  ['G GGGG GGGGG', '2026-07-03T04:05:06.078Z', 'UTC', 'AD Anno Domini A'],
  ['F W', '2026-07-15T00:00:00Z', 'UTC', '3 3'],
  // Week-based year: in the US the week of 1 January is week 1, and it begins on Sunday.
  ['YYYY', '2026-12-26T23:59:59Z', 'UTC', '2026'],
  ['YYYY', '2026-12-27T00:00:00Z', 'UTC', '2027'],
  ['YYYY-ww', '2027-01-01T00:00:00Z', 'UTC', '2027-01'],
  ['YYYY/w', '2026-01-04T00:00:00Z', 'UTC', '2026/2'],
  ['YYYY', '2024-12-29T00:00:00Z', 'UTC', '2025'],
  ["'year='yyyy'/month='MM", '2026-07-03T04:05:06Z', 'UTC', 'year=2026/month=07'],
  ["''yy''", '2026-07-03T04:05:06Z', 'UTC', "'26'"],
  ["'o''clock' H", '2026-07-03T04:05:06Z', 'UTC', "o'clock 4"],
  ['yyyy-MM-dd_HH:mm', '2026-07-03T04:05:06Z', 'UTC', '2026-07-03_04:05'],
  ['yyyy[-MM]', '2026-07-03T04:05:06Z', 'UTC', '2026-07'],
  ['yyyy-MM-dd-HH', '2026-07-03T18:00:00Z', 'Asia/Tokyo', '2026-07-04-03'],
  ['yyyy-MM-dd-HH', '2026-01-01T02:00:00Z', 'America/New_York', '2025-12-31-21'],
  ['HH:mm', '2026-07-03T18:00:00Z', 'Asia/Kolkata', '23:30'],
  ['VV', '2026-07-03T18:00:00Z', 'Asia/Kolkata', 'Asia/Kolkata'],
  ['X XX XXX', '2026-07-03T18:00:00Z', 'Asia/Kolkata', '+0530 +0530 +05:30'],
  ['X XX XXX', '2026-07-03T18:00:00Z', 'UTC', 'Z Z Z'],
  ['x xx xxx', '2026-07-03T18:00:00Z', 'UTC', '+00 +0000 +00:00'],
  ['x Z ZZZZ ZZZZZ', '2026-07-03T18:00:00Z', 'America/New_York', '-04 -0400 GMT-04:00 -04:00'],
  ['O OOOO', '2026-07-03T18:00:00Z', 'Asia/Kolkata', 'GMT+5:30 GMT+05:30'],
  ['O', '2026-07-03T18:00:00Z', 'UTC', 'GMT'],
]

for (const [pattern, instant, zone, text] of cases) {
  test(`${pattern} of ${instant} in ${zone} is ${text}`, () => {
    expect(parseDateTimePattern(pattern)(zonedDate(Date.parse(instant), zone))).toBe(text)
  })
}

const refused: [string, string][] = [
  ['b', 'Unknown pattern letter: b'],
  ['yyyy/foo', 'Unknown pattern letter: f'],
  ['ddd', 'Too many pattern letters: d'],
  ['HHH', 'Too many pattern letters: H'],
  ['MMMMMM', 'Too many pattern letters: M'],
  ['SSSSSSSSSS', 'Too many pattern letters: S'],
  ['aa', 'Too many pattern letters: a'],
  ['V', 'Pattern letter count must be 2: V'],
  ["yyyy'open", "Pattern ends with an incomplete string literal: yyyy'open"],
  ['yyyy{', "Pattern includes reserved character: '{'"],
  ['yyyy#', "Pattern includes reserved character: '#'"],
  ['yyyy]', 'Pattern invalid as it contains ] without previous ['],
  ['z', 'Pattern letter is not supported: z'],
  ['ppH', 'Pattern letter is not supported: p'],
]

for (const [pattern, reason] of refused) {
  test(`the pattern ${pattern} is refused: ${reason}`, () => {
    expect(() => parseDateTimePattern(pattern)).toThrow(reason)
  })
}

test('quoted text comes out as it went in, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (text) => {
      const pattern = `'${text.replaceAll("'", "''")}'`
      expect(parseDateTimePattern(pattern)(zonedDate(0, 'UTC'))).toBe(text)
    }),
  )
})

test('a pattern either formats every instant or is refused when it is read', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.date({ noInvalidDate: true, min: new Date(0) }), (pattern, date) => {
      let format: ReturnType<typeof parseDateTimePattern>
      try {
        format = parseDateTimePattern(pattern)
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalidPattern' })
        return
      }
      expect(typeof format(zonedDate(date.getTime(), 'UTC'))).toBe('string')
    }),
    { numRuns: 2_000 },
  )
})
