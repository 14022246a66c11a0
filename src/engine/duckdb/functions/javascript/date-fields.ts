/** A wall clock taken apart for formatters, and what parsers gather put together. */
import { civilFromDays, daysFromCivil, daysInMonth, isoYearStart } from './calendar.ts'

const MILLIS_PER_DAY = 86_400_000n

export interface Clock {
  readonly days: number
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millis: number
}

export function clockOf(localMillis: bigint): Clock {
  const inDay = ((localMillis % MILLIS_PER_DAY) + MILLIS_PER_DAY) % MILLIS_PER_DAY
  const days = Number((localMillis - inDay) / MILLIS_PER_DAY)
  const millis = Number(inDay)
  return {
    ...civilFromDays(days),
    days,
    hour: Math.floor(millis / 3_600_000),
    minute: Math.floor(millis / 60_000) % 60,
    second: Math.floor(millis / 1000) % 60,
    millis: millis % 1000,
  }
}

/** What a parser has found; later findings replace earlier ones. */
export interface Found {
  year?: number
  month?: number
  day?: number
  dayOfYear?: number
  weekYear?: number
  week?: number
  dayOfWeek?: number
  hour?: number
  /** Of 12: 12 counts as 0. */
  hourOfHalf?: number
  isAfternoon?: boolean
  minute?: number
  second?: number
  picosOfSecond?: bigint
  zone?: string
}

const DEFAULT_YEAR = 1970
/** Parsing starts from a leap year, so that February 29 without a year is a date. */
const DEFAULT_LEAP_YEAR = 2000

/** Picoseconds since the epoch on the wall clock; undefined when a field is out of its range. */
export function picosOf(found: Found): bigint | undefined {
  const days = daysOf(found)
  if (days === undefined) return undefined
  const half = found.hourOfHalf === undefined ? undefined : (found.hourOfHalf % 12) + (found.isAfternoon ? 12 : 0)
  const hour = found.hour ?? half ?? (found.isAfternoon ? 12 : 0)
  const { minute = 0, second = 0, picosOfSecond = 0n } = found
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const seconds = BigInt(days) * 86_400n + BigInt(hour * 3600 + minute * 60 + second)
  return seconds * 1_000_000_000_000n + picosOfSecond
}

function daysOf(found: Found): number | undefined {
  if (found.week !== undefined || found.weekYear !== undefined) {
    const { weekYear = found.year ?? DEFAULT_YEAR, week = 1, dayOfWeek = 1 } = found
    if (week < 1 || week > 53) return undefined
    return isoYearStart(weekYear) + (week - 1) * 7 + dayOfWeek - 1
  }
  if (found.dayOfYear !== undefined) {
    const year = found.year ?? DEFAULT_YEAR
    if (found.dayOfYear < 1 || found.dayOfYear > daysFromCivil(year + 1, 1, 1) - daysFromCivil(year, 1, 1))
      return undefined
    return daysFromCivil(year, 1, 1) + found.dayOfYear - 1
  }
  const { month = 1, day = 1 } = found
  const year = found.year ?? (month === 2 && day === 29 ? DEFAULT_LEAP_YEAR : DEFAULT_YEAR)
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  return daysFromCivil(year, month, day)
}

/** The two-digit years that parsers read: 70 … 99 are of the last century. */
export function pivotYear(twoDigits: number, pivot: number): number {
  const low = pivot - 50
  const offset = (((twoDigits - low) % 100) + 100) % 100
  return low + offset
}

export function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** `+12001`, `-0044`, `2024`. */
export function yearText(year: number): string {
  const digits = String(Math.abs(year)).padStart(4, '0')
  if (year < 0) return `-${digits}`
  return year > 9999 ? `+${digits}` : digits
}

export function splitPicos(picos: bigint): { readonly us: bigint; readonly picos: number } {
  const rest = ((picos % 1_000_000n) + 1_000_000n) % 1_000_000n
  return { us: (picos - rest) / 1_000_000n, picos: Number(rest) }
}
