/**
 * Where a key's texts lie in partitions that a condition can hold for, so that a store finds them without looking at the
 * others. Only keys of type string, whose texts compare as Trino compares them: byte by byte.
 */
import type { TextRange } from '../catalog/partition-filter.ts'
import { exactly, intersectionOf, ordered, unionOf } from '../catalog/text-ranges.ts'
import type { ScanColumn, TypedExpression } from '../sql/typed-tree.ts'

type Key = ScanColumn['symbol']
type Ranges = readonly TextRange[] | undefined

/** Of the key that is this column. undefined: anywhere. */
export function rangesOfKey(node: TypedExpression, key: Key): Ranges {
  switch (node.kind) {
    case 'Logical': {
      const all = node.terms.map((term) => rangesOfKey(term, key))
      const known = all.filter((one) => one !== undefined)
      if (node.operator === 'OR') return known.length === all.length ? unionOf(known.flat()) : undefined
      return known.length === 0 ? undefined : known.reduce(intersectionOf)
    }
    case 'Comparison':
      if (isKey(node.left, key)) return compared(node.operator, node.right)
      return isKey(node.right, key) ? compared(MIRRORED[node.operator], node.left) : undefined
    case 'Between': {
      if (!isKey(node.operand, key)) return undefined
      const [above, below] = [compared('>=', node.low), compared('<=', node.high)]
      return above && below && intersectionOf(above, below)
    }
    case 'In': {
      if (!isKey(node.operand, key)) return undefined
      const all = node.list.map((item) => compared('=', item))
      const known = all.filter((one) => one !== undefined)
      return known.length === all.length ? unionOf(known.flat()) : undefined
    }
    default:
      return undefined
  }
}

type Comparison = Extract<TypedExpression, { readonly kind: 'Comparison' }>['operator']

const MIRRORED: Readonly<Record<Comparison, Comparison>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

function isKey(node: TypedExpression, key: Key): boolean {
  return node.kind === 'Column' && node.symbol === key
}

function compared(comparison: Comparison, node: TypedExpression): Ranges {
  const text = constantText(node)
  return text === undefined ? undefined : ordered(comparison, text, exactly(text))
}

/** A literal has its length in its type, and is cast to the type without one. */
function constantText(node: TypedExpression): string | undefined {
  const inner =
    node.kind === 'Cast' && node.type.kind === 'varchar' && node.type.length === undefined ? node.operand : node
  return inner.kind === 'Constant' && inner.type.kind === 'varchar' && typeof inner.value === 'string'
    ? inner.value
    : undefined
}
