/**
 * CAST between any two types, with the language's parsing rules, rounding, texts and refusals. A table by pair of
 * kinds; containers follow their parts. `display` marks casts made for messages, which may not fail; `assignment` those
 * into a column that is written, where text that does not fit fails.
 */
import { type SqlType, sameType, typeText } from '../../../sql/types.ts'
import { EngineFailure } from '../../engine.ts'
import { rowFieldKeys, storageType } from '../representation.ts'
import { field } from './comparison.ts'
import { datetimeCasts, datetimeText } from './datetime-cast.ts'
import { fromJson, toJson } from './json-cast.ts'
import { isRepeatable, letting, literal, parameterFor, quoted, raise, type SqlText } from './text.ts'

export type CastPrinter = (value: SqlText, from: SqlType, to: SqlType) => SqlText

const INTEGERS = ['tinyint', 'smallint', 'integer', 'bigint'] as const
const INTEGER_NAMES: Readonly<Record<string, string>> = {
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  integer: 'INT',
  bigint: 'BIGINT',
}
const FLOATS = ['real', 'double'] as const

export function castText(
  value: SqlText,
  from: SqlType,
  to: SqlType,
  purpose: 'value' | 'display' | 'assignment' = 'value',
): SqlText {
  if (sameType(from, to)) return value
  if (purpose === 'assignment' && mayBeCut(from, to)) {
    return letting(value, (v) => {
      const complaint = literal(
        `Cannot truncate non-space characters when casting from ${typeText(from)} to ${typeText(to)} on INSERT`,
      )
      const tooLong = `length(rtrim(${v}, ' ')) > ${to.length}`
      return `CASE WHEN ${tooLong} THEN ${raise('INVALID_CAST_ARGUMENT', complaint, storageType(to))} ELSE ${castText(v, from, to)} END`
    })
  }
  if (from.kind === 'unknown') return `CAST(NULL AS ${storageType(to)})`
  if (to.kind === 'json') return toJson(value, from)
  if (from.kind === 'json' && (to.kind === 'array' || to.kind === 'map' || to.kind === 'row'))
    return fromJson(value, to)
  if (from.kind === 'array' && to.kind === 'array') return castArray(value, from, to)
  if (from.kind === 'map' && to.kind === 'map') return castMap(value, from, to)
  if (from.kind === 'row' && to.kind === 'row') return castRow(value, from, to)
  if (to.kind === 'varchar') {
    const text = textOf(value, from)
    if (text === undefined) return purpose === 'display' ? `CAST(${value} AS VARCHAR)` : refused(from, to)
    return fitted(text, from, to)
  }
  const printer = CASTS[`${from.kind} > ${to.kind}`]
  return printer === undefined ? refused(from, to) : printer(value, from, to)
}

function mayBeCut(from: SqlType, to: SqlType): to is SqlType & { length: number } {
  if ((from.kind !== 'varchar' && from.kind !== 'char') || (to.kind !== 'varchar' && to.kind !== 'char')) return false
  return to.length !== undefined && (from.length === undefined || from.length > to.length)
}

function refused(from: SqlType, to: SqlType): never {
  throw new EngineFailure('NOT_SUPPORTED', `Cast from ${typeText(from)} to ${typeText(to)} is not supported`)
}

/** Text longer than the target: cut when it was text already, refused when a digit would be lost. */
function fitted(text: SqlText, from: SqlType, to: SqlType & { kind: 'varchar' }): SqlText {
  const { length } = to
  if (length === undefined) return text
  if (from.kind === 'varchar' || from.kind === 'char') {
    const shorter = from.length !== undefined && from.length <= length
    return shorter ? text : `substring(${text}, 1, ${length})`
  }
  return letting(text, (t) => {
    const complaint = `'Value ' || ${t} || ${literal(` cannot be represented as ${typeText(to)}`)}`
    return `CASE WHEN length(${t}) > ${length} THEN ${raise('INVALID_CAST_ARGUMENT', complaint, 'VARCHAR')} ELSE ${t} END`
  })
}

