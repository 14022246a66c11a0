/**
 * Casts between dates, times, timestamps, intervals and text, at every precision. A timestamp is worked on as whole
 * microseconds and, above precision 6, the picoseconds that are left. Rounding is half up.
 */
import type { SqlType } from '../../../sql/types.ts'
import { MICROS_PRECISION } from '../representation.ts'
import type { CastPrinter } from './cast.ts'
import { field } from './comparison.ts'
import { letting, literal, raise, type SqlText } from './text.ts'

export const PICOS_PER_DAY = '86400000000000000'
const MICROS_PER_DAY = '86400000000'

type Timestamp = SqlType & { kind: 'timestamp' }
type ZonedTimestamp = SqlType & { kind: 'timestamp with time zone' }
type AnyTimestamp = Timestamp | ZonedTimestamp

export function isFine(type: { readonly precision: number }): boolean {
  return type.precision > MICROS_PRECISION
}

/** The TIMESTAMP inside: whole microseconds, in UTC for zoned ones. */
export function microsOf(value: SqlText, type: AnyTimestamp): SqlText {
  if (type.kind === 'timestamp with time zone') return field(value, 'instant')
  return isFine(type) ? field(value, 'micros') : value
}

/** Picoseconds on top of the microseconds. */
export function picosOf(value: SqlText, type: AnyTimestamp): SqlText {
  return isFine(type) ? field(value, 'picos') : '0'
}

export function zoneOf(value: SqlText): SqlText {
  return field(value, 'zone')
}

/** The wall clock of a zoned timestamp as TIMESTAMP. */
export function localOf(value: SqlText, type: AnyTimestamp): SqlText {
  return type.kind === 'timestamp' ? microsOf(value, type) : `lk_local(${field(value, 'instant')}, ${zoneOf(value)})`
}

/** A value of `type` out of its parts. `picos` counts only above precision 6. */
export function packTimestamp(type: AnyTimestamp, micros: SqlText, picos: SqlText, zone: SqlText): SqlText {
  if (type.kind === 'timestamp') {
    return isFine(type) ? `struct_pack(micros := ${micros}, picos := (${picos})::INTEGER)` : micros
  }
  return isFine(type)
    ? `struct_pack(instant := ${micros}, picos := (${picos})::INTEGER, "zone" := ${zone})`
    : `struct_pack(instant := ${micros}, "zone" := ${zone})`
}

/** Rounds micros and picos of precision `from` to precision `to`: gives both parts. */
export function rounded(
  micros: SqlText,
  picos: SqlText,
  from: number,
  to: number,
): { readonly micros: SqlText; readonly picos: SqlText } {
  if (to >= from) return { micros, picos }
  if (to < MICROS_PRECISION) {
    return { micros: `lk_round_timestamp(${micros}, ${10 ** (MICROS_PRECISION - to)}::BIGINT)`, picos: '0' }
  }
  if (to === MICROS_PRECISION) {
    return { micros: `(${micros} + to_microseconds(CASE WHEN ${picos} >= 500000 THEN 1 ELSE 0 END))`, picos: '0' }
  }
  const unit = 10 ** (12 - to)
  const nearest = `((${picos} + ${unit / 2}) // ${unit} * ${unit})`
  return {
    micros: `(${micros} + to_microseconds(${nearest} // 1000000))`,
    picos: `(${nearest} % 1000000)`,
  }
}

function whenKnown(value: SqlText, body: SqlText): SqlText {
  return `CASE WHEN ${value} IS NOT NULL THEN ${body} END`
}

const timestampToTimestamp: CastPrinter = (value, from, to) => {
  const source = from as AnyTimestamp
  const target = to as AnyTimestamp
  const unchanged = source.kind === target.kind && isFine(source) === isFine(target)
  if (unchanged && target.precision >= source.precision) return value
  return letting(value, (v) => {
    const zoned = source.kind === 'timestamp with time zone'
    const local = zoned && target.kind === 'timestamp'
    const micros = local ? localOf(v, source) : microsOf(v, source)
    const parts = rounded(micros, picosOf(v, source), source.precision, target.precision)
    return whenKnown(v, packTimestamp(target, parts.micros, parts.picos, zoned ? zoneOf(v) : "'UTC'"))
  })
}

const timestampToDate: CastPrinter = (value, from) =>
  letting(value, (v) => `CAST(${localOf(v, from as AnyTimestamp)} AS DATE)`)

