/** Reading and writing dates and times as text. */
import { canonicalZone, fixedOffsetMinutes, offsetText } from '../../../../sql/time-zones.ts'
import { civilFromDays, daysFromCivil, daysInMonth, isoYearStart } from './calendar.ts'
import { clockOf, splitPicos, two, yearText } from './date-fields.ts'
import { fail, invalidArgument, type JsFunction, js, jsWithNulls, type Zoned } from './define.ts'
import { jodaFormat, jodaParse } from './joda-date.ts'
import { mysqlFormat, mysqlParse } from './mysql-date.ts'

const DATE = /^\s*([+-]?\d{1,7})-(\d{1,2})-(\d{1,2})\s*$/
const TIMESTAMP = /^([-+]?\d{4,})-(\d{1,2})-(\d{1,2})(?: (?:(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?)?\s*(.+)?)?$/
const TIME = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?(?:\s*([+-])(\d{1,2}):(\d{2}))?$/
const FRACTION_DIGITS_MAX = 12
const OFFSET_MINUTES_MAX = 14 * 60
/** Last day DuckDB and the language both hold. */
const DAYS_MAX = 2_147_483_647

function checkedDays(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  const days = daysFromCivil(year, month, day)
  return Math.abs(days) > DAYS_MAX ? undefined : days
}

function parseDate(text: string): number | null {
  const found = DATE.exec(text)
  if (found === null) return null
  return checkedDays(Number(found[1]), Number(found[2]), Number(found[3])) ?? null
}

function picosOfClock(hour: number, minute: number, second: number, fraction: string): bigint | undefined {
  if (hour > 23 || minute > 59 || second > 59 || fraction.length > FRACTION_DIGITS_MAX) return undefined
  return BigInt(hour * 3600 + minute * 60 + second) * 1_000_000_000_000n + BigInt(fraction.padEnd(12, '0'))
}

/** Without a zone it is UTC. A type without zone drops the one that stands there, which still has to exist. */
function parseTimestamp(text: string): Zoned | null {
  const found = TIMESTAMP.exec(text)
  if (found === null) return null
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zoneText] = found
  const days = checkedDays(Number(year), Number(month), Number(day))
  const picos = picosOfClock(Number(hour), Number(minute), Number(second), fraction)
  if (days === undefined || picos === undefined) return null
  const zone = zoneText === undefined ? 'UTC' : canonicalZone(zoneText.trim())
  if (zone === undefined) return null
  return { ...splitPicos(BigInt(days) * 86_400n * 1_000_000_000_000n + picos), zone }
}

