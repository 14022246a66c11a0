/**
 * AWS's cron expressions: six fields, in UTC.
 *
 *   cron(minutes hours day-of-month month day-of-week year)
 *
 *   minutes 0–59, hours 0–23, month 1–12 or JAN–DEC, year 1970–2199    , - * /
 *   day-of-month 1–31                                                  , - * / ? L W
 *   day-of-week 1–7 or SUN–SAT                                         , - * / ? L #
 *
 * `a/n` is every n-th from a on, `a-b/n` within a range; a range that runs backwards (22-2, FRI-MON) goes round. `L` is the
 * last day of the month, or of the week (7); `6L` the last Friday of the month, `2#1` the first Monday, `15W` the weekday
 * nearest to the 15th within the month, `LW` the last weekday. These stand alone in their field. One of day-of-month and
 * day-of-week is `?`, the other is not ("Cron expressions" of the Glue guide; EventBridge's on `#`).
 */
export interface CronSchedule {
  /** As given. */
  readonly text: string
  /** The first time after `afterMs`, never `afterMs` itself; undefined when there is none up to the end of 2199. */
  next(afterMs: number): number | undefined
  /** Between two times that follow each other, at least; infinite when there is one time at most. */
  leastGapMs(): number
}

const MINUTE_MS = 60_000
const DAY_MINUTES = 24 * 60
const DAY_MS = DAY_MINUTES * MINUTE_MS

/** Glue's bound: a schedule may not come more often. */
export const GLUE_GAP_MS_MIN = 5 * MINUTE_MS

export function isAtMostEvery5Min(schedule: CronSchedule): boolean {
  return schedule.leastGapMs() >= GLUE_GAP_MS_MIN
}

