/**
 * Java's `DateTimeFormatter` patterns, formatting only, for the US-English locale that Firehose's servers run in.
 * Rules of letters and counts are those of `java.time.format.DateTimeFormatterBuilder.appendPattern`.
 *
 * Not offered, and refused by name: `v` and `z` (localised zone names), `p` (padding), `B` and `g` (newer Java only).
 */
import { Refusal } from '../../platform/refusal.ts'
import type { ZonedDate } from './zoned-date.ts'

export type DateTimePattern = (date: ZonedDate) => string

/** Throws a Refusal 'invalidPattern' whose message is Java's reason. */
export function parseDateTimePattern(pattern: string): DateTimePattern {
  const pieces: DateTimePattern[] = []
  let openSections = 0
  let at = 0
  while (at < pattern.length) {
    const character = pattern[at] as string
    if (/[A-Za-z]/.test(character)) {
      const end = endOfRun(pattern, at)
      pieces.push(field(character, end - at))
      at = end
    } else if (character === "'") {
      const { text, end } = quotedText(pattern, at)
      pieces.push(() => text)
      at = end
    } else {
      if (character === '[') openSections += 1
      else if (character === ']') openSections -= 1
      else if (RESERVED.includes(character)) throw invalid(`Pattern includes reserved character: '${character}'`)
      else pieces.push(() => character)
      if (openSections < 0) throw invalid('Pattern invalid as it contains ] without previous [')
      at += 1
    }
  }
  return (date) => pieces.map((piece) => piece(date)).join('')
}

const RESERVED = ['{', '}', '#']

type Field = (date: ZonedDate, count: number) => string

interface FieldRule {
  /** Counts of the letter that Java takes. */
  readonly counts: readonly number[]
  readonly format: Field
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ')
const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

const UP_TO_TWO = [1, 2]
const TEXT_WIDTHS = [1, 2, 3, 4, 5]
const YEAR_WIDTHS = range(1, 18)

const FIELDS: Readonly<Record<string, FieldRule>> = {
  G: { counts: TEXT_WIDTHS, format: ({ year }, count) => era(year, count) },
  y: { counts: YEAR_WIDTHS, format: ({ year }, count) => yearText(year > 0 ? year : 1 - year, count) },
  u: { counts: YEAR_WIDTHS, format: ({ year }, count) => yearText(year, count) },
  Y: { counts: YEAR_WIDTHS, format: (date, count) => yearText(weekDate(date).year, count) },
  w: { counts: UP_TO_TWO, format: (date, count) => padded(weekDate(date).week, count) },
  W: { counts: [1], format: (date) => String(weekOfMonth(date)) },
  Q: { counts: TEXT_WIDTHS, format: quarterText },
  q: { counts: TEXT_WIDTHS, format: quarterText },
  M: { counts: TEXT_WIDTHS, format: monthText },
  L: { counts: TEXT_WIDTHS, format: monthText },
  d: { counts: UP_TO_TWO, format: ({ day }, count) => padded(day, count) },
  D: { counts: [1, 2, 3], format: (date, count) => padded(dayOfYear(date), count) },
  F: { counts: [1], format: ({ day }) => String(Math.floor((day - 1) / 7) + 1) },
  E: { counts: TEXT_WIDTHS, format: (date, count) => weekdayText(date, Math.max(count, 3)) },
  e: { counts: TEXT_WIDTHS, format: weekdayText },
  c: { counts: [1, 3, 4, 5], format: weekdayText },
  a: { counts: [1], format: ({ hour }) => (hour < 12 ? 'AM' : 'PM') },
  h: { counts: UP_TO_TWO, format: ({ hour }, count) => padded(hour % 12 || 12, count) },
  H: { counts: UP_TO_TWO, format: ({ hour }, count) => padded(hour, count) },
  k: { counts: UP_TO_TWO, format: ({ hour }, count) => padded(hour || 24, count) },
  K: { counts: UP_TO_TWO, format: ({ hour }, count) => padded(hour % 12, count) },
  m: { counts: UP_TO_TWO, format: ({ minute }, count) => padded(minute, count) },
  s: { counts: UP_TO_TWO, format: ({ second }, count) => padded(second, count) },
  S: { counts: range(1, 9), format: ({ millisecond }, count) => `${padded(millisecond, 3)}000000`.slice(0, count) },
  A: { counts: range(1, 19), format: (date, count) => padded(milliOfDay(date), count) },
  n: { counts: range(1, 19), format: ({ millisecond }, count) => padded(millisecond * 1_000_000, count) },
  N: { counts: range(1, 19), format: (date, count) => padded(milliOfDay(date) * 1_000_000, count) },
  V: { counts: [2], format: ({ timeZone }) => timeZone },
  O: { counts: [1, 4], format: ({ offsetSeconds }, count) => localisedOffset(offsetSeconds, count) },
  X: {
    counts: TEXT_WIDTHS,
    format: ({ offsetSeconds }, count) => (offsetSeconds === 0 ? 'Z' : offset(offsetSeconds, count)),
  },
  x: { counts: TEXT_WIDTHS, format: ({ offsetSeconds }, count) => offset(offsetSeconds, count) },
  Z: { counts: TEXT_WIDTHS, format: ({ offsetSeconds }, count) => zoneOffset(offsetSeconds, count) },
}

const NOT_OFFERED = ['v', 'z', 'p', 'B', 'g']

function field(letter: string, count: number): DateTimePattern {
  if (NOT_OFFERED.includes(letter)) throw invalid(`Pattern letter is not supported: ${letter}`)
  const rule = FIELDS[letter]
  if (rule === undefined) throw invalid(`Unknown pattern letter: ${letter}`)
  if (!rule.counts.includes(count)) {
    throw invalid(letter === 'V' ? 'Pattern letter count must be 2: V' : `Too many pattern letters: ${letter}`)
  }
  return (date) => rule.format(date, count)
}

function endOfRun(pattern: string, start: number): number {
  let end = start
  while (pattern[end] === pattern[start]) end += 1
  return end
}

/** Text in quotes is literal; two quotes are one quote, inside and outside. */
function quotedText(pattern: string, start: number): { text: string; end: number } {
  let text = ''
  for (let at = start + 1; at < pattern.length; at++) {
    if (pattern[at] !== "'") text += pattern[at]
    else if (pattern[at + 1] === "'") {
      text += "'"
      at += 1
    } else return { text: text === '' ? "'" : text, end: at + 1 }
  }
  throw invalid(`Pattern ends with an incomplete string literal: ${pattern}`)
}

function invalid(reason: string): Refusal {
  return new Refusal('invalidPattern', reason)
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0')
}

/** Two letters mean the last two digits; four or more pad and show a sign beyond their width. */
function yearText(year: number, count: number): string {
  if (count === 2) return padded(((year % 100) + 100) % 100, 2)
  const digits = padded(Math.abs(year), count)
  if (year < 0) return `-${digits}`
  return count >= 4 && digits.length > count ? `+${digits}` : digits
}

function era(year: number, count: number): string {
  if (count === 4) return year > 0 ? 'Anno Domini' : 'Before Christ'
  if (count === 5) return year > 0 ? 'A' : 'B'
  return year > 0 ? 'AD' : 'BC'
}

function quarterText({ month }: ZonedDate, count: number): string {
  const quarter = Math.floor((month - 1) / 3) + 1
  if (count === 3) return `Q${quarter}`
  if (count === 4) return `${['1st', '2nd', '3rd', '4th'][quarter - 1]} quarter`
  return count === 5 ? String(quarter) : padded(quarter, count)
}

function monthText({ month }: ZonedDate, count: number): string {
  return count < 3 ? padded(month, count) : nameText(MONTHS[month - 1] as string, count)
}

function weekdayText(date: ZonedDate, count: number): string {
  return count < 3 ? padded(weekday(date) + 1, count) : nameText(WEEKDAYS[weekday(date)] as string, count)
}

function nameText(name: string, count: number): string {
  if (count === 4) return name
  return name.slice(0, count === 5 ? 1 : 3)
}

/** 0 is Sunday, the first day of the week in the US. */
function weekday({ year, month, day }: ZonedDate): number {
  return new Date(utcDay(year, month, day)).getUTCDay()
}

const DAY_MS = 86_400_000

function utcDay(year: number, month: number, day: number): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getTime()
}