function parseTime(text: string, zoned: boolean): { picos: bigint; offset: number } | null {
  const found = TIME.exec(text)
  if (found === null) return null
  const [, hour, minute, second = '0', fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = found
  const picos = picosOfClock(Number(hour), Number(minute), Number(second), fraction)
  if (picos === undefined || (sign !== undefined && !zoned)) return null
  const offset = Number(offsetHour) * 60 + Number(offsetMinute)
  if (offset > OFFSET_MINUTES_MAX || Number(offsetMinute) > 59) return null
  return { picos, offset: sign === '-' ? -offset : offset }
}

function timestampText(us: bigint, picos: number, precision: number): string {
  const millis = (us - (((us % 1000n) + 1000n) % 1000n)) / 1000n
  const clock = clockOf(millis)
  const fraction = `${String(((us % 1_000_000n) + 1_000_000n) % 1_000_000n).padStart(6, '0')}${String(picos).padStart(6, '0')}`
  const shown = precision === 0 ? '' : `.${fraction.slice(0, precision)}`
  return `${yearText(clock.year)}-${two(clock.month)}-${two(clock.day)} ${two(clock.hour)}:${two(clock.minute)}:${two(clock.second)}${shown}`
}

/** `LocalTime.toString`: seconds and fractions are left out when they are zero, fractions come in groups of three. */
function javaTime(nanosOfDay: bigint): string {
  const seconds = Number(nanosOfDay / 1_000_000_000n)
  const nanos = nanosOfDay % 1_000_000_000n
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}`
  if (nanos === 0n) return seconds % 60 === 0 ? clock : `${clock}:${two(seconds % 60)}`
  const digits = nanos
    .toString()
    .padStart(9, '0')
    .replace(/(?:000){1,2}$/, '')
  return `${clock}:${two(seconds % 60)}.${digits}`
}

const NANOS_PER_DAY = 86_400_000_000_000n

function javaTimestamp(us: bigint, picos: number): string {
  const nanos = us * 1000n + BigInt(Math.round(picos / 1000))
  const inDay = ((nanos % NANOS_PER_DAY) + NANOS_PER_DAY) % NANOS_PER_DAY
  const { year, month, day } = civilFromDays(Number((nanos - inDay) / NANOS_PER_DAY))
  return `${yearText(year)}-${two(month)}-${two(day)}T${javaTime(inDay)}`
}

/** `+05:45[Asia/Kathmandu]`, `+05:30`, `Z[UTC]`. */
function javaZone(zone: string, offsetSeconds: bigint): string {
  const absolute = Number(offsetSeconds < 0n ? -offsetSeconds : offsetSeconds)
  const rest = absolute % 60 === 0 ? '' : `:${two(absolute % 60)}`
  const clock = `${two(Math.floor(absolute / 3600))}:${two(Math.floor(absolute / 60) % 60)}${rest}`
  const offset = absolute === 0 ? 'Z' : `${offsetSeconds < 0n ? '-' : '+'}${clock}`
  return /^[+-]/.test(zone) ? offset : `${offset}[${zone}]`
}

const ISO_DATE = /^([+-]?\d{4,9})(?:-(\d{1,2})(?:-(\d{1,2}))?|-W(\d{1,2})(?:-(\d))?|-(\d{3}))?$/
const ISO_TIME = /^(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.,](\d+))?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/

function isoDays(text: string): number | undefined {
  const found = ISO_DATE.exec(text)
  if (found === null) return undefined
  const [, year, month, day, week, dayOfWeek, dayOfYear] = found
  if (week !== undefined) return isoYearStart(Number(year)) + (Number(week) - 1) * 7 + Number(dayOfWeek ?? 1) - 1
  if (dayOfYear !== undefined) return daysFromCivil(Number(year), 1, 1) + Number(dayOfYear) - 1
  return checkedDays(Number(year), Number(month ?? 1), Number(day ?? 1))
}

function parseIsoTimestamp(text: string, digits: number): Zoned {
  const refused = () => invalidArgument(`Invalid format: "${text}"`)
  const at = text.indexOf('T')
  const days = isoDays(at < 0 ? text : text.slice(0, at))
  if (days === undefined) return refused()
  const time = at < 0 || at === text.length - 1 ? undefined : text.slice(at + 1)
  const found = time === undefined ? undefined : ISO_TIME.exec(time)
  if (found === null) return refused()
  const [, hour = '0', minute = '0', second = '0', fraction = '', zoneText] = found ?? []
  const picos = picosOfClock(Number(hour), Number(minute), Number(second), fraction.slice(0, digits))
  const zone = zoneText === undefined ? 'UTC' : canonicalZone(zoneText.length === 3 ? `${zoneText}:00` : zoneText)
  if (picos === undefined || zone === undefined) return refused()
  return { ...splitPicos(BigInt(days) * 86_400n * 1_000_000_000_000n + picos), zone }
}

function checkedMinutes(minutes: bigint): number {
  if (minutes > OFFSET_MINUTES_MAX || minutes < -OFFSET_MINUTES_MAX) {
    invalidArgument(`Invalid offset minutes ${minutes}`)
  }
  return Number(minutes)
}

const DURATION_MILLIS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

function parseDuration(text: string): bigint {
  const found = /^\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]+)\s*$/.exec(text)
  const unit = DURATION_MILLIS[found?.[2] ?? '']
  if (found === null) return invalidArgument(`duration is not a valid data duration string: ${text}`)
  if (unit === undefined) return invalidArgument(`Unknown time unit: ${found[2]}`)
  return BigInt(Math.round(Number(found[1]) * unit))
}

const READABLE: readonly (readonly [string, number])[] = [
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]

function humanReadable(seconds: number): string {
  if (!Number.isFinite(seconds)) {
    const shown = Number.isNaN(seconds) ? 'NaN' : seconds > 0 ? 'Infinity' : '-Infinity'
    return invalidArgument(`Invalid argument found: ${shown}`)
  }
  let rest = Math.round(Math.abs(seconds))
  const parts: string[] = []
  for (const [name, size] of READABLE) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`)
  }
  return parts.join(', ') || '0 seconds'
}