const dateToTimestamp: CastPrinter = (value, _from, to) =>
  letting(value, (v) => whenKnown(v, packTimestamp(to as AnyTimestamp, `CAST(${v} AS TIMESTAMP)`, '0', "'UTC'")))

/** Picoseconds of the day of the wall clock. */
export function picosOfDay(value: SqlText, type: AnyTimestamp): SqlText {
  return `(lk_floor_mod(epoch_us(${localOf(value, type)}), ${MICROS_PER_DAY}) * 1000000 + ${picosOf(value, type)})`
}

export function roundTime(picos: SqlText, from: number, to: number): SqlText {
  if (to >= from) return picos
  const unit = 10n ** BigInt(12 - to)
  return `((${picos} + ${unit / 2n}) // ${unit} * ${unit} % ${PICOS_PER_DAY})`
}

type TimeLike = SqlType & { precision: number }

const timeToTime: CastPrinter = (value, from, to) => {
  const source = from as TimeLike
  const target = to as TimeLike
  if (source.kind === target.kind && target.precision >= source.precision) return value
  return letting(value, (v) => {
    const zoned = source.kind === 'time with time zone'
    const picos = roundTime(zoned ? field(v, 'picos') : v, source.precision, target.precision)
    if (target.kind === 'time') return picos
    return whenKnown(v, packTime(picos, zoned ? field(v, 'offset') : '0'))
  })
}

export function packTime(picos: SqlText, offsetMinutes: SqlText): SqlText {
  return `struct_pack(picos := (${picos})::BIGINT, "offset" := (${offsetMinutes})::INTEGER)`
}

const timestampToTime: CastPrinter = (value, from, to) =>
  letting(value, (v) => {
    const source = from as AnyTimestamp
    const target = to as TimeLike
    const picos = roundTime(picosOfDay(v, source), source.precision, target.precision)
    if (target.kind === 'time') return picos
    const offset =
      source.kind === 'timestamp'
        ? '0'
        : `(epoch_us(${localOf(v, source)}) - epoch_us(${field(v, 'instant')})) // 60000000`
    return whenKnown(v, packTime(picos, offset))
  })

// ---------------------------------------------------------------- text

const DATE_SHAPE = literal('[0-9]{4}-[0-9]{2}-[0-9]{2}')

const textToDate: CastPrinter = (value) =>
  letting(value, (v) => {
    const complaint = raise('INVALID_CAST_ARGUMENT', `'Value cannot be cast to date: ' || ${v}`, 'DATE')
    const other = `(DATE '1970-01-01' + js_parse_date(${v}))`
    return `CASE WHEN ${v} IS NULL THEN NULL ELSE coalesce(CASE WHEN regexp_full_match(${v}, ${DATE_SHAPE}) THEN TRY_CAST(${v} AS DATE) ELSE ${other} END, ${complaint}) END`
  })

const textToTimestamp: CastPrinter = (value, _from, to) => {
  const target = to as AnyTimestamp
  const name = target.kind
  return letting(value, (v) => {
    const type = target.kind === 'timestamp' ? 'timestamp' : name
    const complaint = raise(
      'INVALID_CAST_ARGUMENT',
      `${literal(`Value cannot be cast to ${type}: `)} || ${v}`,
      storage(target),
    )
    const parsed = letting(`js_parse_timestamp(${v})`, (p) => {
      const local = `make_timestamp(${field(p, 'us')})`
      const micros = target.kind === 'timestamp' ? local : `lk_instant(${local}, ${field(p, 'zone')})`
      const parts = rounded(micros, field(p, 'picos'), 12, target.precision)
      return whenKnown(p, packTimestamp(target, parts.micros, parts.picos, field(p, 'zone')))
    })
    const quick = quickTimestamp(v, target)
    return `CASE WHEN ${v} IS NULL THEN NULL ${quick}ELSE coalesce(${parsed}, ${complaint}) END`
  })
}

/** The usual spelling, without more digits than DuckDB has, needs no parser of ours. */
function quickTimestamp(v: SqlText, target: AnyTimestamp): SqlText {
  if (target.kind !== 'timestamp' || isFine(target)) return ''
  const shape = literal('[0-9]{4}-[0-9]{2}-[0-9]{2} [0-2][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?')
  const read = `TRY_CAST(${v} AS TIMESTAMP)`
  const { micros } = rounded(read, '0', MICROS_PRECISION, target.precision)
  return `WHEN regexp_full_match(${v}, ${shape}) AND ${read} IS NOT NULL THEN ${micros} `
}

