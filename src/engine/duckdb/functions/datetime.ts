/** Dates and times. Fields of zoned timestamps are those of their own wall clock. */
import type { SqlType } from '../../../sql/types.ts'
import { castText } from '../print/cast.ts'
import { field } from '../print/comparison.ts'
import {
  isFine,
  localOf,
  microsOf,
  PICOS_PER_DAY,
  packTime,
  packTimestamp,
  picosOf,
  picosOfDay,
  zoneOf,
} from '../print/datetime-cast.ts'
import { letting, literal, raise, type SqlText } from '../print/text.ts'
import { storageType } from '../representation.ts'
import { jodaToStrftime, mysqlToStrftime, mysqlToStrptime } from './date-formats.ts'
import { argument, type CallSite, constantText, type Translation, type Translations, typeAt } from './translation.ts'

type AnyTimestamp = Extract<SqlType, { kind: 'timestamp' | 'timestamp with time zone' }>

const isTimestamp = (type: SqlType): type is AnyTimestamp =>
  type.kind === 'timestamp' || type.kind === 'timestamp with time zone'

/** The calendar side of a value as DATE or TIMESTAMP. */
function calendar(value: SqlText, type: SqlType): SqlText {
  return isTimestamp(type) ? localOf(value, type) : value
}

/** Picoseconds of the day of anything with a clock. */
function clock(value: SqlText, type: SqlType): SqlText {
  if (isTimestamp(type)) return picosOfDay(value, type)
  return type.kind === 'time with time zone' ? field(value, 'picos') : value
}

const MONTHS_PER_YEAR = 12

const calendarField =
  (name: string): Translation =>
  (call) => {
    const type = typeAt(call, 0)
    const value = argument(call, 0)
    if (type.kind === 'interval year to month') {
      return `CAST(${value} ${name === 'year' ? '//' : '%'} ${MONTHS_PER_YEAR} AS BIGINT)`
    }
    if (type.kind === 'interval day to second') return `(${value} // 86400000)`
    return letting(value, (v) => `CAST(${name}(${calendar(v, type)}) AS BIGINT)`)
  }

const clockField =
  (millis: number, modulus: number): Translation =>
  (call) => {
    const type = typeAt(call, 0)
    const value = argument(call, 0)
    if (type.kind === 'interval day to second') return `(${value} // ${millis} % ${modulus})`
    return letting(value, (v) => `(${clock(v, type)} // ${millis}000000000 % ${modulus})`)
  }

const zoneOffset =
  (part: '// 60' | '% 60'): Translation =>
  (call) =>
    letting(argument(call, 0), (v) => `(${offsetMinutes(v, typeAt(call, 0))} ${part})`)

function offsetMinutes(value: SqlText, type: SqlType): SqlText {
  return type.kind === 'time with time zone'
    ? `CAST(${field(value, 'offset')} AS BIGINT)`
    : `((epoch_us(${calendar(value, type)}) - epoch_us(${field(value, 'instant')})) // 60000000)`
}

// ---------------------------------------------------------------- units

const CLOCK_PICOS: Readonly<Record<string, bigint>> = {
  millisecond: 1_000_000_000n,
  second: 1_000_000_000_000n,
  minute: 60_000_000_000_000n,
  hour: 3_600_000_000_000_000n,
}
const DAY_UNITS: Readonly<Record<string, number>> = { day: 1, week: 7 }
const MONTH_UNITS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 }

function validUnits(type: SqlType): readonly string[] {
  const clockUnits = Object.keys(CLOCK_PICOS)
  const dayUnits = [...Object.keys(DAY_UNITS), ...Object.keys(MONTH_UNITS)]
  if (type.kind === 'date') return dayUnits
  return isTimestamp(type) ? [...clockUnits, ...dayUnits] : clockUnits
}

