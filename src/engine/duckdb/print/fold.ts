/**
 * Arithmetic and casts of constants, done while printing: `1 - l_discount` has a decimal 1, and no cast of an integer
 * that could fail. DuckDB would fold them too, but only after it has decided how terms with casts may be moved about.
 * What is not known here, or would fail, stays for the engine.
 */
import { castValue } from '../../../sql/constant-values.ts'
import type { ConstantValue, TypedExpression } from '../../../sql/typed-tree.ts'
import type { SqlType } from '../../../sql/types.ts'

type Constant = TypedExpression & { readonly kind: 'Constant' }

/** So that a chain of a thousand additions is looked at once. */
const known = new WeakMap<TypedExpression, TypedExpression>()

/** The node itself when it is no constant. */
export function folded(node: TypedExpression): TypedExpression {
  if (node.kind !== 'Cast' && node.kind !== 'Call') return node
  const found = known.get(node)
  if (found !== undefined) return found
  const value = node.kind === 'Cast' ? cast(node) : computed(node)
  const result: TypedExpression = value === undefined ? node : { kind: 'Constant', type: node.type, value }
  known.set(node, result)
  return result
}

function constantOf(node: TypedExpression | undefined): Constant | undefined {
  if (node === undefined) return undefined
  const inner = folded(node)
  return inner.kind === 'Constant' && inner.value !== null ? inner : undefined
}

/** Numbers, and text that becomes longer text. */
function cast(node: TypedExpression & { kind: 'Cast' }): ConstantValue | undefined {
  const { type } = node
  const operand = constantOf(node.operand)
  if (operand === undefined) return undefined
  if (type.kind === 'varchar') {
    if (operand.type.kind !== 'varchar') return undefined
    const fits = type.length === undefined || (operand.type.length !== undefined && operand.type.length <= type.length)
    return fits ? operand.value : undefined
  }
  if (!isNumber(type) || !isNumber(operand.type)) return undefined
  if (type.kind === 'double' && !isExactDouble(operand)) return undefined
  return fitting(castValue(operand.value, operand.type, type), type)
}

/** Dividing by ten to the scale rounds rightly as long as the digits are a double themselves, and the divisor too. */
function isExactDouble({ value, type }: Constant): boolean {
  if (typeof value !== 'bigint' || type.kind !== 'decimal') return true
  return magnitude(value) <= Number.MAX_SAFE_INTEGER && type.scale <= POWERS_OF_TEN_EXACT_MAX
}

/** 10 ** 22 is the last that a double holds exactly. */
const POWERS_OF_TEN_EXACT_MAX = 22

function computed(node: TypedExpression & { kind: 'Call' }): ConstantValue | undefined {
  const operator = /^operator (negate|[-+*])$/.exec(node.function.declaration.name)?.[1]
  if (operator === undefined || !isNumber(node.type)) return undefined
  const [left, right] = [constantOf(node.args[0]), constantOf(node.args[1])]
  if (left === undefined) return undefined
  if (operator === 'negate') return fitting(negated(left.value), node.type)
  return right === undefined ? undefined : fitting(arithmetic(operator, left, right, node.type), node.type)
}

function negated(value: ConstantValue): ConstantValue | undefined {
  return typeof value === 'bigint' || typeof value === 'number' ? -value : undefined
}

function arithmetic(operator: string, left: Constant, right: Constant, type: SqlType): ConstantValue | undefined {
  const [a, b] = [left.value, right.value]
  if (typeof a === 'number' && typeof b === 'number') {
    return type.kind !== 'double' ? undefined : operator === '+' ? a + b : operator === '-' ? a - b : a * b
  }
  if (typeof a !== 'bigint' || typeof b !== 'bigint') return undefined
  if (operator === '*') return scaleOf(type) === scaleOf(left.type) + scaleOf(right.type) ? a * b : undefined
  // An operand that does not fit into the result's digits fails, even where the result would fit.
  const [x, y] = [fitting(rescaled(a, left.type, type), type), fitting(rescaled(b, right.type, type), type)]
  if (typeof x !== 'bigint' || typeof y !== 'bigint') return undefined
  return operator === '+' ? x + y : x - y
}

function scaleOf(type: SqlType): number {
  return type.kind === 'decimal' ? type.scale : 0
}

function rescaled(value: bigint, from: SqlType, to: SqlType): bigint | undefined {
  const digits = scaleOf(to) - scaleOf(from)
  return digits < 0 ? undefined : value * 10n ** BigInt(digits)
}

const INTEGER_BITS: Readonly<Partial<Record<SqlType['kind'], bigint>>> = {
  tinyint: 8n,
  smallint: 16n,
  integer: 32n,
  bigint: 64n,
}

function isNumber(type: SqlType): boolean {
  return INTEGER_BITS[type.kind] !== undefined || type.kind === 'decimal' || type.kind === 'double'
}

/** undefined: out of the type's range. */
function fitting(value: ConstantValue | undefined, type: SqlType): ConstantValue | undefined {
  if (typeof value === 'number') return type.kind === 'double' ? value : undefined
  if (typeof value !== 'bigint') return undefined
  const bits = INTEGER_BITS[type.kind]
  if (bits !== undefined) return BigInt.asIntN(Number(bits), value) === value ? value : undefined
  return type.kind === 'decimal' && magnitude(value) < 10n ** BigInt(type.precision) ? value : undefined
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}