function storage(type: AnyTimestamp): string {
  const fine = isFine(type)
  if (type.kind === 'timestamp') return fine ? 'STRUCT(micros TIMESTAMP, picos INTEGER)' : 'TIMESTAMP'
  return fine ? 'STRUCT(instant TIMESTAMP, picos INTEGER, "zone" VARCHAR)' : 'STRUCT(instant TIMESTAMP, "zone" VARCHAR)'
}

const textToTime: CastPrinter = (value, _from, to) =>
  letting(value, (v) => {
    const target = to as TimeLike
    const zoned = target.kind === 'time with time zone'
    const type = zoned ? 'STRUCT(picos BIGINT, "offset" INTEGER)' : 'BIGINT'
    const complaint = raise(
      'INVALID_CAST_ARGUMENT',
      `${literal(`Value cannot be cast to ${target.kind}: `)} || ${v}`,
      type,
    )
    const parsed = letting(`js_parse_time(${v}, ${zoned})`, (p) => {
      const picos = roundTime(field(p, 'picos'), 12, target.precision)
      return zoned ? whenKnown(p, packTime(picos, field(p, 'offset'))) : picos
    })
    return `CASE WHEN ${v} IS NULL THEN NULL ELSE coalesce(${parsed}, ${complaint}) END`
  })

/** As CAST AS VARCHAR writes it; undefined for other types. */
export function datetimeText(value: SqlText, type: SqlType): SqlText | undefined {
  switch (type.kind) {
    case 'date':
      return letting(
        value,
        (v) =>
          `CASE WHEN year(${v}) BETWEEN 1 AND 9999 THEN CAST(${v} AS VARCHAR) ELSE js_date_text(CAST(${v} - DATE '1970-01-01' AS BIGINT)) END`,
      )
    case 'timestamp':
      return letting(value, (v) => timestampText(microsOf(v, type), picosOf(v, type), type.precision))
    case 'timestamp with time zone':
      return letting(
        value,
        (v) =>
          `(${letting(localOf(v, type), (local) => timestampText(local, picosOf(v, type), type.precision))} || ' ' || ${zoneOf(v)})`,
      )
    case 'time':
      return letting(value, (v) => `lk_time_text(${v}, ${type.precision})`)
    case 'time with time zone':
      return letting(
        value,
        (v) => `(lk_time_text(${field(v, 'picos')}, ${type.precision}) || lk_offset_text(${field(v, 'offset')}))`,
      )
    case 'interval day to second':
      return letting(value, (v) => `lk_days_text(${v})`)
    case 'interval year to month':
      return letting(value, (v) => `lk_months_text(${v})`)
    default:
      return undefined
  }
}

function timestampText(micros: SqlText, picos: SqlText, precision: number): SqlText {
  const whole = `strftime(${micros}, '%Y-%m-%d %H:%M:%S.%f')`
  const shown = `substring(${whole}, 1, ${precision === 0 ? 19 : 20 + Math.min(precision, MICROS_PRECISION)})`
  const rest =
    precision > MICROS_PRECISION
      ? ` || substring(lpad(CAST(${picos} AS VARCHAR), 6, '0'), 1, ${precision - MICROS_PRECISION})`
      : ''
  const other = `js_timestamp_text(epoch_us(${micros}), (${picos})::INTEGER, ${precision})`
  return `CASE WHEN year(${micros}) BETWEEN 1 AND 9999 THEN ${shown}${rest} ELSE ${other} END`
}

const TEXTS = ['varchar', 'char'] as const
const TIMESTAMPS = ['timestamp', 'timestamp with time zone'] as const
const TIMES = ['time', 'time with time zone'] as const

function pairs(from: readonly string[], to: readonly string[], printer: CastPrinter): Record<string, CastPrinter> {
  return Object.fromEntries(from.flatMap((source) => to.map((target) => [`${source} > ${target}`, printer])))
}

export const datetimeCasts: Readonly<Record<string, CastPrinter>> = {
  ...pairs(TEXTS, ['date'], textToDate),
  ...pairs(TEXTS, TIMESTAMPS, textToTimestamp),
  ...pairs(TEXTS, TIMES, textToTime),
  ...pairs(TIMESTAMPS, TIMESTAMPS, timestampToTimestamp),
  ...pairs(TIMESTAMPS, ['date'], timestampToDate),
  ...pairs(['date'], TIMESTAMPS, dateToTimestamp),
  ...pairs(TIMES, TIMES, timeToTime),
  ...pairs(TIMESTAMPS, TIMES, timestampToTime),
}