/** One translation per unit; a unit that is not constant becomes a CASE over all of them. */
function byUnit(call: CallSite, type: SqlType, body: (unit: string) => SqlText): SqlText {
  const units = validUnits(type)
  const unit = constantText(call, 0)?.toLowerCase()
  const noun =
    type.kind === 'date' ? 'DATE' : type.kind.startsWith('time ') || type.kind === 'time' ? 'TIME' : 'TIMESTAMP'
  const refusal = (shown: SqlText) =>
    raise(
      'INVALID_FUNCTION_ARGUMENT',
      `'''' || ${shown} || ${literal(`' is not a valid ${noun} field`)}`,
      storageType(call.result),
    )
  if (unit !== undefined) return units.includes(unit) ? body(unit) : refusal(argument(call, 0))
  const branches = units.map((each) => `WHEN ${literal(each)} THEN ${body(each)}`).join(' ')
  return letting(
    argument(call, 0),
    (name) => `CASE lower(${name}) ${branches} ELSE CASE WHEN ${name} IS NOT NULL THEN ${refusal(name)} END END`,
  )
}

const truncated: Translation = (call) => {
  const type = typeAt(call, 1)
  return letting(argument(call, 1), (v) => byUnit(call, type, (unit) => truncatedTo(unit, v, type)))
}

function truncatedTo(unit: string, v: SqlText, type: SqlType): SqlText {
  const picos = CLOCK_PICOS[unit]
  switch (type.kind) {
    case 'date':
      return `CAST(date_trunc('${unit}', ${v}) AS DATE)`
    case 'time':
      return `(${v} // ${picos} * ${picos})`
    case 'time with time zone':
      return `CASE WHEN ${v} IS NOT NULL THEN ${packTime(`${field(v, 'picos')} // ${picos} * ${picos}`, field(v, 'offset'))} END`
    case 'timestamp':
    case 'timestamp with time zone': {
      const micros = picos === undefined ? undefined : picos / 1_000_000n
      if (type.kind === 'timestamp') {
        const local = microsOf(v, type)
        const cut =
          micros === undefined
            ? `CAST(date_trunc('${unit}', ${local}) AS TIMESTAMP)`
            : `make_timestamp(lk_floor_div(epoch_us(${local}), ${micros}) * ${micros})`
        return known(v, type, packTimestamp(type, cut, '0', ''))
      }
      // Hours and shorter keep the offset they are in, which in an overlap a wall clock alone does not tell.
      const shift = `(epoch_us(${localOf(v, type)}) - epoch_us(${field(v, 'instant')}))`
      const cut =
        micros === undefined
          ? `lk_instant(CAST(date_trunc('${unit}', ${localOf(v, type)}) AS TIMESTAMP), ${zoneOf(v)})`
          : `make_timestamp(lk_floor_div(epoch_us(${localOf(v, type)}), ${micros}) * ${micros} - ${shift})`
      return known(v, type, packTimestamp(type, cut, '0', zoneOf(v)))
    }
    default:
      return v
  }
}

/** A struct of NULLs is not NULL. */
function known(v: SqlText, type: SqlType, body: SqlText): SqlText {
  return type.kind === 'timestamp' && !isFine(type) ? body : `CASE WHEN ${v} IS NOT NULL THEN ${body} END`
}

const added: Translation = (call) => {
  const type = typeAt(call, 2)
  return letting(argument(call, 1), (n) =>
    letting(argument(call, 2), (v) => byUnit(call, type, (unit) => addedUnits(unit, n, v, type))),
  )
}

function addedUnits(unit: string, n: SqlText, v: SqlText, type: SqlType): SqlText {
  const both = (body: SqlText) => `CASE WHEN ${v} IS NOT NULL AND ${n} IS NOT NULL THEN ${body} END`
  const months = MONTH_UNITS[unit]
  const days = DAY_UNITS[unit]
  const picos = CLOCK_PICOS[unit] ?? 0n
  switch (type.kind) {
    case 'date':
      return months === undefined
        ? `(${v} + CAST(${n} * ${days} AS INTEGER))`
        : `CAST(${v} + to_months(CAST(${n} * ${months} AS INTEGER)) AS DATE)`
    case 'time':
      return `lk_floor_mod(${v}::HUGEINT + ${n}::HUGEINT * ${picos}, ${PICOS_PER_DAY})::BIGINT`
    case 'time with time zone':
      return both(
        packTime(
          `lk_floor_mod(${field(v, 'picos')}::HUGEINT + ${n}::HUGEINT * ${picos}, ${PICOS_PER_DAY})`,
          field(v, 'offset'),
        ),
      )
    case 'timestamp':
    case 'timestamp with time zone': {
      const span =
        months !== undefined
          ? `to_months(CAST(${n} * ${months} AS INTEGER))`
          : days !== undefined
            ? `to_days(CAST(${n} * ${days} AS INTEGER))`
            : `to_microseconds(${n} * ${picos / 1_000_000n})`
      const onWallClock = months !== undefined || days !== undefined
      const moved =
        type.kind === 'timestamp'
          ? `(${microsOf(v, type)} + ${span})`
          : onWallClock
            ? `lk_instant(${localOf(v, type)} + ${span}, ${zoneOf(v)})`
            : `(${field(v, 'instant')} + ${span})`
      const zone = type.kind === 'timestamp' ? '' : zoneOf(v)
      const packed = packTimestamp(type, moved, picosOf(v, type), zone)
      return type.kind === 'timestamp' && !isFine(type) ? packed : both(packed)
    }
    default:
      return v
  }
}

