/** Arithmetic and concatenation. DuckDB's own overflow errors are put into the language's words in `failure-text.ts`. */
import type { SqlType } from '../../../sql/types.ts'
import { paddedText } from '../print/cast.ts'
import { field } from '../print/comparison.ts'
import {
  isFine,
  localOf,
  microsOf,
  PICOS_PER_DAY,
  packTime,
  packTimestamp,
  picosOf,
  zoneOf,
} from '../print/datetime-cast.ts'
import { letting, literal, raise, type SqlText } from '../print/text.ts'
import { NARROW_DIGITS, storageType } from '../representation.ts'
import { argument, type CallSite, type Translation, type Translations, typeAt } from './translation.ts'

const MILLIS_PER_DAY = 86_400_000

type Kind = SqlType['kind']
const isNumber = (type: SqlType) =>
  ['tinyint', 'smallint', 'integer', 'bigint', 'real', 'double', 'decimal'].includes(type.kind)
const isFloating = (type: SqlType) => type.kind === 'real' || type.kind === 'double'
const isInterval = (type: SqlType) => type.kind.startsWith('interval')

function as(value: SqlText, type: SqlType): SqlText {
  return `CAST(${value} AS ${storageType(type)})`
}

const add: Translation = (call) => {
  const [left, right] = [typeAt(call, 0), typeAt(call, 1)]
  if (isNumber(left) || (isInterval(left) && left.kind === right.kind)) return infix(call, '+')
  if (isInterval(left)) return shifted(call, argument(call, 1), right, argument(call, 0), left.kind, '+')
  return shifted(call, argument(call, 0), left, argument(call, 1), right.kind, '+')
}

const subtract: Translation = (call) => {
  const [left, right] = [typeAt(call, 0), typeAt(call, 1)]
  if (isNumber(left) || (isInterval(left) && left.kind === right.kind)) return infix(call, '-')
  if (isInterval(right)) return shifted(call, argument(call, 0), left, argument(call, 1), right.kind, '-')
  return between(call, left)
}

function infix(call: CallSite, operator: string): SqlText {
  const { result } = call
  const [left, right] = [argument(call, 0), argument(call, 1)]
  if (result.kind !== 'decimal' || call.decimals === 'narrow') return `(${left} ${operator} ${right})`
  // DuckDB computes in the width of its operands, so they are widened to the result's first.
  if (operator === '*') {
    const type = typeAt(call, 0)
    const wide = type.kind === 'decimal' ? as(left, { ...type, precision: result.precision }) : left
    return as(`(${result.precision > NARROW_DIGITS ? wide : left} * ${right})`, result)
  }
  return as(`(${as(left, result)} ${operator} ${as(right, result)})`, result)
}

/** A point in time moved by an interval. */
function shifted(
  call: CallSite,
  point: SqlText,
  type: SqlType,
  interval: SqlText,
  unit: Kind,
  sign: '+' | '-',
): SqlText {
  const months = unit === 'interval year to month'
  switch (type.kind) {
    case 'date':
      if (months) return `CAST(${point} ${sign} to_months(${interval}) AS DATE)`
      return letting(interval, (i) => {
        const complaint = raise(
          'INVALID_FUNCTION_ARGUMENT',
          literal(
            `Cannot ${sign === '+' ? 'add' : 'subtract'} hour, minutes or seconds ${sign === '+' ? 'to' : 'from'} a date`,
          ),
          'DATE',
        )
        return `CASE WHEN ${i} % ${MILLIS_PER_DAY} <> 0 THEN ${complaint} ELSE ${point} ${sign} CAST(${i} // ${MILLIS_PER_DAY} AS INTEGER) END`
      })
    case 'timestamp':
    case 'timestamp with time zone': {
      const { result } = call
      if (result.kind !== 'timestamp' && result.kind !== 'timestamp with time zone') return point
      return letting(point, (v) => {
        const zone = result.kind === 'timestamp' ? "'UTC'" : zoneOf(v)
        const moved = months
          ? result.kind === 'timestamp'
            ? `(${microsOf(v, type)} ${sign} to_months(${interval}))`
            : `lk_instant(${localOf(v, type)} ${sign} to_months(${interval}), ${zone})`
          : `(${microsOf(v, type)} ${sign} to_microseconds(${interval} * 1000))`
        const packed = packTimestamp(result, moved, picosOf(v, type), zone)
        return isPackedPlain(result)
          ? packed
          : `CASE WHEN ${v} IS NOT NULL AND ${interval} IS NOT NULL THEN ${packed} END`
      })
    }
    case 'time':
      return `lk_floor_mod(${point}::HUGEINT ${sign} ${interval}::HUGEINT * 1000000000, ${PICOS_PER_DAY})::BIGINT`
    case 'time with time zone':
      return letting(
        point,
        (v) =>
          `CASE WHEN ${v} IS NOT NULL AND ${interval} IS NOT NULL THEN ${packTime(`lk_floor_mod(${field(v, 'picos')}::HUGEINT ${sign} ${interval}::HUGEINT * 1000000000, ${PICOS_PER_DAY})`, field(v, 'offset'))} END`,
      )
    default:
      return point
  }
}

function isPackedPlain(type: SqlType): boolean {
  return type.kind === 'timestamp' && !isFine(type)
}

