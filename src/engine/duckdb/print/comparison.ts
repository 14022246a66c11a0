/**
 * Comparing values of every type. Most types compare in DuckDB as the language compares them; the exceptions:
 * - doubles: NaN equals nothing and is neither less nor greater, where DuckDB says equal and greatest;
 * - zoned times and timestamps: by instant, whatever the zone;
 * - arrays, maps and rows: an unknown element makes equality unknown unless another element already differs; rows are
 *   ordered by their first fields that differ, and an unknown field before that leaves the order unknown.
 */
import type { ComparisonOperator } from '../../../sql/tree.ts'
import type { SqlType } from '../../../sql/types.ts'
import { MICROS_PRECISION, rowFieldKeys } from '../representation.ts'
import { letting, literal, parameterFor, type SqlText } from './text.ts'

const PICOS_PER_MINUTE = 60_000_000_000_000n
const PICOS_PER_DAY = 86_400_000_000_000_000n

/** True when DuckDB groups and orders the stored form as the language does. */
export function isPlain(type: SqlType): boolean {
  switch (type.kind) {
    case 'timestamp with time zone':
    case 'time with time zone':
    case 'map':
      return false
    case 'array':
      return isPlain(type.element)
    case 'row':
      return type.fields.every((field) => isPlain(field.type))
    default:
      return true
  }
}

/** A form of the value that groups and orders rightly. NULL stays NULL. */
export function comparable(value: SqlText, type: SqlType): SqlText {
  if (isPlain(type)) return value
  switch (type.kind) {
    case 'timestamp with time zone':
      if (type.precision <= MICROS_PRECISION) return field(value, 'instant')
      return letting(
        value,
        (v) =>
          `CASE WHEN ${v} IS NOT NULL THEN struct_pack(instant := ${field(v, 'instant')}, picos := ${field(v, 'picos')}) END`,
      )
    case 'time with time zone':
      return letting(
        value,
        (v) =>
          `(((${field(v, 'picos')} - ${field(v, 'offset')} * ${PICOS_PER_MINUTE}) % ${PICOS_PER_DAY} + ${PICOS_PER_DAY}) % ${PICOS_PER_DAY})`,
      )
    case 'array': {
      const e = parameterFor(value)
      return `list_transform(${value}, lambda ${e}: ${comparable(e, type.element)})`
    }
    case 'map': {
      const e = parameterFor(value)
      const key = comparable(field(e, 'key'), type.key)
      const mapped = comparable(field(e, 'value'), type.value)
      return `list_sort(list_transform(map_entries(${value}), lambda ${e}: struct_pack(k := ${key}, v := ${mapped})))`
    }
    case 'row': {
      const keys = rowFieldKeys(type.fields)
      return letting(value, (v) => {
        const packed = type.fields.map(
          (each, index) => `f${index} := ${comparable(field(v, keys[index] ?? ''), each.type)}`,
        )
        return `CASE WHEN ${v} IS NOT NULL THEN struct_pack(${packed.join(', ')}) END`
      })
    }
    default:
      return value
  }
}

/**
 * A form of an array or row for finding the largest or the smallest: what cannot be compared (NaN, an unknown element)
 * never wins, so it stands `first` for the largest and `last` for the smallest.
 */
export function extremeKey(value: SqlText, type: SqlType, unordered: 'first' | 'last'): SqlText {
  switch (type.kind) {
    case 'array': {
      const e = parameterFor(value)
      return `list_transform(${value}, lambda ${e}: ${partKey(e, type.element, unordered)})`
    }
    case 'row': {
      const keys = rowFieldKeys(type.fields)
      return letting(value, (v) => {
        const parts = type.fields.map(
          (each, index) => `f${index} := ${partKey(field(v, keys[index] ?? ''), each.type, unordered)}`,
        )
        return `CASE WHEN ${v} IS NOT NULL THEN struct_pack(${parts.join(', ')}) END`
      })
    }
    default:
      return comparable(value, type)
  }
}

function partKey(value: SqlText, type: SqlType, unordered: 'first' | 'last'): SqlText {
  return letting(value, (v) => {
    const isFloating = type.kind === 'double' || type.kind === 'real'
    const isOrdered = isFloating ? `coalesce(NOT isnan(${v}), false)` : `${v} IS NOT NULL`
    const rank = unordered === 'first' ? isOrdered : `NOT (${isOrdered})`
    return `struct_pack(n := ${rank}, v := ${extremeKey(v, type, unordered)})`
  })
}

export function field(value: SqlText, key: string): SqlText {
  return `struct_extract(${value}, ${literal(key)})`
}

const NEGATED: Readonly<Partial<Record<ComparisonOperator, ComparisonOperator>>> = { '<>': '=' }

/** `neverNaN`: sides known not to be NaN (constants), which need no test. */
export function compare(
  operator: ComparisonOperator,
  left: SqlText,
  right: SqlText,
  type: SqlType,
  neverNaN: { readonly left: boolean; readonly right: boolean } = { left: false, right: false },
): SqlText {
  if (type.kind === 'double' || type.kind === 'real') return compareFloating(operator, left, right, neverNaN)
  if (isNested(type)) {
    if (operator === '=') return equalNested(left, right, type)
    if (NEGATED[operator] === '=') return `(NOT ${equalNested(left, right, type)})`
    if (type.kind === 'row') return orderedRows(operator, left, right, type)
  }
  return `(${comparable(left, type)} ${operator} ${comparable(right, type)})`
}