interface FieldKind {
  readonly name: string
  readonly min: number
  readonly max: number
  /** The first one stands for `min`. */
  readonly words: readonly string[]
  /** Whether 22-2 may go round. Years do not come again. */
  readonly isRound: boolean
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

const MINUTES: FieldKind = { name: 'minutes', min: 0, max: 59, words: [], isRound: true }
const HOURS: FieldKind = { name: 'hours', min: 0, max: 23, words: [], isRound: true }
const DAY_OF_MONTH: FieldKind = { name: 'day-of-month', min: 1, max: 31, words: [], isRound: true }
const MONTH: FieldKind = { name: 'month', min: 1, max: 12, words: MONTHS, isRound: true }
const DAY_OF_WEEK: FieldKind = { name: 'day-of-week', min: 1, max: 7, words: WEEKDAYS, isRound: true }
const YEAR: FieldKind = { name: 'year', min: 1970, max: 2199, words: [], isRound: false }

type Problem = { readonly problem: string }

/** The days of a month, ascending. `month` is 1 to 12. */
type DaysOf = (year: number, month: number) => readonly number[]

export function parseCron(text: string): CronSchedule | Problem {
  const fields = /^cron\(([^()]*)\)$/.exec(text)?.[1]?.trim().split(/\s+/)
  if (fields?.length !== 6) {
    return { problem: `${quoted(text)} is not of the form cron(minutes hours day-of-month month day-of-week year)` }
  }
  const [minuteText = '', hourText = '', domText = '', monthText = '', dowText = '', yearText = ''] = fields
  const minutes = parseField(minuteText, MINUTES)
  const hours = parseField(hourText, HOURS)
  const months = parseField(monthText, MONTH)
  const years = parseField(yearText, YEAR)
  const days = parseDays(domText, dowText)
  for (const field of [minutes, hours, days, months, years]) if ('problem' in field) return field
  const { minutesOfDay, ...calendar } = {
    minutesOfDay: list(hours).flatMap((hour) => list(minutes).map((minute) => hour * 60 + minute)),
    days: days as DaysOf,
    months: list(months),
    years: list(years),
  }
  return {
    text,
    next: (afterMs) => nextTime(afterMs, minutesOfDay, calendar),
    leastGapMs: () => leastGapMs(minutesOfDay, calendar),
  }
}

interface Calendar {
  readonly days: DaysOf
  readonly months: readonly number[]
  readonly years: readonly number[]
}

function nextTime(afterMs: number, minutesOfDay: readonly number[], calendar: Calendar): number | undefined {
  for (const dayMs of daysFrom(afterMs, calendar)) {
    const minute = minutesOfDay.find((minute) => dayMs + minute * MINUTE_MS > afterMs)
    if (minute !== undefined) return dayMs + minute * MINUTE_MS
  }
  return undefined
}

/** Starts of the days, in order, from the one that holds `fromMs`. */
function* daysFrom(fromMs: number, { days, months, years }: Calendar): Iterable<number> {
  const firstDayMs = Math.floor(fromMs / DAY_MS) * DAY_MS
  for (const year of years) {
    if (Date.UTC(year + 1, 0, 1) <= firstDayMs) continue
    for (const month of months) {
      for (const day of days(year, month)) {
        const dayMs = Date.UTC(year, month - 1, day)
        if (dayMs >= firstDayMs) yield dayMs
      }
    }
  }
}

function leastGapMs(minutesOfDay: readonly number[], calendar: Calendar): number {
  const first = minutesOfDay[0] ?? 0
  let least = minutesOfDay
    .slice(1)
    .reduce((gap, minute, index) => Math.min(gap, minute - (minutesOfDay[index] ?? 0)), Number.POSITIVE_INFINITY)
  least *= MINUTE_MS
  const overNightMs = (first - (minutesOfDay.at(-1) ?? 0)) * MINUTE_MS
  let before: number | undefined
  for (const dayMs of daysFrom(Date.UTC(YEAR.min, 0, 1), calendar)) {
    if (before !== undefined) {
      least = Math.min(least, dayMs - before + overNightMs)
      if (dayMs - before === DAY_MS) break
    }
    before = dayMs
  }
  return before === undefined ? Number.POSITIVE_INFINITY : least
}

function parseDays(domText: string, dowText: string): DaysOf | Problem {
  if ((domText === '?') === (dowText === '?')) {
    return { problem: 'One of the fields day-of-month and day-of-week must be ?, and the other must not' }
  }
  return dowText === '?' ? parseDaysOfMonth(domText.toUpperCase()) : parseDaysOfWeek(dowText.toUpperCase())
}

function parseDaysOfMonth(text: string): DaysOf | Problem {
  if (text === 'L') return (year, month) => [lastDay(year, month)]
  if (text === 'LW') return (year, month) => [nearestWeekday(year, month, lastDay(year, month))]
  const [, nearest] = /^(\d+)W$/.exec(text) ?? []
  if (nearest !== undefined) {
    const wanted = parseValue(nearest, DAY_OF_MONTH)
    if (typeof wanted !== 'number') return wanted
    return (year, month) => (wanted > lastDay(year, month) ? [] : [nearestWeekday(year, month, wanted)])
  }
  const days = parseField(text, DAY_OF_MONTH)
  if ('problem' in days) return days
  return (year, month) => days.filter((day) => day <= lastDay(year, month))
}

function parseDaysOfWeek(text: string): DaysOf | Problem {
  const [, last, weekday, count] = /^(?:(\w+)L|(\w+)#(\w+))$/.exec(text) ?? []
  if (last !== undefined) {
    const wanted = parseValue(last, DAY_OF_WEEK)
    if (typeof wanted !== 'number') return wanted
    return (year, month) => weekdays(year, month, [wanted]).slice(-1)
  }
  if (weekday !== undefined) {
    const wanted = parseValue(weekday, DAY_OF_WEEK)
    if (typeof wanted !== 'number') return wanted
    if (!/^[1-5]$/.test(count ?? '')) return { problem: `${quoted(text)}: the number behind # is one of 1 to 5` }
    return (year, month) => weekdays(year, month, [wanted]).slice(Number(count) - 1, Number(count))
  }
  const wanted = text === 'L' ? [7] : parseField(text, DAY_OF_WEEK)
  if ('problem' in wanted) return wanted
  return (year, month) => weekdays(year, month, wanted)
}

/** The values of a field, ascending, each once. */
function parseField(text: string, kind: FieldKind): readonly number[] | Problem {
  const values = new Set<number>()
  for (const part of text.split(',')) {
    const some = parsePart(part, kind)
    if ('problem' in some) return some
    for (const value of some) values.add(value)
  }
  return [...values].sort((a, b) => a - b)
}

/** `*`, `a`, `a-b`, each also with `/n`. */
function parsePart(part: string, kind: FieldKind): readonly number[] | Problem {
  const [, range = '', stepText] = /^([^/]+)(?:\/(\d{1,4}))?$/.exec(part) ?? []
  const bounds = parseRange(range, kind, stepText !== undefined)
  if (bounds === undefined) return { problem: `${quoted(part)} is not a value of the field ${kind.name}` }
  if ('problem' in bounds) return bounds
  const step = Number(stepText ?? 1)
  if (step < 1 || step > kind.max) return { problem: `${quoted(part)}: the step is one of 1 to ${kind.max}` }
  const { from, to } = bounds
  const count = kind.max - kind.min + 1
  const length = to >= from ? to - from : to - from + count
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => {
    const value = from + index * step
    return value > kind.max ? value - count : value
  })
}

function parseRange(text: string, kind: FieldKind, hasStep: boolean) {
  if (text === '*') return { from: kind.min, to: kind.max }
  const [, fromText, toText] = /^(\w+)(?:-(\w+))?$/.exec(text) ?? []
  if (fromText === undefined) return undefined
  const from = parseValue(fromText, kind)
  if (typeof from !== 'number') return from
  if (toText === undefined) return { from, to: hasStep ? kind.max : from }
  const to = parseValue(toText, kind)
  if (typeof to !== 'number') return to
  if (to < from && !kind.isRound) return { problem: `${quoted(text)}: the range runs backwards` }
  return { from, to }
}

function parseValue(text: string, { name, min, max, words }: FieldKind): number | Problem {
  const word = words.indexOf(text.toUpperCase())
  if (word !== -1) return min + word
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  return { problem: `${quoted(text)} is not a value of the field ${name}` }
}

function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** SUN is 1. */
function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1
}

function weekdays(year: number, month: number, wanted: readonly number[]): readonly number[] {
  const first = weekdayOf(year, month, 1)
  const days = Array.from({ length: lastDay(year, month) }, (_, index) => index + 1)
  return days.filter((day) => wanted.includes(((first - 1 + day - 1) % 7) + 1))
}

/** Within the month: of Saturday the 1st it is Monday the 3rd. */
function nearestWeekday(year: number, month: number, day: number): number {
  const weekday = weekdayOf(year, month, day)
  if (weekday === 7) return day === 1 ? 3 : day - 1
  if (weekday === 1) return day === lastDay(year, month) ? day - 2 : day + 1
  return day
}

const list = (field: readonly number[] | Problem) => ('problem' in field ? [] : field)

const quoted = (text: string) => `'${text}'`
