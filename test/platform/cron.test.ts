import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CronSchedule, isAtMostEvery5Min, parseCron } from '../../src/platform/cron.ts'

function cron(text: string): CronSchedule {
  const schedule = parseCron(`cron(${text})`)
  if ('problem' in schedule) throw new Error(schedule.problem)
  return schedule
}

function times(text: string, from: string, count: number): string[] {
  const schedule = cron(text)
  const found: string[] = []
  for (let at = schedule.next(Date.parse(from)); at !== undefined && found.length < count; at = schedule.next(at)) {
    found.push(new Date(at).toISOString().slice(0, 16))
  }
  return found
}

describe('the times of an expression', () => {
  test.each([
    // The examples of the Glue guide.
    ['0 10 * * ? *', '2026-01-01T10:00Z', ['2026-01-02T10:00', '2026-01-03T10:00']],
    ['15 12 * * ? *', '2026-01-01T00:00Z', ['2026-01-01T12:15', '2026-01-02T12:15']],
    ['0 18 ? * MON-FRI *', '2026-01-02T00:00Z', ['2026-01-02T18:00', '2026-01-05T18:00']],
    ['0 8 1 * ? *', '2026-01-01T08:00Z', ['2026-02-01T08:00', '2026-03-01T08:00']],
    ['0/15 * * * ? *', '2026-01-01T00:31Z', ['2026-01-01T00:45', '2026-01-01T01:00']],
    ['0/10 * ? * MON-FRI *', '2026-01-02T23:50Z', ['2026-01-05T00:00', '2026-01-05T00:10']],
    ['0/5 8-17 ? * MON-FRI *', '2026-01-02T17:50Z', ['2026-01-02T17:55', '2026-01-05T08:00']],
    // The wildcards.
    ['0 0 L * ? *', '2026-01-31T00:00Z', ['2026-02-28T00:00', '2026-03-31T00:00']],
    ['0 0 L 2 ? *', '2026-03-01T00:00Z', ['2027-02-28T00:00', '2028-02-29T00:00']],
    ['0 0 LW * ? *', '2026-01-01T00:00Z', ['2026-01-30T00:00', '2026-02-27T00:00', '2026-03-31T00:00']],
    ['0 0 15W * ? *', '2026-02-01T00:00Z', ['2026-02-16T00:00', '2026-03-16T00:00', '2026-04-15T00:00']],
    ['0 0 1W * ? *', '2026-08-01T00:00Z', ['2026-08-03T00:00', '2026-09-01T00:00']],
    ['0 0 31W * ? *', '2026-01-01T00:00Z', ['2026-01-30T00:00', '2026-03-31T00:00', '2026-05-29T00:00']],
    ['0 0 ? * 6L *', '2026-01-01T00:00Z', ['2026-01-30T00:00', '2026-02-27T00:00']],
    ['0 0 ? * FRIL *', '2026-01-01T00:00Z', ['2026-01-30T00:00']],
    ['0 0 ? * L *', '2026-01-01T00:00Z', ['2026-01-03T00:00', '2026-01-10T00:00']],
    ['0 0 ? * 2#1 *', '2026-01-01T00:00Z', ['2026-01-05T00:00', '2026-02-02T00:00']],
    ['0 0 ? * SUN#5 *', '2026-01-01T00:00Z', ['2026-03-29T00:00', '2026-05-31T00:00']],
    ['0 0 ? JAN,jul SUN 2027-2028', '2027-07-25T00:00Z', ['2028-01-02T00:00', '2028-01-09T00:00']],
    ['10-20/5,59 0 1 1 ? 2030', '2026-01-01T00:00Z', ['2030-01-01T00:10', '2030-01-01T00:15', '2030-01-01T00:20']],
    ['0 22-2/2 1 1 ? 2030', '2026-01-01T00:00Z', ['2030-01-01T00:00', '2030-01-01T02:00', '2030-01-01T22:00']],
    ['0 0 ? * FRI-MON *', '2026-01-06T00:00Z', ['2026-01-09T00:00', '2026-01-10T00:00', '2026-01-11T00:00']],
    ['0 0 29 FEB ? *', '2097-01-01T00:00Z', ['2104-02-29T00:00']],
    ['0 0 1 1 ? 2198/1', '2197-01-01T00:00Z', ['2198-01-01T00:00', '2199-01-01T00:00']],
    ['  0   0  1 1 ? 2000/100 ', '1999-01-01T00:00Z', ['2000-01-01T00:00', '2100-01-01T00:00']],
  ])('cron(%s) after %s', (text, from, expected) => {
    expect(times(text, from, expected.length)).toEqual(expected)
  })

  test.each(['0 0 31 FEB ? *', '0 0 1 1 ? 1970', '0 0 30 2 ? 2030-2040'])('cron(%s) has none after 2026', (text) => {
    expect(cron(text).next(Date.UTC(2026, 5, 1))).toBeUndefined()
  })
})

