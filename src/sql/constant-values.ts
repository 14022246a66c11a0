/**
 * Values of constants compared and converted without an engine: what partition pruning needs. `undefined` always means
 * "not known here", never an answer.
 */
import { literalReader } from './literals.ts'
import type { ConstantValue } from './typed-tree.ts'
import type { SqlType } from './types.ts'

const DAY_MICROS = 86_400_000_000n
const INTEGER_BITS: Readonly<Partial<Record<SqlType['kind'], number>>> = {
  tinyint: 8,
  smallint: 16,
  integer: 32,
  bigint: 64,
}

/** Negative, zero or positive; both are of `type` and not NULL. */
export function compareValues(left: ConstantValue, right: ConstantValue, type: SqlType): number | undefined {
  if (typeof left === 'bigint' && typeof right === 'bigint') return order(left, right)
  if (typeof left === 'number' && typeof right === 'number') {
    return Number.isNaN(left) || Number.isNaN(right) ? undefined : order(left, right)
  }
  if (typeof left === 'boolean' && typeof right === 'boolean') return order(Number(left), Number(right))
  if (typeof left === 'string' && typeof right === 'string') {
    return type.kind === 'varchar' || type.kind === 'uuid' ? compareText(left, right) : undefined
  }
  if (isInstant(left) && isInstant(right)) {
    return order(left.epochMicros, right.epochMicros) || order(left.picos, right.picos)
  }
  return undefined
}

function order<T extends number | bigint>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** By code point, as UTF-8 bytes would compare. */
function compareText(left: string, right: string): number {
  const [a, b] = [[...left], [...right]]
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = (a[index]?.codePointAt(0) ?? 0) - (b[index]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

interface Instant {
  readonly epochMicros: bigint
  readonly picos: number
}

function isInstant(value: ConstantValue): value is Instant & { readonly zone?: string } {
  return typeof value === 'object' && value !== null && 'epochMicros' in value
}

/** Text of the catalog or of a string as a value of `type`; undefined when it is none. */
export function readValue(text: string, type: SqlType): ConstantValue | undefined {
  if (type.kind === 'varchar') return text
  const literal = literalReader(type.kind)?.(text)
  if (literal === undefined) return undefined
  return castValue(literal.value, literal.type, type)
}

/** What CAST gives; undefined also where it would fail, so that the engine can fail. */
export function castValue(value: ConstantValue, from: SqlType, to: SqlType): ConstantValue | undefined {
  if (value === null) return null
  if (from.kind === to.kind && from.kind !== 'decimal' && from.kind !== 'varchar' && !('precision' in from))
    return value
  if (from.kind === 'varchar' && typeof value === 'string') return castText(value, to)
  if (from.kind === 'date' && typeof value === 'number') return castDate(value, to)
  if (typeof value === 'bigint') return castExact(value, from, to)
  if (from.kind === 'real' && to.kind === 'double') return value
  if (from.kind === to.kind && 'precision' in from && 'precision' in to && to.precision >= from.precision) return value
  return undefined
}

function castText(value: string, to: SqlType): ConstantValue | undefined {
  if (to.kind !== 'varchar') return readValue(value, to)
  return to.length === undefined ? value : [...value].slice(0, to.length).join('')
}

function castDate(days: number, to: SqlType): ConstantValue | undefined {
  if (to.kind === 'varchar') return dateText(days)
  if (to.kind === 'timestamp') return { epochMicros: BigInt(days) * DAY_MICROS, picos: 0 }
  if (to.kind === 'timestamp with time zone') return { epochMicros: BigInt(days) * DAY_MICROS, picos: 0, zone: 'UTC' }
  return undefined
}

/** `2024-01-31` for 19753; undefined outside the years that Date can tell. */
export function dateText(days: number): string | undefined {
  const instant = new Date(days * 86_400_000)
  return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString().replace(/T.*$/, '')
}

function castExact(value: bigint, from: SqlType, to: SqlType): ConstantValue | undefined {
  const scale = from.kind === 'decimal' ? from.scale : 0
  const isNumber = from.kind === 'decimal' || INTEGER_BITS[from.kind] !== undefined
  if (!isNumber) return undefined
  if (to.kind === 'double') return Number(value) / 10 ** scale
  if (to.kind === 'decimal') {
    return to.scale >= scale ? value * 10n ** BigInt(to.scale - scale) : undefined
  }
  if (scale !== 0) return undefined
  if (to.kind === 'varchar') return to.length === undefined ? String(value) : undefined
  const bits = INTEGER_BITS[to.kind]
  if (bits === undefined) return undefined
  const limit = 1n << BigInt(bits - 1)
  return value >= -limit && value < limit ? value : undefined
}
