/** From the tree to a test of partition values, with SQL's three values: true, false, unknown (undefined). */
import type { Column } from '../types.ts'
import { type Comparable, type KeyType, keyType } from './key-type.ts'
import type { Comparison, Expression } from './parser.ts'
import { invalidExpression, valueMismatch } from './refusal.ts'

export type Test = (values: readonly string[]) => boolean | undefined

type Keys = readonly Pick<Column, 'name' | 'type'>[]

/** How Hive writes a partition whose key was NULL. */
const NULL_PARTITION = '__HIVE_DEFAULT_PARTITION__'

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
      const { text } = columnOf(expression.column, keys)
      return (values) => text(values) === undefined
    }
    case 'compare': {
      const { literal, tested } = columnOf(expression.column, keys)
      const holds = COMPARISONS[expression.comparison]
      const right = literal(expression.literal)
      return tested((value) => holds(value, right))
    }
    case 'in': {
      const { literal, tested } = columnOf(expression.column, keys)
      const members = new Set(expression.literals.map(literal))
      return tested((value) => members.has(value))
    }
    case 'between': {
      const { literal, tested } = columnOf(expression.column, keys)
      const [low, high] = [literal(expression.low), literal(expression.high)]
      return tested((value) => value >= low && value <= high)
    }
    case 'like': {
      const { type, tested } = columnOf(expression.column, keys)
      if (type.withoutLike !== undefined)
        throw invalidExpression(`${type.withoutLike} data type doesn't support operation 'LIKE'`)
      const pattern = likePattern(expression.pattern)
      return tested((value) => pattern.test(String(value)))
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

interface KeyColumn {
  readonly type: KeyType
  /** The literal in the form of the column's type. */
  readonly literal: (text: string) => Comparable
  /** undefined: NULL. */
  readonly text: (values: readonly string[]) => string | undefined
  /** A test of the value; unknown when it is NULL. */
  readonly tested: (holds: (value: Comparable) => boolean) => Test
}

function columnOf(name: string, keys: Keys): KeyColumn {
  const index = keys.findIndex((key) => key.name.toLowerCase() === name.toLowerCase())
  const key = keys[index]
  if (key === undefined) throw invalidExpression('Invalid partition expression!')
  const type = keyType(key.type)
  const text = (values: readonly string[]) => (values[index] === NULL_PARTITION ? undefined : values[index])
  const read = (value: string, refuse: typeof invalidExpression) => {
    const found = type.read(value)
    if (found === undefined) throw refuse(`'${value}' is not ${type.noun}`)
    return found
  }
  return {
    type,
    text,
    literal: (literal) => read(literal, invalidExpression),
    tested: (holds) => (values) => {
      const value = text(values)
      return value === undefined ? undefined : holds(read(value, valueMismatch))
    },
  }
}

function every(tests: readonly Test[]): Test {
  return (values) => {
    let isUnknown = false
    for (const test of tests) {
      const result = test(values)
      if (result === false) return false
      isUnknown ||= result === undefined
    }
    return isUnknown ? undefined : true
  }
}

function not(test: Test): Test {
  return (values) => {
    const result = test(values)
    return result === undefined ? undefined : !result
  }
}

function likePattern(pattern: string): RegExp {
  const source = pattern
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.')
  return new RegExp(`^${source}$`, 'su')
}
