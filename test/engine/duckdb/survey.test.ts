import { expect, test } from 'vitest'
import { jsonFacts } from '../../../src/engine/duckdb/survey.ts'

const set = (keys: readonly string[] | null, rows = 1, bytes = 10) => ({ keys, rows, bytes })

test.each([
  ['one set of keys', [set(['a', 'B'])], 10, true],
  ['several sets', [set(['a']), set(['a', 'b'], 3, 40)], 50, true],
  ['the last newline is missing', [set(['a'])], 9, true],
  ['Windows line ends', [set(['a'], 2, 20)], 22, true],
  ['an unknown size', [set(['a'])], undefined, true],
  ['an empty file', [], 0, true],
  ['bytes that no record accounts for', [set(['a'])], 14, false],
  ['a file of blank lines', [], 3, false],
  ['a malformed line', [set(['a']), set(null)], 20, false],
  ['a record without keys', [set([])], 10, false],
  ['a key twice in one record', [set(['a', 'A'])], 10, false],
  ['a key spelled in two ways', [set(['a']), set(['A'])], 20, false],
])('%s', (_what, sets, plainBytes, isRegular) => {
  expect(jsonFacts(sets, plainBytes).isRegular).toBe(isRegular)
})

test('the spelling of each key is known by its lower case', () => {
  expect([...jsonFacts([set(['UserId', 'b'])], 10).spelling]).toEqual([
    ['userid', 'UserId'],
    ['b', 'b'],
  ])
})