/**
 * Complete units, as the language counts them: month from Jan 31 to Feb 1 is 0, where DuckDB's own date_diff says 1.
 * DuckDB's date_sub counts complete units. Timestamps are compared at millisecond precision, finer digits are cut.
 */
const difference: Translation = (call) => {
  const type = typeAt(call, 1)
  return letting(argument(call, 1), (start) =>
    letting(argument(call, 2), (end) => byUnit(call, type, (unit) => completeUnits(unit, start, end, type))),
  )
}

function completeUnits(unit: string, start: SqlText, end: SqlText, type: SqlType): SqlText {
  const picos = CLOCK_PICOS[unit]
  if (type.kind === 'time') return `((${end} - ${start}) // ${picos})`
  if (type.kind === 'time with time zone') {
    const utc = (v: SqlText) =>
      `lk_floor_mod(${field(v, 'picos')} - ${field(v, 'offset')} * 60000000000000, ${PICOS_PER_DAY})`
    return `((${utc(end)} - ${utc(start)}) // ${picos})`
  }
  if (type.kind === 'date') return `date_sub('${unit}', ${start}, ${end})`
  if (!isTimestamp(type)) return 'NULL'
  if (picos !== undefined) {
    const millis = (v: SqlText) => `lk_floor_div(epoch_us(${microsOf(v, type)}), 1000)`
    return `((${millis(end)} - ${millis(start)}) // ${picos / 1_000_000_000n})`
  }
  // A zoned end is seen on the clock of the start's zone.
  const local = (v: SqlText) =>
    type.kind === 'timestamp' ? microsOf(v, type) : `lk_local(${field(v, 'instant')}, ${zoneOf(start)})`
  const cut = (v: SqlText) => (type.precision > 3 ? `lk_cut_to_millis(${local(v)})` : local(v))
  return `date_sub('${unit}', ${cut(start)}, ${cut(end)})`
}

// ---------------------------------------------------------------- text

/** Milliseconds of the wall clock, the zone and its offset in minutes: what the formatters of JavaScript take. */
function wallClock(value: SqlText, type: SqlType): readonly [SqlText, SqlText, SqlText] {
  if (!isTimestamp(type)) return ['0', "'UTC'", '0']
  const local = `lk_floor_div(epoch_us(${localOf(value, type)}) + 500, 1000)`
  if (type.kind === 'timestamp') return [local, "'UTC'", '0::BIGINT']
  return [local, zoneOf(value), offsetMinutes(value, type)]
}

const formatted =
  (name: string, translate: (format: string) => string | undefined): Translation =>
  (call) => {
    const type = typeAt(call, 0)
    const constant = constantText(call, 1)
    const native = constant === undefined ? undefined : translate(constant)
    return letting(argument(call, 0), (v) => {
      const slow = `${name}(${wallClock(v, type).join(', ')}, ${argument(call, 1)})`
      if (native === undefined || !isTimestamp(type)) return slow
      const local = localOf(v, type)
      const millis = type.precision > 3 ? `lk_round_timestamp(${local}, 1000::BIGINT)` : local
      return `CASE WHEN year(${local}) BETWEEN 1 AND 9999 THEN strftime(${millis}, ${literal(native)}) ELSE ${slow} END`
    })
  }

