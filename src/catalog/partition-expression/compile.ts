/**
 * From the tree to a test of partition values, with SQL's three values: true, false, unknown.
 *
 * A test answers with the set of outcomes that are possible: one of them when all values are known; several when some are
 * not (`undefined`), so that a scan can tell from the first values of a key whether any partition that begins so matches.
 */
import type { Column } from '../types.ts'
import { type Comparable, type KeyType, keyType } from './key-type.ts'
import { likePattern } from './like.ts'
import type { Comparison, Expression } from './parser.ts'
import { invalidExpression, valueMismatch } from './refusal.ts'

export const TRUE = 1
export const FALSE = 2
export const UNKNOWN = 4
const ANY = TRUE | FALSE | UNKNOWN

/** A set of `TRUE`, `FALSE` and `UNKNOWN`. */
export type Outcomes = number

/** In the order of the table's keys; undefined: may be any. */
export type KnownValues = readonly (string | undefined)[]

export type Test = (values: KnownValues) => Outcomes

export type Keys = readonly Pick<Column, 'name' | 'type'>[]

/** How Hive writes a partition whose key was NULL. */
export const NULL_PARTITION = '__HIVE_DEFAULT_PARTITION__'

export function compile(expression: Expression, keys: Keys): Test {
  switch (expression.kind) {
    case 'and':
      return every(expression.operands.map((operand) => compile(operand, keys)))
    case 'or': {
      const noneOf = every(expression.operands.map((operand) => not(compile(operand, keys))))
      return not(noneOf)
    }
    case 'not':
      return not(compile(expression.operand, keys))
    case 'isNull': {
      const { index } = keyColumn(expression.column, keys)
      return (values) => {
        const value = values[index]
        if (value === undefined) return TRUE | FALSE
        return value === NULL_PARTITION ? TRUE : FALSE
      }
    }
    case 'compare': {
      const column = keyColumn(expression.column, keys)
      const holds = COMPARISONS[expression.comparison]
      const right = literalOf(column, expression.literal)
      return tested(column, (value) => holds(value, right))
    }
    case 'in': {
      const column = keyColumn(expression.column, keys)
      const members = new Set(expression.literals.map((literal) => literalOf(column, literal)))
      return tested(column, (value) => members.has(value))
    }
    case 'between': {
      const column = keyColumn(expression.column, keys)
      const [low, high] = [literalOf(column, expression.low), literalOf(column, expression.high)]
      return tested(column, (value) => value >= low && value <= high)
    }
    case 'like': {
      const column = keyColumn(expression.column, keys)
      if (column.type.withoutLike !== undefined)
        throw invalidExpression(`${column.type.withoutLike} data type doesn't support operation 'LIKE'`)
      const pattern = likePattern(expression.pattern)
      return tested(column, (value) => pattern.test(String(value)))
    }
  }
}

const COMPARISONS: Readonly<Record<Comparison, (a: Comparable, b: Comparable) => boolean>> = {
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
}

export interface KeyColumn {
  readonly index: number
  readonly type: KeyType
}

export function keyColumn(name: string, keys: Keys): KeyColumn {
  const index = keys.findIndex((key) => key.name.toLowerCase() === name.toLowerCase())
  const key = keys[index]
  if (key === undefined) throw invalidExpression('Invalid partition expression!')
  return { index, type: keyType(key.type) }
}

/** The literal in the form of the column's type. */
function literalOf({ type }: KeyColumn, text: string): Comparable {
  const found = type.read(text)
  if (found === undefined) throw invalidExpression(`'${text}' is not ${type.noun}`)
  return found
}

/** A test of one value: unknown when it is NULL. */
function tested({ index, type }: KeyColumn, holds: (value: Comparable) => boolean): Test {
  return (values) => {
    const text = values[index]
    if (text === undefined) return ANY
    if (text === NULL_PARTITION) return UNKNOWN
    const value = type.read(text)
    if (value === undefined) throw valueMismatch(`'${text}' is not ${type.noun}`)
    return holds(value) ? TRUE : FALSE
  }
}

/** True when all are, false when one is. Those behind a false one are not asked. */
function every(tests: readonly Test[]): Test {
  return (values) => {
    let all: Outcomes = TRUE
    for (const test of tests) {
      const one = test(values)
      if (one === FALSE) return FALSE
      all = and(all, one)
    }
    return all
  }
}

function and(left: Outcomes, right: Outcomes): Outcomes {
  const canBeUnknown = (left & UNKNOWN && right !== FALSE) || (right & UNKNOWN && left !== FALSE)
  return (left & right & TRUE) | ((left | right) & FALSE) | (canBeUnknown ? UNKNOWN : 0)
}

function not(test: Test): Test {
  return (values) => {
    const outcomes = test(values)
    return (outcomes & UNKNOWN) | (outcomes & TRUE ? FALSE : 0) | (outcomes & FALSE ? TRUE : 0)
  }
}