/** The time between two points, in milliseconds. */
function between(call: CallSite, type: SqlType): SqlText {
  const [left, right] = [argument(call, 0), argument(call, 1)]
  switch (type.kind) {
    case 'date':
      return `((${left} - ${right}) * ${MILLIS_PER_DAY}::BIGINT)`
    case 'timestamp':
    case 'timestamp with time zone': {
      const difference = `(epoch_us(${microsOf(left, type)}) - epoch_us(${microsOf(right, type)}))`
      return type.precision <= 3 ? `(${difference} // 1000)` : `lk_floor_div(${difference} + 500, 1000)`
    }
    case 'time':
      return `lk_floor_div(${left} - ${right} + 500000000, 1000000000)`
    case 'time with time zone': {
      const utc = (value: SqlText) => `(${field(value, 'picos')} - ${field(value, 'offset')} * 60000000000000)`
      return letting(left, (l) => letting(right, (r) => `lk_floor_div(${utc(l)} - ${utc(r)} + 500000000, 1000000000)`))
    }
    default:
      return `(${left} - ${right})`
  }
}

const multiply: Translation = (call) => {
  const [left, right] = [typeAt(call, 0), typeAt(call, 1)]
  if (!isInterval(left) && !isInterval(right)) return infix(call, '*')
  if (left.kind !== 'double' && right.kind !== 'double') {
    return as(`(${argument(call, 0)}::BIGINT * ${argument(call, 1)}::BIGINT)`, call.result)
  }
  return scaled(`CAST(${argument(call, 0)} AS DOUBLE) * CAST(${argument(call, 1)} AS DOUBLE)`, call.result)
}

/** An interval times or over a number: fractions are cut, what is no number is refused. */
function scaled(product: SqlText, type: SqlType): SqlText {
  return letting(product, (p) => {
    const complaint = raise(
      'INVALID_FUNCTION_ARGUMENT',
      `'Interval cannot be multiplied or divided to ' || ${p}`,
      storageType(type),
    )
    const range = raise('NUMERIC_VALUE_OUT_OF_RANGE', `'Interval overflow: ' || ${p}`, storageType(type))
    return `CASE WHEN NOT isfinite(${p}) THEN ${complaint} WHEN ${p} IS NULL THEN NULL ELSE coalesce(TRY_CAST(trunc(${p}) AS ${storageType(type)}), ${range}) END`
  })
}

const divisionByZero = (type: SqlType) => raise('DIVISION_BY_ZERO', "'Division by zero'", storageType(type))

function isNonZeroConstant(call: CallSite, index: number): boolean {
  let node = call.nodes[index]
  while (node?.kind === 'Cast' && node.implicit) node = node.operand
  return (
    node?.kind === 'Constant' &&
    node.value !== null &&
    (typeof node.value === 'bigint' || typeof node.value === 'number') &&
    BigInt(Math.trunc(Number(node.value))) !== 0n
  )
}

function guarded(call: CallSite, body: (divisor: SqlText) => SqlText): SqlText {
  const divisor = argument(call, 1)
  if (isNonZeroConstant(call, 1)) return body(divisor)
  return letting(divisor, (d) => `CASE WHEN ${d} = 0 THEN ${divisionByZero(call.result)} ELSE ${body(d)} END`)
}

const divide: Translation = (call) => {
  const { result } = call
  const dividend = argument(call, 0)
  if (isFloating(result)) return `(${dividend} / ${argument(call, 1)})`
  if (isInterval(result)) return scaled(`CAST(${dividend} AS DOUBLE) / ${argument(call, 1)}`, result)
  if (result.kind === 'decimal') {
    return guarded(
      call,
      (d) =>
        `CAST(js_decimal_divide(CAST(${dividend} AS VARCHAR), CAST(${d} AS VARCHAR), ${result.scale}) AS ${storageType(result)})`,
    )
  }
  return guarded(call, (d) => `(${dividend} // ${d})`)
}

const remainder: Translation = (call) => {
  const text = `(${argument(call, 0)} % ${argument(call, 1)})`
  if (isFloating(call.result)) return text
  const typed = (d: SqlText) =>
    call.result.kind === 'decimal' ? as(`(${argument(call, 0)} % ${d})`, call.result) : `(${argument(call, 0)} % ${d})`
  return guarded(call, typed)
}

const concatenate: Translation = (call) => {
  const { result } = call
  const [left, right] = [typeAt(call, 0), typeAt(call, 1)]
  if (result.kind === 'char') return `rtrim(${paddedText(argument(call, 0), left)} || ${argument(call, 1)}, ' ')`
  if (result.kind !== 'array') return `(${call.args.join(' || ')})`
  return concatenatedArrays(call.args, [left, right, ...call.types.slice(2)], result)
}

/** Arrays, and single elements in front or behind, put together; NULL when an array is NULL. */
export function concatenatedArrays(args: readonly SqlText[], types: readonly SqlType[], result: SqlType): SqlText {
  const depth = storageType(result)
  const isWhole = (type: SqlType | undefined) => type !== undefined && storageType(type) === depth
  return args.reduce((joined, next, index) => {
    if (index === 0) return joined
    if (index === 1 && !isWhole(types[0]))
      return letting(
        next,
        (n) => `CASE WHEN ${n} IS NOT NULL AND ${joined} IS NOT NULL THEN list_prepend(${joined}, ${n}) END`,
      )
    if (!isWhole(types[index]))
      return letting(
        joined,
        (j) => `CASE WHEN ${j} IS NOT NULL AND ${next} IS NOT NULL THEN list_append(${j}, ${next}) END`,
      )
    return letting(joined, (j) =>
      letting(next, (n) => `CASE WHEN ${j} IS NOT NULL AND ${n} IS NOT NULL THEN list_concat(${j}, ${n}) END`),
    )
  })
}

export const operatorTranslations: Translations = {
  'operator +': add,
  'operator -': subtract,
  'operator *': multiply,
  'operator /': divide,
  'operator %': remainder,
  'operator negate': (call) => `(-${argument(call, 0)})`,
  'operator ||': concatenate,
  mod: remainder,
  concat: concatenate,
}