/** What DuckDB cannot read goes to the parser of JavaScript, which knows what to say. */
const parsed: Translation = (call) => {
  const slow = fromParsed(`js_date_parse(${call.args.join(', ')})`, call.result)
  const constant = constantText(call, 1)
  const native = constant === undefined ? undefined : mysqlToStrptime(constant)
  if (native === undefined) return slow
  return `coalesce(try_strptime(${argument(call, 0)}, ${literal(native)}), ${slow})`
}

const ISO_TIMESTAMP = "'T'"

const toIso: Translation = (call) => {
  const type = typeAt(call, 0)
  const value = argument(call, 0)
  if (!isTimestamp(type)) return castText(value, type, { kind: 'varchar', length: undefined })
  return letting(value, (v) => {
    const plain: SqlType = { kind: 'timestamp', precision: type.precision }
    const local = packTimestamp(plain, localOf(v, type), picosOf(v, type), '')
    const shown = `replace(${castText(local, plain, { kind: 'varchar', length: undefined })}, ' ', ${ISO_TIMESTAMP})`
    if (type.kind === 'timestamp') return shown
    return `(${shown} || ${letting(offsetMinutes(v, type), (m) => `CASE WHEN ${m} = 0 THEN 'Z' ELSE lk_offset_text(${m}) END`)})`
  })
}

const fromUnixtime: Translation = (call) => {
  const [seconds, zone, minutes] = call.args
  const named =
    zone === undefined
      ? "'UTC'"
      : minutes === undefined
        ? `js_zone_name(${zone})`
        : `js_zone_of_minutes(${zone} * 60 + ${minutes})`
  return letting(seconds ?? 'NULL', (s) => {
    const limits = raise('INVALID_FUNCTION_ARGUMENT', `'Invalid value for from_unixtime: ' || ${s}`, 'TIMESTAMP')
    const micros = `CASE WHEN isfinite(${s}) AND abs(${s}) < 9e12 THEN make_timestamp(CAST(round(${s} * 1000) AS BIGINT) * 1000) ELSE ${limits} END`
    return `CASE WHEN ${s} IS NOT NULL${zone === undefined ? '' : ` AND ${zone} IS NOT NULL`} THEN struct_pack(instant := ${micros}, "zone" := ${named}) END`
  })
}

const fromUnixtimeNanos: Translation = (call) =>
  letting(`CAST(${argument(call, 0)} AS HUGEINT)`, (n) => {
    const micros = `make_timestamp(CAST(lk_floor_div(${n}, 1000) AS BIGINT))`
    const picos = `(lk_floor_mod(${n}, 1000) * 1000)::INTEGER`
    return `CASE WHEN ${n} IS NOT NULL THEN struct_pack(instant := ${micros}, picos := ${picos}, "zone" := 'UTC') END`
  })

const toUnixtime: Translation = (call) => {
  const type = typeAt(call, 0)
  if (!isTimestamp(type)) return 'NULL'
  return letting(argument(call, 0), (v) => {
    const seconds = `(epoch_us(${microsOf(v, type)}) / 1000000.0::DOUBLE)`
    return isFine(type) ? `(${seconds} + ${picosOf(v, type)} / 1e12::DOUBLE)` : seconds
  })
}

const atTimezone: Translation = (call) => {
  const type = typeAt(call, 0)
  const byInterval = typeAt(call, 1).kind === 'interval day to second'
  return letting(argument(call, 0), (v) =>
    letting(argument(call, 1), (z) => {
      const both = (body: SqlText) => `CASE WHEN ${v} IS NOT NULL AND ${z} IS NOT NULL THEN ${body} END`
      if (isTimestamp(type)) {
        const zone = byInterval ? `js_zone_of_minutes(${z} // 60000)` : `js_zone_name(${z})`
        return both(packTimestamp(type, field(v, 'instant'), picosOf(v, type), zone))
      }
      const minutes = byInterval ? `js_checked_minutes(${z} // 60000)` : zoneMinutes(z, call)
      return letting(`(${minutes})::BIGINT`, (m) =>
        both(
          packTime(
            `lk_floor_mod(${field(v, 'picos')} + (${m} - ${field(v, 'offset')}) * 60000000000000, ${PICOS_PER_DAY})`,
            m,
          ),
        ),
      )
    }),
  )
}

