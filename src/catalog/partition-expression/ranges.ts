/**
 * Where the texts of a key's values lie in partitions that an expression can hold for. Wider than need be where types
 * have several texts for one value, never narrower: the expression itself decides about each partition in the ranges.
 */
import type { TextRange } from '../partition-filter.ts'
import { endOf, exactly, intersectionOf, ordered, startingWith, unionOf } from '../text-ranges.ts'
import { type Keys, keyColumn, NULL_PARTITION } from './compile.ts'
import type { KeyType } from './key-type.ts'
import { likePrefix } from './like.ts'
import type { Comparison, Expression } from './parser.ts'

/** Of the key at this place. undefined: anywhere. Sorted, without overlaps. */
export function rangesOf(expression: Expression, keys: Keys, key: number): readonly TextRange[] | undefined {
  switch (expression.kind) {
    case 'and': {
      const known = expression.operands
        .map((operand) => rangesOf(operand, keys, key))
        .filter((one) => one !== undefined)
      return known.length === 0 ? undefined : known.reduce(intersectionOf)
    }
    case 'or':
      return unionIfAllKnown(expression.operands.map((operand) => rangesOf(operand, keys, key)))
    case 'not':
      return undefined
    case 'isNull':
      return typeAt(expression.column, keys, key) && [exactly(NULL_PARTITION)]
    case 'compare':
      return compared(typeAt(expression.column, keys, key), expression.comparison, expression.literal)
    case 'in': {
      const type = typeAt(expression.column, keys, key)
      return unionIfAllKnown(expression.literals.map((literal) => compared(type, '=', literal)))
    }
    case 'between': {
      const type = typeAt(expression.column, keys, key)
      const [above, below] = [compared(type, '>=', expression.low), compared(type, '<=', expression.high)]
      return above && below && intersectionOf(above, below)
    }
    case 'like': {
      const prefix = likePrefix(expression.pattern)
      return typeAt(expression.column, keys, key) && prefix !== '' ? [startingWith(prefix)] : undefined
    }
  }
}

function unionIfAllKnown(all: readonly (readonly TextRange[] | undefined)[]): readonly TextRange[] | undefined {
  const known = all.filter((one) => one !== undefined)
  return known.length === all.length ? unionOf(known.flat()) : undefined
}

/** undefined: the column is another key. */
function typeAt(column: string, keys: Keys, key: number): KeyType | undefined {
  const found = keyColumn(column, keys)
  return found.index === key ? found.type : undefined
}

type Compared = (comparison: Comparison, literal: string) => readonly TextRange[] | undefined

function compared(type: KeyType | undefined, comparison: Comparison, literal: string) {
  return type === undefined || comparison === '<>' ? undefined : OF_TYPE[type.kind](comparison, literal)
}

const OF_TYPE: Readonly<Record<KeyType['kind'], Compared>> = {
  text: (comparison, literal) => {
    // Texts compare by UTF-16 units, keys by bytes of UTF-8: the orders differ where surrogates are met.
    if (comparison !== '=' && /[\ud800-\uffff]/.test(literal)) return undefined
    return ordered(comparison, literal, exactly(literal))
  },
  date: (comparison, literal) => ordered(comparison, literal, exactly(literal)),
  // 10:00:00.5 and 10:00:00.500 are one value: the shortest of its texts begins all the others.
  timestamp: (comparison, literal) => {
    const shortest = literal.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
    return ordered(comparison, shortest, startingWith(shortest))
  },
  integral: (comparison, literal) =>
    comparison === '=' ? integerTexts(BigInt(literal.trim().replace('+', ''))) : undefined,
  decimal: () => undefined,
}

/** More zeros than this before a number are looked for among all texts that begin with so many. */
const ZEROS_MAX = 20

/**
 * Texts that may be this integer: 7, 07, 007, …; +7 and " 7" are among what sorts before the digits, and what sorts
 * behind them may begin with some other blank.
 */
function integerTexts(value: bigint): readonly TextRange[] {
  const beforeDigits = { low: Buffer.of(), high: Buffer.from('0') }
  const behindDigits = { low: Buffer.from(':'), high: undefined }
  if (value < 0n) return [beforeDigits, behindDigits]
  const padded = Array.from({ length: ZEROS_MAX }, (_, zeros) => '0'.repeat(zeros) + value)
  return unionOf([
    beforeDigits,
    // What follows may be blanks, but no further digit.
    ...padded.flatMap((text) => [
      { low: Buffer.from(text), high: Buffer.from(`${text}0`) },
      { low: Buffer.from(`${text}:`), high: endOf(text) },
    ]),
    startingWith('0'.repeat(ZEROS_MAX)),
    behindDigits,
  ])
}