/** The value as text, as CAST AS VARCHAR gives it; undefined for containers. */
export function textOf(value: SqlText, type: SqlType): SqlText | undefined {
  switch (type.kind) {
    case 'varchar':
      return value
    case 'char':
      return paddedText(value, type)
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'uuid':
      return `CAST(${value} AS VARCHAR)`
    case 'decimal':
      return decimalText(value, type)
    case 'real':
      return `js_real_text(${value})`
    case 'double':
      return `js_double_text(${value})`
    case 'json':
      return `js_json_to_varchar(${value})`
    case 'ipaddress':
      return `js_address_text(${value})`
    case 'array':
    case 'map':
    case 'row':
    case 'varbinary':
    case 'geometry':
    case 'sphericalgeography':
    case 'bingtile':
    case 'kdbtree':
    case 'function':
    case 'opaque':
    case 'unknown':
      return undefined
    default:
      return datetimeText(value, type)
  }
}

/** DuckDB leaves out the zero before the point when the type has no whole digits. */
export function decimalText(value: SqlText, type: SqlType): SqlText {
  const text = `CAST(${value} AS VARCHAR)`
  return type.kind === 'decimal' && type.precision === type.scale ? `replace(${text}, '.', '0.')` : text
}

/** char(n) with its trailing blanks; other text as it is. */
export function paddedText(value: SqlText, type: SqlType): SqlText {
  if (type.kind !== 'char') return value
  return letting(
    value,
    (v) => `CASE WHEN ${v} IS NOT NULL THEN rpad(${v}, greatest(${type.length}, length(${v}))::INTEGER, ' ') END`,
  )
}

function castArray(value: SqlText, from: SqlType & { kind: 'array' }, to: SqlType & { kind: 'array' }): SqlText {
  if (storageType(from) === storageType(to) && isWidening(from.element, to.element)) return value
  const e = parameterFor(value, storageType(to))
  return `list_transform(${value}, lambda ${e}: ${castText(e, from.element, to.element)})`
}

/** No work at all: the stored form is the same and every value fits. */
function isWidening(from: SqlType, to: SqlType): boolean {
  if (sameType(from, to)) return true
  if (from.kind === 'varchar' && to.kind === 'varchar') {
    return to.length === undefined || (from.length !== undefined && from.length <= to.length)
  }
  if (from.kind === 'array' && to.kind === 'array') return isWidening(from.element, to.element)
  if (from.kind === 'map' && to.kind === 'map') return isWidening(from.key, to.key) && isWidening(from.value, to.value)
  if (from.kind === 'row' && to.kind === 'row') {
    return from.fields.every((each, index) => {
      const target = to.fields[index]
      return target !== undefined && isWidening(each.type, target.type)
    })
  }
  return false
}

function castMap(value: SqlText, from: SqlType & { kind: 'map' }, to: SqlType & { kind: 'map' }): SqlText {
  if (storageType(from) === storageType(to) && isWidening(from, to)) return value
  if (from.key.kind === 'unknown')
    return letting(value, (m) => `CASE WHEN ${m} IS NOT NULL THEN CAST(MAP {} AS ${storageType(to)}) END`)
  const e = parameterFor(value, storageType(to))
  const key = castText(field(e, 'key'), from.key, to.key)
  const mapped = castText(field(e, 'value'), from.value, to.value)
  return `map_from_entries(list_transform(map_entries(${value}), lambda ${e}: struct_pack(key := ${key}, "value" := ${mapped})))`
}

function castRow(value: SqlText, from: SqlType & { kind: 'row' }, to: SqlType & { kind: 'row' }): SqlText {
  if (storageType(from) === storageType(to) && isWidening(from, to)) return value
  const sources = rowFieldKeys(from.fields)
  const targets = rowFieldKeys(to.fields)
  return letting(value, (v) => {
    const packed = to.fields.map((target, index) => {
      const source = from.fields[index]?.type ?? target.type
      return `${quoted(targets[index] ?? '')} := ${castText(field(v, sources[index] ?? ''), source, target.type)}`
    })
    const row = `struct_pack(${packed.join(', ')})`
    return value.startsWith('struct_pack(') && isRepeatable(v) ? row : `CASE WHEN ${v} IS NOT NULL THEN ${row} END`
  })
}

// ---------------------------------------------------------------- numbers

const BOUNDS: Readonly<Record<string, readonly [string, string]>> = {
  tinyint: ['-128', '127'],
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
}

const plainCast: CastPrinter = (value, _from, to) => `CAST(${value} AS ${storageType(to)})`