export function isNested(type: SqlType): boolean {
  return type.kind === 'array' || type.kind === 'map' || type.kind === 'row'
}

function compareFloating(
  operator: ComparisonOperator,
  left: SqlText,
  right: SqlText,
  neverNaN: { readonly left: boolean; readonly right: boolean },
): SqlText {
  const plain = `${left} ${operator} ${right}`
  switch (operator) {
    case '=':
      if (neverNaN.left || neverNaN.right) return `(${plain})`
      return letting(left, (l) => `(${l} = ${right} AND NOT isnan(${l}))`)
    case '<>':
      if (neverNaN.left || neverNaN.right) return `(${plain})`
      return letting(left, (l) => `(${l} <> ${right} OR isnan(${l}))`)
    case '>':
    case '>=':
      if (neverNaN.left) return `(${plain})`
      return letting(left, (l) => `(${l} ${operator} ${right} AND NOT isnan(${l}))`)
    case '<':
    case '<=':
      if (neverNaN.right) return `(${plain})`
      return letting(right, (r) => `(${left} ${operator} ${r} AND NOT isnan(${r}))`)
  }
}

/** The first pair of fields that is not equal decides. */
function orderedRows(
  operator: ComparisonOperator,
  left: SqlText,
  right: SqlText,
  type: SqlType & { readonly kind: 'row' },
): SqlText {
  const keys = rowFieldKeys(type.fields)
  return letting(left, (l) =>
    letting(right, (r) => {
      const branches = type.fields.map((each, index) => {
        const [a, b] = [field(l, keys[index] ?? ''), field(r, keys[index] ?? '')]
        const strict = operator === '<=' ? '<' : operator === '>=' ? '>' : operator
        return `WHEN (${equal(a, b, each.type)}) IS NOT TRUE THEN CASE WHEN ${equal(a, b, each.type)} IS NOT NULL THEN ${compare(strict, a, b, each.type)} END`
      })
      const same = operator === '<=' || operator === '>='
      return `CASE WHEN ${l} IS NULL OR ${r} IS NULL THEN NULL ${branches.join(' ')} ELSE ${same} END`
    }),
  )
}

/** Equality of arrays, maps and rows with unknown elements. */
function equalNested(left: SqlText, right: SqlText, type: SqlType): SqlText {
  return letting(left, (l) =>
    letting(right, (r) => `CASE WHEN ${l} IS NOT NULL AND ${r} IS NOT NULL THEN ${equalParts(l, r, type)} END`),
  )
}

function equalParts(left: SqlText, right: SqlText, type: SqlType): SqlText {
  switch (type.kind) {
    case 'row': {
      const keys = rowFieldKeys(type.fields)
      const terms = type.fields.map((each, index) => {
        const key = keys[index] ?? ''
        return equal(field(left, key), field(right, key), each.type)
      })
      return terms.length === 0 ? 'true' : `(${terms.join(' AND ')})`
    }
    case 'array': {
      const e = parameterFor(left, right)
      const equals = `list_transform(${left}, lambda ${e}, ${e}i: ${equal(e, `${right}[${e}i]`, type.element)})`
      return `CASE WHEN len(${left}) <> len(${right}) THEN false ELSE ${allOf(equals)} END`
    }
    case 'map': {
      const e = parameterFor(left, right)
      const key = field(e, 'key')
      const sameValue = equal(field(e, 'value'), mapGet(right, key, type.key), type.value)
      const equals = `list_transform(map_entries(${left}), lambda ${e}: CASE WHEN ${mapHas(right, key, type.key)} THEN ${sameValue} ELSE false END)`
      return `CASE WHEN cardinality(${left}) <> cardinality(${right}) THEN false ELSE ${allOf(equals)} END`
    }
    default:
      return equal(left, right, type)
  }
}

function equal(left: SqlText, right: SqlText, type: SqlType): SqlText {
  return compare('=', left, right, type)
}

/** false when one is false, else unknown when one is unknown, else true. */
export function allOf(booleans: SqlText): SqlText {
  return letting(
    booleans,
    (list) =>
      `CASE WHEN list_contains(${list}, false) THEN false WHEN len(${list}) <> list_count(${list}) THEN NULL ELSE true END`,
  )
}

/** true when one is true, else unknown when one is unknown, else false. */
export function anyOf(booleans: SqlText): SqlText {
  return letting(
    booleans,
    (list) =>
      `CASE WHEN list_contains(${list}, true) THEN true WHEN len(${list}) <> list_count(${list}) THEN NULL ELSE false END`,
  )
}

function keyPosition(map: SqlText, key: SqlText, type: SqlType): SqlText {
  return isPlain(type)
    ? `list_position(map_keys(${map}), ${key})`
    : `list_position(list_transform(map_keys(${map}), lambda ${parameterFor(map)}k: ${comparable(`${parameterFor(map)}k`, type)}), ${comparable(key, type)})`
}

export function mapHas(map: SqlText, key: SqlText, type: SqlType): SqlText {
  return isPlain(type) ? `map_contains(${map}, ${key})` : `(${keyPosition(map, key, type)} IS NOT NULL)`
}

/** NULL when the key is missing. */
export function mapGet(map: SqlText, key: SqlText, type: SqlType): SqlText {
  return isPlain(type) ? `map_extract_value(${map}, ${key})` : `map_values(${map})[${keyPosition(map, key, type)}]`
}

export function distinct(left: SqlText, right: SqlText, type: SqlType): SqlText {
  return `(${comparable(left, type)} IS DISTINCT FROM ${comparable(right, type)})`
}
