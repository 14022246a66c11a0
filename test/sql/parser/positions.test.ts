import { expect, test } from 'vitest'
import { parseExpression, parseStatement } from '../../../src/sql/parser/index.ts'

/** Where Trino's messages point to: an operator's node stands at the operator, a predicate at its first word. */
const PLACES: readonly (readonly [text: string, line: number, column: number])[] = [
  ['a + 1', 1, 3],
  ['a || b', 1, 3],
  ['a = b', 1, 3],
  ["a AT TIME ZONE 'UTC'", 1, 3],
  ['a NOT IN (1)', 1, 3],
  ['a IS NULL', 1, 3],
  ['a BETWEEN 1 AND 2', 1, 3],
  ['a = ALL (SELECT 1)', 1, 3],
  [' a AND b', 1, 2],
  [' NOT a', 1, 2],
  [' -a', 1, 2],
  [' a.b', 1, 2],
  [' a[1]', 1, 2],
  ['\n  f(a)', 2, 3],
  ['\r\n\tx', 2, 2],
  ["/* a\nb */ 'c'", 2, 6],
  ["'\u{1f600}\u{1f600}' + 1", 1, 6],
]

test.each(PLACES)('%j stands at line %i, column %i', (text, line, column) => {
  expect(parseExpression(text).at).toEqual({ line, column })
})

test('a place after text of several lines counts from that line', () => {
  const statement = parseStatement("SELECT 'x\ny', -- z\n  a + b")
  expect(JSON.stringify(statement)).toContain('"kind":"Arithmetic","at":{"line":3,"column":5}')
})