/** Out of range: `Out of range for integer: 300`. */
const narrowed: CastPrinter = (value, _from, to) =>
  letting(value, (v) => {
    const [low, high] = BOUNDS[to.kind] ?? ['0', '0']
    const complaint = raise('NUMERIC_VALUE_OUT_OF_RANGE', `'Out of range for ${to.kind}: ' || ${v}`, storageType(to))
    return `CASE WHEN ${v} IS NULL OR ${v} BETWEEN ${low} AND ${high} THEN CAST(${v} AS ${storageType(to)}) ELSE ${complaint} END`
  })

/** Halves go away from zero. The upper bound is written as 2^n, which a double can hold exactly. */
const floatToInteger: CastPrinter = (value, from, to) =>
  letting(value, (v) => {
    const bits = { tinyint: 7, smallint: 15, integer: 31, bigint: 63 }[to.kind as (typeof INTEGERS)[number]]
    const limit = `${2 ** bits}`
    const rounded = `round(${v}::DOUBLE)`
    const shown = textOf(v, from) ?? v
    const complaint = raise(
      'INVALID_CAST_ARGUMENT',
      `${literal(`Cannot cast ${from.kind === 'real' ? 'real' : 'double'} '`)} || ${shown} || ${literal(`' to ${to.kind}`)}`,
      storageType(to),
    )
    return `CASE WHEN ${v} IS NULL THEN NULL WHEN isfinite(${v}) AND ${rounded} >= -${limit}::DOUBLE AND ${rounded} < ${limit}::DOUBLE THEN CAST(${rounded} AS ${storageType(to)}) ELSE ${complaint} END`
  })

const decimalToInteger: CastPrinter = (value, _from, to) =>
  letting(value, (v) => {
    const type = storageType(to)
    const rounded = `TRY_CAST(${v} AS ${type})`
    const complaint = raise(
      'INVALID_CAST_ARGUMENT',
      `'Cannot cast ''' || ${v} || ''' to ${to.kind.toUpperCase()}'`,
      type,
    )
    return `CASE WHEN ${v} IS NULL THEN NULL ELSE coalesce(${rounded}, ${complaint}) END`
  })

const toDecimal: CastPrinter = (value, from, to) =>
  letting(value, (v) => {
    const type = storageType(to)
    const shown = textOf(v, from) ?? v
    const complaint = raise(
      'INVALID_CAST_ARGUMENT',
      `${literal(`Cannot cast ${typeNameOf(from)} '`)} || ${shown} || ${literal(`' to ${decimalName(to)}`)}`,
      type,
    )
    return `CASE WHEN ${v} IS NULL THEN NULL ELSE coalesce(TRY_CAST(${v} AS ${type}), ${complaint}) END`
  })

/** By way of the shortest text that reads back as the same number, as the language does: 1.005 rounds to 1.01. */
const floatToDecimal: CastPrinter = (value, from, to) =>
  letting(value, (v) => {
    const type = storageType(to)
    const plain = from.kind === 'real' ? `js_real_plain(${v})` : `js_double_plain(${v})`
    const complaint = raise(
      'INVALID_CAST_ARGUMENT',
      `${literal(`Cannot cast ${typeNameOf(from)} '`)} || js_java_double(${v}::DOUBLE) || ${literal(`' to ${decimalName(to)}`)}`,
      type,
    )
    const most = from.kind === 'real' ? '1e6' : '1e15'
    const text = `CASE WHEN abs(${v}) >= 1e-3 AND abs(${v}) < ${most} THEN CAST(${v} AS VARCHAR) ELSE ${plain} END`
    return `CASE WHEN ${v} IS NULL THEN NULL ELSE coalesce(TRY_CAST(${text} AS ${type}), ${complaint}) END`
  })

/** DuckDB divides by ten to the scale, which rounds rightly only where a double has all digits. */
const decimalToFloat: CastPrinter = (value, from, to) => {
  const isExact = to.kind === 'double' && from.kind === 'decimal' && from.precision <= DOUBLE_DIGITS
  return isExact ? plainCast(value, from, to) : `CAST(CAST(${value} AS VARCHAR) AS ${storageType(to)})`
}

/** Every whole number of so many digits is a double. */
const DOUBLE_DIGITS = 15

function typeNameOf(type: SqlType): string {
  return type.kind === 'decimal' ? decimalName(type) : type.kind.toUpperCase()
}

