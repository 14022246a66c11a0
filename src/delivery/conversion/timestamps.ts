/**
 * Instants of timestamp columns, as a day since 1970-01-01 and nanoseconds of that day, in UTC. Forms of A11:
 *
 *   yyyy-MM-dd'T'HH:mm:ss[.f]['Z']        up to nine digits of fraction
 *   yyyy-[M]M-[d]d [H]H:[m]m:[s]s[.f]     java.sql.Timestamp.valueOf
 *   seconds since 1970, whole or with a fraction; from 1e12 on milliseconds
 *
 * Days that a calendar does not have (February 30th) and hours past 23 are refused, where Java would count on. So are
 * years other than 1 to 9999, which is what readers print.
 */

export interface Instant {
  readonly day: number
  readonly nanos: number
}

const NANOS_PER_DAY = 86_400_000_000_000
const MS_PER_DAY = 86_400_000
const DAY_MIN = dayOf(1, 1, 1)
const DAY_MAX = dayOf(9999, 12, 31)
/** From here on an epoch number counts milliseconds: seen on AWS, and what the SerDe's "13 digits" comes to. */
const MILLISECONDS_FROM = 1e12

const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z?$/
const SQL = /^(\d{4})-(\d\d?)-(\d\d?) (\d\d?):(\d\d?):(\d\d?)(?:\.(\d{1,9}))?$/
const DATE = /^(\d{4})-(\d\d?)-(\d\d?)$/
const EPOCH = /^([+-]?)(\d{1,15})(?:\.(\d*))?$/
const EXPONENT = /^[+-]?(?:\d+\.?\d*|\.\d+)[eE][+-]?\d{1,3}$/

/** All forms of the OpenX deserialiser, in text or as a number's text. */
export function openXTimestamp(text: string): Instant | undefined {
  const parts = ISO.exec(text)
  return parts ? fromParts(parts) : (sqlTimestamp(text) ?? epochTimestamp(text.trim()))
}

/** java.sql.Timestamp.valueOf */
export function sqlTimestamp(text: string): Instant | undefined {
  const parts = SQL.exec(text.trim())
  return parts ? fromParts(parts) : undefined
}

/** java.sql.Date.valueOf, as days since 1970. */
export function sqlDate(text: string): number | undefined {
  const parts = DATE.exec(text)
  return parts ? checkedDay(Number(parts[1]), Number(parts[2]), Number(parts[3])) : undefined
}

export function epochTimestamp(text: string): Instant | undefined {
  const parts = EPOCH.exec(text)
  if (parts === null) return EXPONENT.test(text) ? epochNumber(Number(text)) : undefined
  const [, sign = '', whole = '', fraction = ''] = parts
  const units = Number(whole)
  const isMs = units >= MILLISECONDS_FROM
  const perDay = isMs ? MS_PER_DAY : 86_400
  const nanosPerUnit = isMs ? 1_000_000 : 1_000_000_000
  const fractionNanos = Math.floor(Number(fraction.slice(0, 9).padEnd(9, '0')) / (isMs ? 1000 : 1))
  const day = Math.floor(units / perDay)
  const nanos = (units - day * perDay) * nanosPerUnit + fractionNanos
  if (sign !== '-') return checked(day, nanos)
  return nanos === 0 ? checked(-day, 0) : checked(-day - 1, NANOS_PER_DAY - nanos)
}

/** Written with an exponent: as exact as a double is. */
function epochNumber(value: number): Instant | undefined {
  return fromMillis(Math.round(epochMillis(value)))
}

export const epochMillis = (units: number): number => (Math.abs(units) >= MILLISECONDS_FROM ? units : units * 1000)

export function fromMillis(ms: number): Instant | undefined {
  const day = Math.floor(ms / MS_PER_DAY)
  return checked(day, (ms - day * MS_PER_DAY) * 1_000_000)
}

/** undefined for what no calendar has. `fraction` are digits behind the point. */
export function civilTimestamp(
  year: number,
  month: number,
  date: number,
  time: { readonly hour: number; readonly minute: number; readonly second: number; readonly fraction: string },
): Instant | undefined {
  const day = checkedDay(year, month, date)
  const { hour, minute, second, fraction } = time
  if (day === undefined || hour > 23 || minute > 59 || second > 59) return undefined
  const fractionNanos = fraction === '' ? 0 : Number(fraction.padEnd(9, '0'))
  return checked(day, (hour * 3600 + minute * 60 + second) * 1_000_000_000 + fractionNanos)
}

function fromParts([, year, month, date, hour, minute, second, fraction = '']: RegExpExecArray): Instant | undefined {
  return civilTimestamp(Number(year), Number(month), Number(date), {
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    fraction,
  })
}

export function checked(day: number, nanos: number): Instant | undefined {
  return day >= DAY_MIN && day <= DAY_MAX ? { day, nanos } : undefined
}

function checkedDay(year: number, month: number, date: number): number | undefined {
  if (year < 1 || month < 1 || month > 12 || date < 1 || date > daysOfMonth(year, month)) return undefined
  return dayOf(year, month, date)
}

export function daysOfMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
}

/** Days since 1970 in the Gregorian calendar, counted in years that begin in March. */
export function dayOf(year: number, month: number, date: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

/**
 * `2026-07-13T14:15:16.789Z`, the commonest form, from bytes; undefined for any other, which the rules above decide.
 * Writes into `out`, so that nothing is made per value.
 */
export function readIsoBytes(
  bytes: Uint8Array,
  from: number,
  to: number,
  out: { day: number; nanos: number },
): boolean {
  const length = to - from
  if (length < 20 || length > 30 || bytes[to - 1] !== 0x5a || bytes[from + 10] !== 0x54) return false
  if (bytes[from + 4] !== 0x2d || bytes[from + 7] !== 0x2d || bytes[from + 13] !== 0x3a || bytes[from + 16] !== 0x3a)
    return false
  const century = twoDigits(bytes, from)
  const yearOfCentury = twoDigits(bytes, from + 2)
  const month = twoDigits(bytes, from + 5)
  const date = twoDigits(bytes, from + 8)
  const hour = twoDigits(bytes, from + 11)
  const minute = twoDigits(bytes, from + 14)
  const second = twoDigits(bytes, from + 17)
  // Every text that is no digit makes a NaN, and no comparison with that is true.
  if (!(century >= 0 && yearOfCentury >= 0 && hour <= 23 && minute <= 59 && second <= 59)) return false
  const year = century * 100 + yearOfCentury
  if (!(year >= 1 && month >= 1 && month <= 12 && date >= 1 && date <= daysOfMonth(year, month))) return false
  let fraction = 0
  if (length > 20) {
    if (bytes[from + 19] !== 0x2e || length === 21) return false
    let unit = 100_000_000
    for (let at = from + 20; at < to - 1; at++, unit /= 10) {
      const digit = (bytes[at] as number) - 0x30
      if (digit < 0 || digit > 9) return false
      fraction += digit * unit
    }
  }
  out.day = dayOf(year, month, date)
  out.nanos = (hour * 3600 + minute * 60 + second) * 1_000_000_000 + fraction
  return true
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - 0x30
  const ones = (bytes[at + 1] as number) - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}