describe('what is no expression', () => {
  test.each([
    '',
    'rate(5 minutes)',
    '0 0 * * ? *',
    'cron(0 0 * * ?)',
    'cron(0 0 * * ? * *)',
    'CRON(0 0 * * ? *)',
    'cron(0 0 * * * *)',
    'cron(0 0 ? * ? *)',
    'cron(60 0 * * ? *)',
    'cron(0 24 * * ? *)',
    'cron(0 0 0 * ? *)',
    'cron(0 0 32 * ? *)',
    'cron(0 0 * 13 ? *)',
    'cron(0 0 * JANUARY ? *)',
    'cron(0 0 ? * 0 *)',
    'cron(0 0 ? * 8 *)',
    'cron(0 0 ? * 2#6 *)',
    'cron(0 0 ? * 2#1,3#1 *)',
    'cron(0 0 ? * 2#MON *)',
    'cron(0 0 1,L * ? *)',
    'cron(0 0 L-3 * ? *)',
    'cron(0 0 W * ? *)',
    'cron(0 0 1-5W * ? *)',
    'cron(? 0 * * ? *)',
    'cron(0 0 * L ? *)',
    'cron(0 0 * * ? 1969)',
    'cron(0 0 * * ? 2200)',
    'cron(0 0 * * ? 2030-2020)',
    'cron(0/0 0 * * ? *)',
    'cron(0/60 0 * * ? *)',
    'cron(0/ 0 * * ? *)',
    'cron(1- 0 * * ? *)',
    'cron(1,,2 0 * * ? *)',
    'cron(-5 0 * * ? *)',
    'cron(1.5 0 * * ? *)',
  ])('%s', (text) => {
    expect(parseCron(text)).toEqual({ problem: expect.any(String) })
  })
})

describe("Glue's bound of five minutes", () => {
  test.each([
    ['0/5 * * * ? *', 5],
    ['0/4 * * * ? *', 4],
    ['* * * * ? *', 1],
    ['0,57 * * * ? *', 3],
    // 23:58 and 00:00 of the next day.
    ['0,58 0,23 * * ? *', 2],
    // The same where no day follows another.
    ['0,58 0,23 ? * MON *', 58],
    ['0 0 * * ? *', 1440],
    ['0 0 L * ? *', 28 * 1440],
  ])('cron(%s) comes every %d minutes at most', (text, minutes) => {
    expect(cron(text).leastGapMs()).toBe(minutes * 60_000)
    expect(isAtMostEvery5Min(cron(text))).toBe(minutes >= 5)
  })

  test('what comes once or never is not too often', () => {
    expect(cron('0 0 1 1 ? 2030').leastGapMs()).toBe(Number.POSITIVE_INFINITY)
    expect(cron('* * 31 2 ? *').leastGapMs()).toBe(Number.POSITIVE_INFINITY)
  })
})

/** A second reading of the same rules, by looking at one minute after another. */
interface Field {
  readonly text: string
  readonly values: readonly number[]
}