function decimalName(type: SqlType): string {
  return type.kind === 'decimal' ? `DECIMAL(${type.precision}, ${type.scale})` : typeText(type).toUpperCase()
}

/** Text that is a whole number, with blanks around it. */
const textToInteger: CastPrinter = (value, _from, to) =>
  letting(value, (v) => {
    const type = storageType(to)
    const complaint = raise(
      'INVALID_CAST_ARGUMENT',
      `'Cannot cast ''' || ${v} || ''' to ${INTEGER_NAMES[to.kind]}'`,
      type,
    )
    return `CASE WHEN ${v} IS NULL THEN NULL ELSE coalesce(CASE WHEN regexp_full_match(${v}, ' *[+-]?[0-9]+ *') THEN TRY_CAST(${v} AS ${type}) END, ${complaint}) END`
  })

const FLOAT_TEXT = literal('\\s*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?[dDfF]?\\s*')

const textToFloat: CastPrinter = (value, _from, to) =>
  letting(value, (v) => {
    const type = storageType(to)
    const complaint = raise(
      'INVALID_CAST_ARGUMENT',
      `'Cannot cast ''' || ${v} || ''' to ${to.kind.toUpperCase()}'`,
      type,
    )
    const number = `TRY_CAST(rtrim(trim(${v}), 'dDfF') AS ${type})`
    const named = `CASE trim(${v}) WHEN 'NaN' THEN 'NaN'::${type} WHEN 'Infinity' THEN 'Infinity'::${type} WHEN '+Infinity' THEN 'Infinity'::${type} WHEN '-Infinity' THEN '-Infinity'::${type} END`
    return `CASE WHEN ${v} IS NULL THEN NULL WHEN regexp_full_match(${v}, ${FLOAT_TEXT}) THEN ${number} ELSE coalesce(${named}, ${complaint}) END`
  })

const textToDecimal: CastPrinter = (value, _from, to) =>
  letting(value, (v) => {
    const type = storageType(to)
    const prefix = `${literal("Cannot cast VARCHAR '")} || ${v} || ${literal(`' to ${decimalName(to)}.`)}`
    const tooLarge = raise('INVALID_CAST_ARGUMENT', `${prefix} || ' Value too large.'`, type)
    const notNumber = raise('INVALID_CAST_ARGUMENT', `${prefix} || ' Value is not a number.'`, type)
    const pattern = literal('[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?')
    return `CASE WHEN ${v} IS NULL THEN NULL WHEN regexp_full_match(${v}, ${pattern}) THEN coalesce(TRY_CAST(${v} AS ${type}), ${tooLarge}) ELSE ${notNumber} END`
  })

const textToBoolean: CastPrinter = (value) =>
  letting(value, (v) => {
    const complaint = raise('INVALID_CAST_ARGUMENT', `'Cannot cast ''' || ${v} || ''' to BOOLEAN'`, 'BOOLEAN')
    return `CASE WHEN ${v} IS NULL THEN NULL WHEN lower(${v}) IN ('t', 'true', '1') THEN true WHEN lower(${v}) IN ('f', 'false', '0') THEN false ELSE ${complaint} END`
  })

const numberToBoolean: CastPrinter = (value) => `(${value} <> 0)`
const booleanToNumber: CastPrinter = (value, _from, to) => `CAST(CAST(${value} AS TINYINT) AS ${storageType(to)})`
const booleanToDecimal: CastPrinter = (value, from, to) =>
  to.kind === 'decimal' && to.precision === to.scale
    ? letting(value, (v) => {
        const complaint = raise(
          'INVALID_CAST_ARGUMENT',
          literal(`Cannot cast BOOLEAN 'true' to ${decimalName(to)}`),
          storageType(to),
        )
        return `CASE WHEN ${v} THEN ${complaint} WHEN NOT ${v} THEN CAST(0 AS ${storageType(to)}) END`
      })
    : booleanToNumber(value, from, to)

const doubleToReal: CastPrinter = (value) =>
  letting(
    value,
    (v) =>
      `CASE WHEN isfinite(${v}) AND abs(${v}) >= 3.4028235677973366e38 THEN (sign(${v}) * 'Infinity'::DOUBLE)::FLOAT ELSE CAST(${v} AS FLOAT) END`,
  )

// ---------------------------------------------------------------- text and bytes

