/**
 * Metric math: arithmetic on the values of queries, time by time.
 *
 *   sum      product (('+' | '-') product)*
 *   product  sign (('*' | '/') sign)*
 *   sign     '-' sign | power
 *   power    atom ('^' sign)?
 *   atom     number | id | '(' sum ')'
 *
 * Where one side has no value at a time, or a quotient none (division by zero), the result has none. Functions, comparisons,
 * SEARCH and SELECT are refused by name.
 */
import { notOffered, validation } from './errors.ts'

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'query'; readonly id: string }
  | { readonly kind: 'negative'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Expression; readonly right: Expression }

type Operator = '+' | '-' | '*' | '/' | '^'

/** Values by their time in milliseconds. */
export type Values = ReadonlyMap<number, number>

const NESTING_MAX = 50

export function parseExpression(text: string): Expression {
  const word = /^\s*(SEARCH|SELECT)\b/i.exec(text)?.[1] ?? /\b([A-Z_0-9]+)\s*\(/.exec(text)?.[1]
  if (word !== undefined) throw notOffered(`${word.toUpperCase()} in the expression of a metric query`)
  const tokens = [...text.matchAll(/\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[a-z][a-zA-Z0-9_]*|\S)/g)].map(
    (match) => match[1] as string,
  )
  const parser = new Parser(tokens, text)
  return parser.whole()
}

/** Names of the queries it needs. */
export function queriesOf(expression: Expression): string[] {
  switch (expression.kind) {
    case 'number':
      return []
    case 'query':
      return [expression.id]
    case 'negative':
      return queriesOf(expression.of)
    case 'binary':
      return [...queriesOf(expression.left), ...queriesOf(expression.right)]
  }
}

/** A number where the expression has no query in it. */
export function evaluate(expression: Expression, valuesOf: (id: string) => Values): Values | number {
  switch (expression.kind) {
    case 'number':
      return expression.value
    case 'query':
      return valuesOf(expression.id)
    case 'negative':
      return combined(0, evaluate(expression.of, valuesOf), (zero, value) => zero - value)
    case 'binary':
      return combined(
        evaluate(expression.left, valuesOf),
        evaluate(expression.right, valuesOf),
        OPERATIONS[expression.operator],
      )
  }
}

const OPERATIONS: Readonly<Record<Operator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
}

function combined(
  left: Values | number,
  right: Values | number,
  operation: (left: number, right: number) => number,
): Values | number {
  if (typeof left === 'number' && typeof right === 'number') return operation(left, right)
  const times = typeof left === 'number' ? (right as Values) : left
  const found = new Map<number, number>()
  for (const at of times.keys()) {
    const one = typeof left === 'number' ? left : left.get(at)
    const other = typeof right === 'number' ? right : right.get(at)
    if (one === undefined || other === undefined) continue
    const value = operation(one, other)
    if (Number.isFinite(value)) found.set(at, value)
  }
  return found
}

class Parser {
  readonly #tokens: readonly string[]
  readonly #text: string
  #at = 0

  constructor(tokens: readonly string[], text: string) {
    this.#tokens = tokens
    this.#text = text
  }

  whole(): Expression {
    const expression = this.#sum(0)
    if (this.#at < this.#tokens.length) throw this.#syntax()
    return expression
  }

  #sum(depth: number): Expression {
    return this.#chain(['+', '-'], () => this.#chain(['*', '/'], () => this.#sign(depth)))
  }

  #chain(operators: readonly Operator[], part: () => Expression): Expression {
    let left = part()
    for (;;) {
      const operator = operators.find((candidate) => candidate === this.#tokens[this.#at])
      if (operator === undefined) return left
      this.#at++
      left = { kind: 'binary', operator, left, right: part() }
    }
  }

  #sign(depth: number): Expression {
    if (this.#tokens[this.#at] !== '-') return this.#power(depth)
    if (depth > NESTING_MAX) throw this.#syntax()
    this.#at++
    return { kind: 'negative', of: this.#sign(depth + 1) }
  }

  #power(depth: number): Expression {
    const base = this.#atom(depth)
    if (this.#tokens[this.#at] !== '^') return base
    this.#at++
    return { kind: 'binary', operator: '^', left: base, right: this.#sign(depth + 1) }
  }

  #atom(depth: number): Expression {
    const token = this.#tokens[this.#at++]
    if (token === undefined || depth > NESTING_MAX) throw this.#syntax()
    if (token === '(') {
      const inner = this.#sum(depth + 1)
      if (this.#tokens[this.#at++] !== ')') throw this.#syntax()
      return inner
    }
    if (/^\d/.test(token)) return { kind: 'number', value: Number(token) }
    if (/^[a-z]/.test(token)) return { kind: 'query', id: token }
    throw this.#syntax()
  }

  #syntax() {
    return validation(`Error in expression '${this.#text.slice(0, 200)}': Invalid syntax`)
  }
}
