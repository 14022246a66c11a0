/**
 * Evaluates a SQL/JSON path over one item. The result is a sequence. `lax` takes arrays apart where a single item is
 * wanted, treats a single item as an array where one is wanted, and skips what is not there; `strict` fails instead.
 */
import type { JsonPath, PathMethod, PathNode } from '../../../../../sql/json-path/tree.ts'
import { fail } from '../define.ts'
import { type Decimal, decimalString, parseDecimal, rescale } from '../java-number.ts'
import { type Item, isArray, isDecimal, isObject } from './item.ts'
import { holds } from './predicate.ts'

/** The path does not fit the item: the caller's ON ERROR decides. */
export class PathFailure extends Error {}

export interface PathWorld {
  readonly strict: boolean
  readonly root: Item
  readonly variables: ReadonlyMap<string, Item>
  /** `@` of the filter that is being tested. */
  readonly current?: Item
  /** Index of the last element of the array whose subscript is being read. */
  readonly last?: number
}

export function evaluatePath(path: JsonPath, root: Item, variables: ReadonlyMap<string, Item>): readonly Item[] {
  return evaluate(path.root, { strict: path.strict, root, variables })
}

export function evaluate(node: PathNode, world: PathWorld): readonly Item[] {
  switch (node.kind) {
    case 'Literal':
      return [node.value]
    case 'Root':
      return [world.root]
    case 'Current':
      if (world.current === undefined) throw new PathFailure('current item @ is not available outside a filter')
      return [world.current]
    case 'Last':
      if (world.last === undefined) throw new PathFailure("'last' is not available outside a subscript")
      return [BigInt(world.last)]
    case 'Variable': {
      const value = world.variables.get(node.name)
      if (value === undefined) throw new PathFailure(`no value passed for parameter ${node.name}`)
      return [value]
    }
    case 'Sign':
      return unwrapped(evaluate(node.operand, world), world).map((item) => {
        if (typeof item === 'bigint') return node.negative ? inRange(-item) : item
        if (typeof item === 'number') return node.negative ? -item : item
        if (isDecimal(item)) return node.negative ? { decimal: negatedText(item.decimal) } : item
        throw new PathFailure(`invalid item type. Expected: NUMBER, actual: ${typeName(item)}`)
      })
    case 'Arithmetic': {
      const left = singleNumber(evaluate(node.left, world), world)
      const right = singleNumber(evaluate(node.right, world), world)
      return [arithmetic(node.operator, left, right)]
    }
    case 'Member':
      return unwrapped(evaluate(node.base, world), world).flatMap((item) => members(item, node.name, world))
    case 'Descendants':
      return evaluate(node.base, world).flatMap((item) => descendants(item, node.name))
    case 'Elements':
      return evaluate(node.base, world).flatMap((item) => elements(item, node.subscripts, world))
    case 'Filter':
      return unwrapped(evaluate(node.base, world), world).filter(
        (item) => holds(node.predicate, { ...world, current: item }) === true,
      )
    case 'Method':
      return applied(node.method, evaluate(node.base, world), world)
  }
}

/** In lax mode the elements of arrays stand for the arrays. */
export function unwrapped(items: readonly Item[], world: PathWorld): readonly Item[] {
  return world.strict ? items : items.flatMap((item) => (isArray(item) ? item : [item]))
}

function members(item: Item, name: string | undefined, world: PathWorld): readonly Item[] {
  if (!isObject(item)) {
    if (!world.strict) return []
    throw new PathFailure(`invalid item type. Expected: OBJECT, actual: ${typeName(item)}`)
  }
  if (name === undefined) return [...item.values()]
  const member = item.get(name)
  if (member !== undefined) return [member]
  if (!world.strict) return []
  throw new PathFailure(`missing member '${name}' in JSON object`)
}

function descendants(item: Item, name: string): readonly Item[] {
  if (isArray(item)) return item.flatMap((element) => descendants(element, name))
  if (!isObject(item)) return []
  const own = item.get(name)
  return [...(own === undefined ? [] : [own]), ...[...item.values()].flatMap((member) => descendants(member, name))]
}

type Subscripts = Extract<PathNode, { readonly kind: 'Elements' }>['subscripts']

function elements(item: Item, subscripts: Subscripts, world: PathWorld): readonly Item[] {
  if (!isArray(item) && world.strict) {
    throw new PathFailure(`invalid item type. Expected: ARRAY, actual: ${typeName(item)}`)
  }
  const array = isArray(item) ? item : [item]
  if (subscripts === undefined) return array
  const inside = { ...world, last: array.length - 1 }
  return subscripts.flatMap(({ from, to }) => {
    const first = index(from, inside)
    const last = to === undefined ? first : index(to, inside)
    const isOutside = first < 0 || last >= array.length || first > last
    if (isOutside && world.strict) {
      throw new PathFailure(`invalid array subscript: [${first}, ${last}] for array of size ${array.length}`)
    }
    return array.slice(Math.max(0, first), Math.max(0, last + 1))
  })
}

