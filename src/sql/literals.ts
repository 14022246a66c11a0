/**
 * The values of literals: what stands between the quotes, read as Trino reads it. Each reader answers undefined when the
 * text is no such value; the analyser turns that into INVALID_LITERAL with the place.
 */
import { normalizeJson } from './json-text.ts'
import { canonicalZone, fixedOffsetMinutes, localToEpochMs } from './time-zones.ts'
import type { IntervalField } from './tree.ts'
import type { ConstantValue } from './typed-tree.ts'
import {
  bigint,
  boolean,
  charOf,
  date,
  decimal,
  double,
  integer,
  ipaddress,
  json,
  real,
  type SqlType,
  smallint,
  time,
  timestamp,
  timestampWithTimeZone,
  timeWithTimeZone,
  tinyint,
  uuid,
  varcharOf,
} from './types.ts'

export interface TypedLiteral {
  readonly type: SqlType
  readonly value: ConstantValue
}

const DECIMAL_DIGITS_MAX = 38
const DIGITS_MAX = 12
const DAY_MS = 86_400_000
const PICOS_PER_SECOND = 1_000_000_000_000n
const INT_MAX = 2_147_483_647n
const LONG_MAX = 9_223_372_036_854_775_807n
/** A zoned timestamp keeps its milliseconds in 52 bits. */
const ZONED_MS_MAX = 2 ** 51 - 1

// ---------------------------------------------------------------- numbers and text

/** `123`: integer when it fits, else bigint; undefined beyond that. */
export function integerLiteral(text: string): TypedLiteral | undefined {
  const value = BigInt(text.replaceAll('_', ''))
  if (value >= -INT_MAX - 1n && value <= INT_MAX) return { type: integer, value }
  return value >= -LONG_MAX - 1n && value <= LONG_MAX ? { type: bigint, value } : undefined
}

export function doubleLiteral(text: string): TypedLiteral {
  return { type: double, value: Number(text.replaceAll('_', '')) }
}

/** Length counts code points. */
export function stringLiteral(value: string): TypedLiteral {
  return { type: varcharOf([...value].length), value }
}

const DECIMAL = /^([+-]?)(\d[\d_]*)?(?:\.(\d[\d_]*)?)?$/

/** `DECIMAL '-001.50'` is decimal(3,2): zeros in front do not count. */
export function decimalLiteral(text: string): TypedLiteral | undefined {
  const match = DECIMAL.exec(text.trim())
  if (match === null || (match[2] === undefined && match[3] === undefined)) return undefined
  const whole = (match[2] ?? '').replaceAll('_', '').replace(/^0+/, '')
  const fraction = (match[3] ?? '').replaceAll('_', '')
  const precision = Math.max(1, whole.length + fraction.length)
  if (precision > DECIMAL_DIGITS_MAX) return undefined
  const unscaled = BigInt(whole + fraction || '0')
  return { type: decimal(precision, fraction.length), value: match[1] === '-' ? -unscaled : unscaled }
}

// ---------------------------------------------------------------- dates and times

/** Days since the epoch; undefined for a day no calendar has, or one that 32 bits cannot count. */
export function dateLiteral(text: string): TypedLiteral | undefined {
  const match = /^[\s\x1c-\x1f]*([+-]?\d{1,9})-(\d{1,2})-(\d{1,2})[\s\x1c-\x1f]*$/.exec(text)
  if (match === null) return undefined
  const days = daysOf(Number(match[1]), Number(match[2]), Number(match[3]))
  return days === undefined || days > Number(INT_MAX) || days < -Number(INT_MAX) - 1
    ? undefined
    : { type: date, value: days }
}

const TIMESTAMP =
  /^\s*([+-]?\d{4,})-(\d{1,2})-(\d{1,2})(?: (?:(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?)?\s*(.+?)?)?\s*$/

/** The zone in the text decides whether the type has one; the digits of the fraction are the precision. */
export function timestampLiteral(text: string): TypedLiteral | undefined {
  const match = TIMESTAMP.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zoneText] = match
  const days = daysOf(Number(year), Number(month), Number(day))
  if (days === undefined || !isTimeOfDay(hour, minute, second) || fraction.length > DIGITS_MAX) return undefined
  const localSeconds = days * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second)
  const { micros, picos } = fractionParts(fraction)
  if (zoneText === undefined) {
    const epochMicros = BigInt(localSeconds) * 1_000_000n + micros
    if (epochMicros > LONG_MAX || epochMicros < -LONG_MAX - 1n) return undefined
    return { type: timestamp(fraction.length), value: { epochMicros, picos } }
  }
  const zone = canonicalZone(zoneText)
  if (zone === undefined || Math.abs(localSeconds * 1000) > ZONED_MS_MAX) return undefined
  const epochMicros = BigInt(localToEpochMs(localSeconds * 1000, zone)) * 1000n + micros
  return { type: timestampWithTimeZone(fraction.length), value: { epochMicros, picos, zone } }
}