function dayOfYear({ year, month, day }: ZonedDate): number {
  return Math.round((utcDay(year, month, day) - utcDay(year, 1, 1)) / DAY_MS) + 1
}

/** US weeks: they start on Sunday, and the week of 1 January is week 1 of its year even when it begins in December. */
function weekDate(date: ZonedDate): { year: number; week: number } {
  const startOfNextYear = utcDay(date.year + 1, 1, 1)
  const firstWeekOfNextYear = startOfNextYear - new Date(startOfNextYear).getUTCDay() * DAY_MS
  if (utcDay(date.year, date.month, date.day) >= firstWeekOfNextYear) return { year: date.year + 1, week: 1 }
  const weekdayOfNewYear = new Date(utcDay(date.year, 1, 1)).getUTCDay()
  return { year: date.year, week: Math.floor((dayOfYear(date) - 1 + weekdayOfNewYear) / 7) + 1 }
}

function weekOfMonth({ year, month, day }: ZonedDate): number {
  const weekdayOfFirst = new Date(utcDay(year, month, 1)).getUTCDay()
  return Math.floor((day - 1 + weekdayOfFirst) / 7) + 1
}

function milliOfDay({ hour, minute, second, millisecond }: ZonedDate): number {
  return ((hour * 60 + minute) * 60 + second) * 1000 + millisecond
}

/** 1: hours, minutes if any · 2: +0130 · 3: +01:30 · 4, 5: with seconds if any. */
function offset(offsetSeconds: number, count: number): string {
  const { sign, hours, minutes, seconds } = offsetParts(offsetSeconds)
  const colon = count === 3 || count === 5 ? ':' : ''
  if (count === 1) return `${sign}${hours}${minutes === '00' ? '' : minutes}`
  return `${sign}${hours}${colon}${minutes}${count > 3 && seconds !== '00' ? `${colon}${seconds}` : ''}`
}

function zoneOffset(offsetSeconds: number, count: number): string {
  if (count < 4) return offset(offsetSeconds, 2)
  if (count === 4) return localisedOffset(offsetSeconds, 4)
  return offsetSeconds === 0 ? 'Z' : offset(offsetSeconds, 5)
}

function localisedOffset(offsetSeconds: number, count: number): string {
  if (offsetSeconds === 0) return 'GMT'
  if (count === 4) return `GMT${offset(offsetSeconds, 5)}`
  const { sign, hours, minutes } = offsetParts(offsetSeconds)
  return `GMT${sign}${Number(hours)}${minutes === '00' ? '' : `:${minutes}`}`
}

function offsetParts(offsetSeconds: number): { sign: string; hours: string; minutes: string; seconds: string } {
  const total = Math.abs(offsetSeconds)
  return {
    sign: offsetSeconds < 0 ? '-' : '+',
    hours: padded(Math.floor(total / 3600), 2),
    minutes: padded(Math.floor(total / 60) % 60, 2),
    seconds: padded(total % 60, 2),
  }
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
