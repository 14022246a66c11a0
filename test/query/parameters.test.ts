import { expect, test } from 'vitest'
import { executionParameter, parameterCount } from '../../src/query/parameters.ts'
import { parseStatement } from '../../src/sql/parser/index.ts'

test.each([
  ['abc', { kind: 'StringLiteral', value: 'abc' }],
  ["'abc'", { kind: 'StringLiteral', value: 'abc' }],
  ['1 + 1', { kind: 'Arithmetic' }],
  ["DATE '2024-01-01'", { kind: 'GenericLiteral', value: '2024-01-01' }],
  ['2024-01-01', { kind: 'Arithmetic' }],
  ['a.b', { kind: 'StringLiteral', value: 'a.b' }],
  ['lower(x)', { kind: 'StringLiteral', value: 'lower(x)' }],
  ["lower('X')", { kind: 'FunctionCall' }],
  ['not ( sql', { kind: 'StringLiteral', value: 'not ( sql' }],
  ['', { kind: 'StringLiteral', value: '' }],
  ['?', { kind: 'StringLiteral', value: '?' }],
  ['null', { kind: 'NullLiteral' }],
])('%j as a parameter', (text, expression) => {
  expect(executionParameter(text)).toMatchObject(expression)
})

test.each([
  ['SELECT 1', 0],
  ['SELECT ? FROM (VALUES ?) AS t(a) WHERE a IN (SELECT ?)', 3],
])('%s has %i question marks', (sql, count) => {
  expect(parameterCount(parseStatement(sql))).toBe(count)
})