const TIME = /^\s*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?\s*([+-]\d{2}:\d{2})?\s*$/

export function timeLiteral(text: string): TypedLiteral | undefined {
  const match = TIME.exec(text)
  if (match === null) return undefined
  const [, hour = '0', minute = '0', second = '0', fraction = '', offset] = match
  if (!isTimeOfDay(hour, minute, second) || fraction.length > DIGITS_MAX) return undefined
  const seconds = BigInt(Number(hour) * 3600 + Number(minute) * 60 + Number(second))
  const picosOfDay = seconds * PICOS_PER_SECOND + BigInt(fraction.padEnd(DIGITS_MAX, '0'))
  if (offset === undefined) return { type: time(fraction.length), value: picosOfDay }
  const offsetMinutes = fixedOffsetMinutes(offset)
  if (offsetMinutes === undefined) return undefined
  return { type: timeWithTimeZone(fraction.length), value: { picosOfDay, offsetMinutes } }
}

function daysOf(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1) return undefined
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  if (day > (lengths[month - 1] ?? 0)) return undefined
  // Days by era of 400 years (Howard Hinnant's days_from_civil), since Date ends at year 275,760.
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

function isTimeOfDay(hour: string, minute: string, second: string): boolean {
  return Number(hour) <= 23 && Number(minute) <= 59 && Number(second) <= 59
}

function fractionParts(fraction: string): { micros: bigint; picos: number } {
  const padded = fraction.padEnd(DIGITS_MAX, '0')
  return { micros: BigInt(padded.slice(0, 6)), picos: Number(padded.slice(6)) }
}

// ---------------------------------------------------------------- intervals

const FIELDS: readonly IntervalField[] = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND']
const FIELD_MS: Readonly<Record<string, number>> = { DAY: DAY_MS, HOUR: 3_600_000, MINUTE: 60_000, SECOND: 1000 }

/**
 * `INTERVAL '2 10:20:30.5' DAY TO SECOND`: milliseconds, digits beyond the third are cut. `INTERVAL '3-6' YEAR TO MONTH`:
 * months. A sign in the text is allowed on top of the one before it.
 */
export function intervalLiteral(
  text: string,
  sign: 1 | -1,
  from: IntervalField,
  to: IntervalField = from,
): TypedLiteral | undefined {
  const [first, last] = [FIELDS.indexOf(from), FIELDS.indexOf(to)]
  const ofYears = first <= 1
  if (last < first || ofYears !== last <= 1) return undefined
  const match = /^\s*([+-]?)(.*?)\s*$/.exec(text)
  const direction = BigInt(sign) * (match?.[1] === '-' ? -1n : 1n)
  const fields = FIELDS.slice(first, last + 1)
  const numbers = intervalNumbers(match?.[2] ?? '', fields)
  if (numbers === undefined) return undefined
  let total = 0n
  for (const [index, field] of fields.entries()) {
    const number = numbers[index] ?? '0'
    const [whole = '0', fraction = ''] = number.split('.')
    const unit = ofYears ? (field === 'YEAR' ? 12 : 1) : (FIELD_MS[field] ?? 0)
    total += BigInt(whole) * BigInt(unit) + BigInt(fraction.slice(0, 3).padEnd(3, '0'))
  }
  if (total > (ofYears ? INT_MAX : LONG_MAX)) return undefined
  return { type: { kind: ofYears ? 'interval year to month' : 'interval day to second' }, value: direction * total }
}

/** Years and months are joined by `-`, days and hours by a blank, the rest by `:`. Later fields may be left out. */
function intervalNumbers(text: string, fields: readonly IntervalField[]): string[] | undefined {
  const separators = fields.slice(1).map((field) => (field === 'MONTH' ? '-' : field === 'HOUR' ? ' +' : ':'))
  const numbers = fields.map((field) => (field === 'SECOND' ? '(\\d+(?:\\.\\d*)?)' : '(\\d+)'))
  let pattern = ''
  for (let index = numbers.length - 1; index > 0; index--) {
    pattern = `(?:${separators[index - 1]}${numbers[index]}${pattern})?`
  }
  return new RegExp(`^${numbers[0]}${pattern}$`).exec(text)?.slice(1)
}