const toChar: CastPrinter = (value, from, to) => {
  const text = from.kind === 'char' ? value : (textOf(value, from) ?? value)
  const length = to.kind === 'char' ? to.length : 1
  return `rtrim(substring(${text}, 1, ${length}), ' ')`
}

const textToUuid: CastPrinter = (value) =>
  letting(value, (v) => {
    const complaint = raise('INVALID_CAST_ARGUMENT', `'Invalid UUID string length: ' || length(${v})`, 'UUID')
    const malformed = raise('INVALID_CAST_ARGUMENT', `'Cannot cast value to UUID: ' || ${v}`, 'UUID')
    const shape = literal('[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}')
    return `CASE WHEN ${v} IS NULL THEN NULL WHEN length(${v}) <> 36 THEN ${complaint} WHEN regexp_full_match(${v}, ${shape}) THEN CAST(${v} AS UUID) ELSE ${malformed} END`
  })

const jsonToScalar: CastPrinter = (value, _from, to) => fromJson(value, to)

function pairs(from: readonly string[], to: readonly string[], printer: CastPrinter): Record<string, CastPrinter> {
  return Object.fromEntries(from.flatMap((source) => to.map((target) => [`${source} > ${target}`, printer])))
}

const CASTS: Readonly<Record<string, CastPrinter>> = {
  ...pairs(INTEGERS, INTEGERS, (value, from, to) =>
    INTEGERS.indexOf(from.kind as never) < INTEGERS.indexOf(to.kind as never)
      ? plainCast(value, from, to)
      : narrowed(value, from, to),
  ),
  ...pairs(INTEGERS, FLOATS, plainCast),
  ...pairs(INTEGERS, ['decimal'], toDecimal),
  ...pairs(INTEGERS, ['boolean'], numberToBoolean),
  ...pairs(FLOATS, INTEGERS, floatToInteger),
  ...pairs(FLOATS, ['decimal'], floatToDecimal),
  ...pairs(FLOATS, ['boolean'], numberToBoolean),
  'real > double': plainCast,
  'double > real': doubleToReal,
  ...pairs(['decimal'], INTEGERS, decimalToInteger),
  ...pairs(['decimal'], FLOATS, decimalToFloat),
  ...pairs(['decimal'], ['decimal'], (value, from, to) =>
    (isWiderDecimal(from, to) ? plainCast : toDecimal)(value, from, to),
  ),
  ...pairs(['decimal'], ['boolean'], numberToBoolean),
  ...pairs(['boolean'], [...INTEGERS, ...FLOATS], booleanToNumber),
  'boolean > decimal': booleanToDecimal,
  ...pairs(['varchar', 'char'], INTEGERS, textToInteger),
  ...pairs(['varchar', 'char'], FLOATS, textToFloat),
  ...pairs(['varchar', 'char'], ['decimal'], textToDecimal),
  ...pairs(['varchar', 'char'], ['boolean'], textToBoolean),
  ...pairs(['varchar', 'char'], ['varbinary'], (value, from) => `encode(${paddedText(value, from)})`),
  ...pairs(['varchar'], ['uuid'], textToUuid),
  ...pairs(['varchar'], ['ipaddress'], (value) => `js_address(${value})`),
  'varchar > kdbtree': (value) => `js_geo_kdb_tree(${value})`,
  'bingtile > bigint': (value) => value,
  'bigint > bingtile': (value) => value,
  'varbinary > opaque': (value) => value,
  'opaque > varbinary': (value) => value,
  'varbinary > uuid': (value) => `js_uuid_of(${value})::UUID`,
  'uuid > varbinary': (value) => `unhex(replace(CAST(${value} AS VARCHAR), '-', ''))`,
  'varbinary > ipaddress': (value) => `js_address_of(${value})`,
  'ipaddress > varbinary': (value) => value,
  ...pairs(
    ['varchar', 'char', 'boolean', ...INTEGERS, ...FLOATS, 'decimal', 'date', 'timestamp', 'uuid'],
    ['char'],
    toChar,
  ),
  ...pairs(['json'], ['boolean', ...INTEGERS, ...FLOATS, 'decimal'], jsonToScalar),
  ...datetimeCasts,
}

function isWiderDecimal(from: SqlType, to: SqlType): boolean {
  if (from.kind !== 'decimal' || to.kind !== 'decimal') return false
  return to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale
}