function field(min: number, max: number): fc.Arbitrary<Field> {
  const value = fc.integer({ min, max })
  const step = fc.integer({ min: 1, max: max - min })
  const upTo = (from: number, to: number, by: number) => {
    const values: number[] = []
    for (let next = from; next <= to; next += by) values.push(next)
    return values
  }
  const part = fc.oneof(
    fc.constant({ text: '*', values: upTo(min, max, 1) }),
    value.map((v) => ({ text: `${v}`, values: [v] })),
    fc.tuple(value, value).map(([a, b]) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)]
      return { text: `${from}-${to}`, values: upTo(from, to, 1) }
    }),
    fc.tuple(value, step).map(([from, by]) => ({ text: `${from}/${by}`, values: upTo(from, max, by) })),
  )
  return fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => ({
    text: parts.map(({ text }) => text).join(','),
    values: parts.flatMap(({ values }) => values),
  }))
}

type IsDay = (date: Date) => boolean

const dayMs = 86_400_000
const isOtherMonth = (date: Date, days: number) =>
  new Date(date.getTime() + days * dayMs).getUTCMonth() !== date.getUTCMonth()
const isWeekday = (date: Date) => date.getUTCDay() >= 1 && date.getUTCDay() <= 5

const dayFields: fc.Arbitrary<{ dom: string; dow: string; isDay: IsDay }> = fc.oneof(
  field(1, 31).map(({ text, values }) => ({
    dom: text,
    dow: '?',
    isDay: (date: Date) => values.includes(date.getUTCDate()),
  })),
  field(1, 7).map(({ text, values }) => ({
    dom: '?',
    dow: text,
    isDay: (date: Date) => values.includes(date.getUTCDay() + 1),
  })),
  fc.constant({ dom: 'L', dow: '?', isDay: (date: Date) => isOtherMonth(date, 1) }),
  fc.integer({ min: 1, max: 7 }).map((day) => ({
    dom: '?',
    dow: `${day}L`,
    isDay: (date: Date) => date.getUTCDay() + 1 === day && isOtherMonth(date, 7),
  })),
  fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 })).map(([day, nth]) => ({
    dom: '?',
    dow: `${day}#${nth}`,
    isDay: (date: Date) => date.getUTCDay() + 1 === day && Math.ceil(date.getUTCDate() / 7) === nth,
  })),
  fc.integer({ min: 1, max: 31 }).map((day) => ({
    dom: `${day}W`,
    dow: '?',
    // The weekday with no other weekday of the month nearer to that day; the day must exist.
    isDay: (date: Date) => {
      const month: Date[] = []
      for (let d = 1; d <= 31; d++) {
        const at = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), d))
        if (at.getUTCMonth() === date.getUTCMonth()) month.push(at)
      }
      if (month.length < day || !isWeekday(date)) return false
      const gap = (at: Date) => Math.abs(at.getUTCDate() - day)
      return month.filter(isWeekday).every((at) => gap(at) >= gap(date))
    },
  })),
)

test('the next time is the first minute that fits', () => {
  fc.assert(
    fc.property(
      field(0, 59),
      field(0, 23),
      dayFields,
      field(1, 12),
      fc.integer({ min: Date.UTC(2023, 11, 1), max: Date.UTC(2028, 2, 1) }),
      (minutes, hours, { dom, dow, isDay }, months, afterMs) => {
        const untilMs = afterMs + 70 * dayMs
        const schedule = cron(`${minutes.text} ${hours.text} ${dom} ${months.text} ${dow} *`)
        let expected: number | undefined
        for (let at = (Math.floor(afterMs / 60_000) + 1) * 60_000; at <= untilMs; at += 60_000) {
          const date = new Date(at)
          if (!months.values.includes(date.getUTCMonth() + 1) || !isDay(date)) {
            at = Math.floor(at / dayMs) * dayMs + dayMs - 60_000
            continue
          }
          if (!hours.values.includes(date.getUTCHours()) || !minutes.values.includes(date.getUTCMinutes())) continue
          expected = at
          break
        }
        const next = schedule.next(afterMs)
        expect(next !== undefined && next <= untilMs ? next : undefined).toBe(expected)
      },
    ),
    { numRuns: 500 },
  )
})