// ---------------------------------------------------------------- by type name

type Reader = (text: string) => TypedLiteral | undefined

function integerOf(type: SqlType, bits: number): Reader {
  return (text) => {
    if (!/^[+-]?\d+$/.test(text.trim())) return undefined
    const value = BigInt(text.trim().replace(/^\+/, ''))
    const limit = 1n << BigInt(bits - 1)
    return value >= -limit && value < limit ? { type, value } : undefined
  }
}

function floatOf(type: SqlType, round: (value: number) => number): Reader {
  return (text) => {
    const trimmed = text.trim()
    if (/^[+-]?(NaN|Infinity)$/.test(trimmed)) return { type, value: Number(trimmed.replace(/^[+-]NaN$/, 'NaN')) }
    if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[dDfF]?$/.test(trimmed)) return undefined
    return { type, value: round(Number(trimmed.replace(/[dDfF]$/, ''))) }
  }
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  t: true,
  '1': true,
  false: false,
  f: false,
  '0': false,
}
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** `DATE '…'`, `BIGINT '7'`, `JSON '…'`: by lower-case type name without arguments. */
const READERS: Readonly<Record<string, Reader>> = {
  boolean: (text) => {
    const value = BOOLEANS[text.toLowerCase()]
    return value === undefined ? undefined : { type: boolean, value }
  },
  tinyint: integerOf(tinyint, 8),
  smallint: integerOf(smallint, 16),
  integer: integerOf(integer, 32),
  int: integerOf(integer, 32),
  bigint: integerOf(bigint, 64),
  real: floatOf(real, Math.fround),
  double: floatOf(double, (value) => value),
  decimal: decimalLiteral,
  varchar: (text) => ({ type: { kind: 'varchar', length: undefined }, value: text }),
  char: (text) => ({ type: charOf([...text].length), value: text.replace(/ +$/, '') }),
  varbinary: (text) => ({ type: { kind: 'varbinary' }, value: new TextEncoder().encode(text) }),
  json: (text) => {
    const value = normalizeJson(text)
    return value === undefined ? undefined : { type: json, value }
  },
  date: dateLiteral,
  time: timeLiteral,
  'time with time zone': timeLiteral,
  timestamp: timestampLiteral,
  'timestamp with time zone': timestampLiteral,
  uuid: (text) => (UUID.test(text) ? { type: uuid, value: text.toLowerCase() } : undefined),
  ipaddress: (text) => {
    const value = canonicalAddress(text)
    return value === undefined ? undefined : { type: ipaddress, value }
  },
}

/** Undefined when no literal of that type exists. */
export function literalReader(typeName: string): Reader | undefined {
  return Object.hasOwn(READERS, typeName) ? READERS[typeName] : undefined
}

/** IPv4 as it is, IPv6 in its short form; an IPv4 address wrapped in IPv6 becomes plain. */
function canonicalAddress(text: string): string | undefined {
  const four = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (four !== null) {
    const bytes = four.slice(1).map(Number)
    return bytes.every((byte) => byte <= 255) ? bytes.join('.') : undefined
  }
  if (!/^[0-9a-f:.]+$/i.test(text) || !URL.canParse(`http://[${text}]/`)) return undefined
  const short = new URL(`http://[${text}]/`).hostname.slice(1, -1)
  const wrapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short)
  if (wrapped === null) return short
  const [high, low] = [Number.parseInt(wrapped[1] ?? '0', 16), Number.parseInt(wrapped[2] ?? '0', 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/** `TIMESTAMP '…'` with more digits than a time can have: what Trino then says, else undefined. */
export function tooManyDigits(typeName: string, text: string): string | undefined {
  const match = /:\d{1,2}\.(\d+)\s*(.*)$/.exec(text)
  const digits = match?.[1]?.length ?? 0
  if (digits <= DIGITS_MAX || !/^time(stamp)?$/.test(typeName)) return undefined
  const zone = match?.[2] ? ' WITH TIME ZONE' : ''
  return `${typeName.toUpperCase()}${zone} precision must be in range [0, ${DIGITS_MAX}]: ${digits}`
}
