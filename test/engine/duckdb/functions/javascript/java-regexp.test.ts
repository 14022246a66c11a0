import { expect, test } from 'vitest'
import { javaRegExp } from '../../../../../src/engine/duckdb/functions/javascript/java-regexp.ts'

const MATCHES: readonly (readonly [string, string, boolean])[] = [
  ['^a.c$', 'abc\n', true],
  ['\\Qa.b\\E', 'a.b', true],
  ['\\Qa.b\\E', 'axb', false],
  ['\\p{Alpha}+', 'abc', true],
  ['[\\w-]+', 'a-b', true],
  ['(?i)ABC', 'abc', true],
  ['\\h', '\t', true],
  ['(?<y>\\d{4})', '2024', true],
  ['\\x41', 'A', true],
  ['{', '{', true],
]
test.each(MATCHES)('%s on %j: %s', (pattern, text, matches) => {
  expect(javaRegExp(pattern).test(text)).toBe(matches)
})

test.each(['a++', '(?>a)', '[a&&[b]]', '\\G'])('%s is refused by name', (pattern) => {
  expect(() => javaRegExp(pattern)).toThrow('NOT_SUPPORTED')
})

test('a pattern that is none says so', () => {
  expect(() => javaRegExp('(')).toThrow('INVALID_FUNCTION_ARGUMENT')
})