const DATA_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB']
const DECIMAL_LIMIT = 10n ** 38n

function parseDataSize(text: string): string {
  const found = /^(\d+)(?:\.(\d+))?([a-zA-Z]+)$/.exec(text)
  const power = DATA_UNITS.indexOf(found?.[3] ?? '')
  if (found === null || power < 0) return invalidArgument(`Invalid data size: '${text}'`)
  const fraction = found[2] ?? ''
  const bytes = (BigInt((found[1] ?? '') + fraction) * 1024n ** BigInt(power)) / 10n ** BigInt(fraction.length)
  if (bytes >= DECIMAL_LIMIT) fail('NUMERIC_VALUE_OUT_OF_RANGE', `Value out of range: '${text}' ('${bytes}B')`)
  return bytes.toString()
}

const ZONED_RESULT = 'STRUCT(us BIGINT, picos INTEGER, "zone" VARCHAR)'

export const datetimeFunctions: readonly JsFunction[] = [
  js('js_java_time', ['BIGINT'], 'VARCHAR', (picos) => javaTime(((picos + 500n) / 1000n) % NANOS_PER_DAY)),
  js('js_java_timestamp', ['BIGINT', 'INTEGER'], 'VARCHAR', javaTimestamp),
  js('js_java_zone', ['VARCHAR', 'BIGINT'], 'VARCHAR', javaZone),
  js('js_parse_date', ['VARCHAR'], 'INTEGER', parseDate),
  js('js_date_text', ['BIGINT'], 'VARCHAR', (days) => {
    const { year, month, day } = civilFromDays(Number(days))
    return `${yearText(year)}-${two(month)}-${two(day)}`
  }),
  js('js_parse_timestamp', ['VARCHAR'], ZONED_RESULT, parseTimestamp),
  js('js_parse_time', ['VARCHAR', 'BOOLEAN'], 'STRUCT(picos BIGINT, "offset" INTEGER)', parseTime),
  js('js_timestamp_text', ['BIGINT', 'INTEGER', 'INTEGER'], 'VARCHAR', timestampText),
  js(
    'js_zone_name',
    ['VARCHAR'],
    'VARCHAR',
    (zone) => canonicalZone(zone) ?? invalidArgument(`'${zone}' is not a valid time zone`),
  ),
  js(
    'js_zone_of_minutes',
    ['BIGINT'],
    'VARCHAR',
    (minutes) => canonicalZone(offsetText(checkedMinutes(minutes))) ?? 'UTC',
  ),
  js('js_checked_minutes', ['BIGINT'], 'BIGINT', (minutes) => BigInt(checkedMinutes(minutes))),
  js('js_date_format', ['BIGINT', 'VARCHAR', 'BIGINT', 'VARCHAR'], 'VARCHAR', (millis, _zone, _offset, format) =>
    mysqlFormat(millis, format),
  ),
  js('js_date_parse', ['VARCHAR', 'VARCHAR'], ZONED_RESULT, mysqlParse),
  js('js_format_datetime', ['BIGINT', 'VARCHAR', 'BIGINT', 'VARCHAR'], 'VARCHAR', (millis, zone, offset, pattern) =>
    jodaFormat(millis, { zone, offsetMinutes: Number(offset) }, pattern),
  ),
  js('js_parse_datetime', ['VARCHAR', 'VARCHAR', 'INTEGER'], ZONED_RESULT, jodaParse),
  js('js_parse_iso_timestamp', ['VARCHAR', 'INTEGER'], ZONED_RESULT, parseIsoTimestamp),
  js(
    'js_parse_iso_date',
    ['VARCHAR'],
    'INTEGER',
    (text) => isoDays(text) ?? invalidArgument(`Invalid format: "${text}"`),
  ),
  js('js_parse_duration', ['VARCHAR'], 'BIGINT', parseDuration),
  js('js_human_readable_seconds', ['DOUBLE'], 'VARCHAR', humanReadable),
  js('js_parse_data_size', ['VARCHAR'], 'VARCHAR', parseDataSize),
  jsWithNulls('js_offset_minutes', ['VARCHAR'], 'INTEGER', (zone) =>
    zone === null ? null : (fixedOffsetMinutes(zone) ?? null),
  ),
]