/** The offset a zone has at the start of the session. */
function zoneMinutes(zone: SqlText, call: CallSite): SqlText {
  const now = `make_timestamp((${BigInt(call.session.nowMs) * 1000n})::BIGINT)`
  return `(epoch_us(lk_local(${now}, js_zone_name(${zone}))) - epoch_us(${now})) // 60000000`
}

const withTimezone: Translation = (call) => {
  const type = typeAt(call, 0)
  if (type.kind !== 'timestamp' || call.result.kind !== 'timestamp with time zone') return 'NULL'
  const { result } = call
  return letting(argument(call, 0), (v) =>
    letting(`js_zone_name(${argument(call, 1)})`, (z) => {
      const packed = packTimestamp(result, `lk_instant(${microsOf(v, type)}, ${z})`, picosOf(v, type), z)
      return `CASE WHEN ${v} IS NOT NULL AND ${z} IS NOT NULL THEN ${packed} END`
    }),
  )
}

const zoneName: Translation = (call) =>
  typeAt(call, 0).kind === 'time with time zone'
    ? `lk_offset_text(${field(argument(call, 0), 'offset')})`
    : zoneOf(argument(call, 0))

/** A zoned timestamp from what a parser of JavaScript found: local microseconds, picoseconds, zone. */
function fromParsed(parsed: SqlText, result: SqlType): SqlText {
  return letting(parsed, (p) => {
    const local = `make_timestamp(${field(p, 'us')})`
    if (result.kind === 'timestamp') return `CASE WHEN ${p} IS NOT NULL THEN ${local} END`
    if (result.kind !== 'timestamp with time zone') return 'NULL'
    const packed = packTimestamp(
      result,
      `lk_instant(${local}, ${field(p, 'zone')})`,
      field(p, 'picos'),
      field(p, 'zone'),
    )
    return `CASE WHEN ${p} IS NOT NULL THEN ${packed} END`
  })
}

const date: Translation = (call) => castText(argument(call, 0), typeAt(call, 0), { kind: 'date' })

export const datetimeTranslations: Translations = {
  year: calendarField('year'),
  quarter: calendarField('quarter'),
  month: calendarField('month'),
  week: calendarField('week'),
  day: calendarField('day'),
  day_of_week: calendarField('isodow'),
  day_of_year: calendarField('dayofyear'),
  year_of_week: calendarField('isoyear'),
  hour: clockField(3_600_000, 24),
  minute: clockField(60_000, 60),
  second: clockField(1_000, 60),
  millisecond: clockField(1, 1_000),
  timezone_hour: zoneOffset('// 60'),
  timezone_minute: zoneOffset('% 60'),
  date,
  last_day_of_month: (call) =>
    letting(argument(call, 0), (v) => `last_day(CAST(${calendar(v, typeAt(call, 0))} AS DATE))`),
  date_trunc: truncated,
  date_add: added,
  date_diff: difference,
  date_format: formatted('js_date_format', mysqlToStrftime),
  format_datetime: formatted('js_format_datetime', jodaToStrftime),
  date_parse: parsed,
  parse_datetime: (call) =>
    fromParsed(
      `js_parse_datetime(${call.args.join(', ')}, ${new Date(call.session.nowMs).getUTCFullYear()})`,
      call.result,
    ),
  from_unixtime: fromUnixtime,
  from_unixtime_nanos: fromUnixtimeNanos,
  to_unixtime: toUnixtime,
  from_iso8601_timestamp: (call) => fromParsed(`js_parse_iso_timestamp(${argument(call, 0)}, 3)`, call.result),
  from_iso8601_timestamp_nanos: (call) => fromParsed(`js_parse_iso_timestamp(${argument(call, 0)}, 9)`, call.result),
  from_iso8601_date: (call) => `(DATE '1970-01-01' + js_parse_iso_date(${argument(call, 0)}))`,
  to_iso8601: toIso,
  at_timezone: atTimezone,
  with_timezone: withTimezone,
  timezone: zoneName,
  to_milliseconds: (call) => argument(call, 0),
  parse_duration: (call) => `js_parse_duration(${argument(call, 0)})`,
  human_readable_seconds: (call) => `js_human_readable_seconds(${argument(call, 0)})`,
}
