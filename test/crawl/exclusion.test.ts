import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exclusion } from '../../src/crawl/exclusion.ts'

test.each([
  ['*.csv', 'a.csv', true],
  ['*.csv', 'dir/a.csv', false],
  ['**.csv', 'dir/a.csv', true],
  ['dir/**', 'dir/a/b.csv', true],
  ['dir/**', 'other/a.csv', false],
  ['*/*.csv', 'dir/a.csv', true],
  ['*.{csv,tmp}', 'a.tmp', true],
  ['*.{csv,tmp}', 'a.txt', false],
  ['part-?', 'part-1', true],
  ['part-?', 'part-12', false],
  ['part-?', 'part-/', false],
  ['[a-c].csv', 'b.csv', true],
  ['[a-c].csv', 'd.csv', false],
  ['[!a-c].csv', 'd.csv', true],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'axb', false],
  ['*.csv', '.csv', true],
  ['a.c', 'abc', false],
  ['day=2026-*/**', 'day=2026-01/x', true],
  ['**/_tmp/**', 'a/b/_tmp/c', true],
])('%s on %s: %s', (pattern, key, isExcluded) => {
  expect(exclusion(pattern)?.(key)).toBe(isExcluded)
})

test.each(['[z-a]', '[a', '{a', '{a,{b}}', '[', 'a\\'])('%s is malformed', (pattern) => {
  expect(exclusion(pattern)).toBeUndefined()
})

test('a key, escaped, excludes itself and no longer key', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (key) => {
      const matches = exclusion(key.replace(/[\\*?[\]{},!-]/g, '\\$&'))
      expect([matches?.(key), matches?.(`${key}x`)]).toEqual([true, false])
    }),
  )
})

test('any pattern is a glob or malformed, never a crash', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab*?[]{},!^-\\/') }), fc.string(), (pattern, key) => {
      expect(['boolean', 'undefined']).toContain(typeof exclusion(pattern)?.(key))
    }),
    { numRuns: 1000 },
  )
})
