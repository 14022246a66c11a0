/**
 * Which types turn into which without being asked, and the type two operands meet at: Trino's implicit coercion rules as
 * of the releases Athena engine v3 is made from (there varchar turns into char; releases after 470 do the opposite).
 * Pure; the analyser writes each coercion down as a Cast node.
 */
import {
  bigint,
  charOf,
  decimal,
  double,
  integer,
  type RowField,
  real,
  type SqlType,
  sameType,
  smallint,
  time,
  timestamp,
  timestampWithTimeZone,
  timeWithTimeZone,
  varcharOf,
} from './types.ts'

const DECIMAL_PRECISION_MAX = 38
export const CHAR_LENGTH_MAX = 65_536

type Kind = SqlType['kind']

interface Meeting {
  readonly type: SqlType
  /** Whether the first type turns into the second as it stands. */
  readonly coercible: boolean
}

/** The narrowest type both turn into, or undefined when there is none. */
export function commonSuperType(left: SqlType, right: SqlType): SqlType | undefined {
  return meet(left, right)?.type
}

export function canCoerce(from: SqlType, to: SqlType): boolean {
  return meet(from, to)?.coercible ?? false
}

function meet(from: SqlType, to: SqlType): Meeting | undefined {
  if (sameType(from, to)) return { type: to, coercible: true }
  if (from.kind === 'unknown') return { type: to, coercible: true }
  if (to.kind === 'unknown') return { type: from, coercible: false }
  if (from.kind === to.kind) return meetWithinBase(from, to)

  const forward = coerceToBase(from, to.kind)
  if (forward !== undefined) return meet(forward, to)
  const backward = coerceToBase(to, from.kind)
  if (backward === undefined) return undefined
  const meeting = meet(from, backward)
  return meeting === undefined ? undefined : { type: meeting.type, coercible: false }
}

function meetWithinBase(from: SqlType, to: SqlType): Meeting | undefined {
  if (from.kind === 'array' && to.kind === 'array') {
    const element = meet(from.element, to.element)
    return element && { type: { kind: 'array', element: element.type }, coercible: element.coercible }
  }
  if (from.kind === 'map' && to.kind === 'map') {
    const key = meet(from.key, to.key)
    const value = meet(from.value, to.value)
    if (key === undefined || value === undefined) return undefined
    return { type: { kind: 'map', key: key.type, value: value.type }, coercible: key.coercible && value.coercible }
  }
  if (from.kind === 'row' && to.kind === 'row') return meetRows(from.fields, to.fields)
  const type = widestOfBase(from, to)
  return type && { type, coercible: sameType(type, to) }
}

/** Names survive where both sides agree; they never stand in the way of a coercion. */
function meetRows(from: readonly RowField[], to: readonly RowField[]): Meeting | undefined {
  if (from.length !== to.length) return undefined
  const fields: RowField[] = []
  let coercible = true
  for (const [index, field] of from.entries()) {
    const other = to[index]
    const meeting = other && meet(field.type, other.type)
    if (other === undefined || meeting === undefined) return undefined
    coercible &&= meeting.coercible
    fields.push({ name: field.name === other.name ? field.name : undefined, type: meeting.type })
  }
  return { type: { kind: 'row', fields }, coercible }
}

function widestOfBase(left: SqlType, right: SqlType): SqlType | undefined {
  if (left.kind === 'decimal' && right.kind === 'decimal') {
    const scale = Math.max(left.scale, right.scale)
    const whole = Math.max(left.precision - left.scale, right.precision - right.scale)
    return decimal(Math.min(DECIMAL_PRECISION_MAX, whole + scale), scale)
  }
  if (left.kind === 'varchar' && right.kind === 'varchar') {
    if (left.length === undefined || right.length === undefined) return { kind: 'varchar', length: undefined }
    return varcharOf(Math.max(left.length, right.length))
  }
  if (left.kind === 'char' && right.kind === 'char') return charOf(Math.max(left.length, right.length))
  if ('precision' in left && 'precision' in right && left.kind === right.kind) {
    return { ...left, precision: Math.max(left.precision, right.precision) } as SqlType
  }
  return undefined
}

type Widening = (type: SqlType) => SqlType

const precisionOf = (type: SqlType): number => ('precision' in type ? type.precision : 0)
const always =
  (type: SqlType): Widening =>
  () =>
    type

/** One step up: `WIDENINGS[from][base]` gives the type of that base which holds every value of `from`. */
const WIDENINGS: Partial<Record<Kind, Partial<Record<Kind, Widening>>>> = {
  unknown: {
    varchar: always(varcharOf(0)),
    char: always(charOf(0)),
    decimal: always(decimal(1, 0)),
    time: always(time()),
    'time with time zone': always(timeWithTimeZone()),
    timestamp: always(timestamp()),
    'timestamp with time zone': always(timestampWithTimeZone()),
  },
  tinyint: {
    smallint: always(smallint),
    integer: always(integer),
    bigint: always(bigint),
    real: always(real),
    double: always(double),
    decimal: always(decimal(3, 0)),
  },
  smallint: {
    integer: always(integer),
    bigint: always(bigint),
    real: always(real),
    double: always(double),
    decimal: always(decimal(5, 0)),
  },
  integer: { bigint: always(bigint), real: always(real), double: always(double), decimal: always(decimal(10, 0)) },
  bigint: { real: always(real), double: always(double), decimal: always(decimal(19, 0)) },
  decimal: { real: always(real), double: always(double) },
  real: { double: always(double) },
  date: { timestamp: always(timestamp(0)), 'timestamp with time zone': always(timestampWithTimeZone(0)) },
  time: { 'time with time zone': (type) => timeWithTimeZone(precisionOf(type)) },
  timestamp: { 'timestamp with time zone': (type) => timestampWithTimeZone(precisionOf(type)) },
  varchar: { char: (type) => charOf(Math.min(CHAR_LENGTH_MAX, lengthOf(type))) },
}

function lengthOf(type: SqlType): number {
  return type.kind === 'varchar' ? (type.length ?? CHAR_LENGTH_MAX) : 0
}

/** `source` as a type of another base, or undefined when no value of it passes by itself. */
export function coerceToBase(source: SqlType, base: Kind): SqlType | undefined {
  if (source.kind === base) return source
  return WIDENINGS[source.kind]?.[base]?.(source)
}

/** May stand in =, IN, GROUP BY, DISTINCT. */
export function isComparable(type: SqlType): boolean {
  switch (type.kind) {
    case 'array':
      return isComparable(type.element)
    case 'map':
      return isComparable(type.key) && isComparable(type.value)
    case 'row':
      return type.fields.every((field) => isComparable(field.type))
    case 'function':
    case 'opaque':
      return false
    default:
      return true
  }
}

/** May stand in <, ORDER BY, min, max. */
export function isOrderable(type: SqlType): boolean {
  switch (type.kind) {
    case 'array':
      return isOrderable(type.element)
    case 'row':
      return type.fields.every((field) => isOrderable(field.type))
    case 'map':
    case 'json':
    case 'function':
    case 'opaque':
    case 'geometry':
    case 'sphericalgeography':
    case 'bingtile':
    case 'kdbtree':
      return false
    default:
      return true
  }
}
