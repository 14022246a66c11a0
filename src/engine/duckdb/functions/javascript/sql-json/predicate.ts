/** Conditions of SQL/JSON path filters, in three values: undefined is unknown. What fails inside them is unknown too. */
import type { PathComparison, PathNode, PathPredicate } from '../../../../../sql/json-path/tree.ts'
import { evaluate, PathFailure, type PathWorld, unwrapped } from './evaluate.ts'
import { type Item, isArray, isDecimal, isObject } from './item.ts'

type Truth = boolean | undefined

export function holds(predicate: PathPredicate, world: PathWorld): Truth {
  switch (predicate.kind) {
    case 'Not': {
      const truth = holds(predicate.operand, world)
      return truth === undefined ? undefined : !truth
    }
    case 'And': {
      const left = holds(predicate.left, world)
      if (left === false) return false
      const right = holds(predicate.right, world)
      return right === false ? false : left === undefined ? undefined : right
    }
    case 'Or': {
      const left = holds(predicate.left, world)
      if (left === true) return true
      const right = holds(predicate.right, world)
      return right === true ? true : left === undefined ? undefined : right
    }
    case 'IsUnknown':
      return holds(predicate.operand, world) === undefined
    case 'Exists': {
      const items = sequence(predicate.path, world)
      return items === undefined ? undefined : items.length > 0
    }
    case 'Comparison':
      return somePair(predicate.left, predicate.right, world, (left, right) =>
        compared(predicate.operator, left, right),
      )
    case 'StartsWith':
      return somePair(predicate.whole, predicate.start, world, (whole, start) =>
        typeof whole === 'string' && typeof start === 'string' ? whole.startsWith(start) : undefined,
      )
  }
}

function sequence(node: PathNode, world: PathWorld): readonly Item[] | undefined {
  try {
    return evaluate(node, world)
  } catch (failure) {
    if (failure instanceof PathFailure) return undefined
    throw failure
  }
}

/** True when one pair fits. In lax mode the first that fits decides; in strict mode one unknown pair makes all unknown. */
function somePair(left: PathNode, right: PathNode, world: PathWorld, test: (left: Item, right: Item) => Truth): Truth {
  const [lefts, rights] = [sequence(left, world), sequence(right, world)]
  if (lefts === undefined || rights === undefined) return undefined
  let isUnknown = false
  let isFound = false
  for (const a of unwrapped(lefts, world)) {
    for (const b of unwrapped(rights, world)) {
      const truth = test(a, b)
      if (truth === undefined) isUnknown = true
      if (truth === true) isFound = true
      if (isFound && !world.strict) return true
    }
  }
  return isUnknown ? undefined : isFound
}

/** undefined: the two cannot be compared. JSON null equals only itself and is neither less nor greater than others. */
function compared(operator: PathComparison, left: Item, right: Item): Truth {
  if (isArray(left) || isObject(left) || isArray(right) || isObject(right)) return undefined
  if (left === null || right === null) {
    const isSame = left === right
    return operator === '<>' ? !isSame : isSame && operator !== '<' && operator !== '>'
  }
  if (typeof left === 'boolean' && typeof right === 'boolean') return ordered(operator, Number(left), Number(right))
  if (typeof left === 'string' && typeof right === 'string') return ordered(operator, bytesOrder(left, right), 0)
  if (isNumber(left) && isNumber(right)) return ordered(operator, numeric(left), numeric(right))
  return undefined
}

type PathNumber = bigint | number | { readonly decimal: string }

function isNumber(item: Item): item is PathNumber {
  return typeof item === 'bigint' || typeof item === 'number' || (item !== null && isDecimal(item))
}

function numeric(item: PathNumber): number | bigint {
  return typeof item === 'object' ? Number(item.decimal) : item
}

function bytesOrder(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right))
}

function ordered(operator: PathComparison, left: number | bigint, right: number | bigint): boolean {
  switch (operator) {
    case '==':
      // biome-ignore lint/suspicious/noDoubleEquals: 1n and 1 are the same number here.
      return left == right
    case '<>':
      // biome-ignore lint/suspicious/noDoubleEquals: 1n and 1 are the same number here.
      return left != right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
  }
}