function index(node: PathNode, world: PathWorld): number {
  const value = singleNumber(evaluate(node, world), world)
  return Math.trunc(isDecimal(value) ? Number(value.decimal) : Number(value))
}

type PathNumber = bigint | number | { readonly decimal: string }

function singleNumber(items: readonly Item[], world: PathWorld): PathNumber {
  const operands = unwrapped(items, world)
  const [only] = operands
  if (operands.length !== 1 || only === undefined) {
    throw new PathFailure(`arithmetic operand must be a single item, ${operands.length} found`)
  }
  if (typeof only === 'bigint' || typeof only === 'number' || isDecimal(only)) return only
  throw new PathFailure(`invalid item type. Expected: NUMBER, actual: ${typeName(only)}`)
}

type Operator = '+' | '-' | '*' | '/' | '%'

/** Whole numbers stay whole, exact numbers exact; a double on either side makes a double. */
function arithmetic(operator: Operator, left: PathNumber, right: PathNumber): Item {
  if (typeof left === 'number' || typeof right === 'number') return FLOATING[operator](asNumber(left), asNumber(right))
  if (isDecimal(left) || isDecimal(right)) return exactly(operator, exact(left), exact(right))
  if (right === 0n && (operator === '/' || operator === '%')) throw new PathFailure('division by zero')
  return inRange(WHOLE[operator](left, right))
}

const WHOLE = {
  '+': (left: bigint, right: bigint) => left + right,
  '-': (left: bigint, right: bigint) => left - right,
  '*': (left: bigint, right: bigint) => left * right,
  '/': (left: bigint, right: bigint) => left / right,
  '%': (left: bigint, right: bigint) => left % right,
}

const FLOATING = {
  '+': (left: number, right: number) => left + right,
  '-': (left: number, right: number) => left - right,
  '*': (left: number, right: number) => left * right,
  '/': (left: number, right: number) => left / right,
  '%': (left: number, right: number) => left % right,
}

function asNumber(value: PathNumber): number {
  return isDecimal(value) ? Number(value.decimal) : Number(value)
}

function exact(value: bigint | { readonly decimal: string }): Decimal {
  const parsed = parseDecimal(isDecimal(value) ? value.decimal : String(value))
  if (parsed === undefined) throw new PathFailure('number is out of range')
  return parsed
}

function exactly(operator: Operator, left: Decimal, right: Decimal): Item {
  if (operator === '/' || operator === '%') {
    return fail('NOT_SUPPORTED', `JSON path operator ${operator} is not supported for decimal numbers`)
  }
  const scale = Math.max(left.scale, right.scale)
  const decimal =
    operator === '*'
      ? { unscaled: left.unscaled * right.unscaled, scale: left.scale + right.scale }
      : { unscaled: WHOLE[operator](rescale(left, scale).unscaled, rescale(right, scale).unscaled), scale }
  return { decimal: decimalString(decimal) }
}

function inRange(value: bigint): bigint {
  if (BigInt.asIntN(64, value) === value) return value
  throw new PathFailure(`bigint overflow: ${value}`)
}

function negatedText(decimal: string): string {
  return decimal.startsWith('-') ? decimal.slice(1) : `-${decimal}`
}

function applied(method: PathMethod, items: readonly Item[], world: PathWorld): readonly Item[] {
  switch (method) {
    case 'type':
      return items.map(typeName)
    case 'size':
      return items.map((item) => {
        if (isArray(item)) return BigInt(item.length)
        if (!world.strict) return 1n
        throw new PathFailure(`invalid item type. Expected: ARRAY, actual: ${typeName(item)}`)
      })
    case 'double':
      return unwrapped(items, world).map(asDouble)
    case 'ceiling':
      return unwrapped(items, world).map((item) => rounded(item, Math.ceil))
    case 'floor':
      return unwrapped(items, world).map((item) => rounded(item, Math.floor))
    case 'abs':
      return unwrapped(items, world).map((item) => {
        if (typeof item === 'bigint') return inRange(item < 0n ? -item : item)
        if (isDecimal(item)) return { decimal: item.decimal.replace(/^-/, '') }
        return rounded(item, Math.abs)
      })
  }
}

function asDouble(item: Item): Item {
  const text = isDecimal(item) ? item.decimal : item
  if (typeof text === 'number' || typeof text === 'bigint') return Number(text)
  const number = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN
  if (Number.isNaN(number)) throw new PathFailure(`invalid item type for double(): ${typeName(item)}`)
  return number
}

function rounded(item: Item, round: (value: number) => number): Item {
  if (typeof item === 'bigint') return item
  if (typeof item === 'number') return round(item)
  if (isDecimal(item)) return BigInt(round(Number(item.decimal)))
  throw new PathFailure(`invalid item type. Expected: NUMBER, actual: ${typeName(item)}`)
}

export function typeName(item: Item): string {
  if (item === null) return 'null'
  if (isArray(item)) return 'array'
  if (isObject(item)) return 'object'
  if (typeof item === 'bigint' || typeof item === 'number' || isDecimal(item)) return 'number'
  return typeof item
}
