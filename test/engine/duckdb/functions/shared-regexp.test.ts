import { expect, test } from 'vitest'
import { sharedPattern } from '../../../../src/engine/duckdb/functions/shared-regexp.ts'

const SHARED: readonly (readonly [string, string])[] = [
  ['abc', 'abc'],
  ['^a.c$', '\\Aa.c\\n?\\z'],
  ['\\s+', '[ \\t\\n\\x0B\\f\\r]+'],
  ['[a-z]{2,3}?', '[a-z]{2,3}?'],
  ['(?i)x|y', '(?i)x|y'],
]
test.each(SHARED)('%s is read alike by both engines', (pattern, source) => {
  expect(sharedPattern(pattern, true)?.source).toBe(source)
})

test.each(['(?=a)', '(a)\\1', 'a++', '[a&&b]', 'a{2000}', '(?<n>a)', 'a$b', '\\bx', '\\p{L}', '[[a]]'])(
  '%s is left to the other engine',
  (pattern) => {
    expect(sharedPattern(pattern, true)).toBeUndefined()
  },
)

test('groups that may be skipped are told apart', () => {
  expect(sharedPattern('a(b)c', false)?.groupsAlwaysMatch).toBe(true)
  expect(sharedPattern('a(b)?c', false)?.groupsAlwaysMatch).toBe(false)
  expect(sharedPattern('a(b)|c', false)?.groupsAlwaysMatch).toBe(false)
})
