import { expect, test } from 'vitest'
import { isSame } from '../../src/crawl/same.ts'

test.each<[string, unknown, unknown, boolean]>([
  ['equal trees', { a: [1, { b: 'x' }] }, { a: [1, { b: 'x' }] }, true],
  ['a member that is undefined, and none', { a: undefined, b: 1 }, { b: 1 }, true],
  ['none, and a member', { b: 1 }, { a: 1, b: 1 }, false],
  ['lists of other lengths', [1], [1, 2], false],
  ['lists in another order', [1, 2], [2, 1], false],
  ['a list and an object', [], {}, false],
  ['null and nothing', null, undefined, false],
  ['texts', '1', 1, false],
])('%s', (_name, a, b, expected) => {
  expect([isSame(a, b), isSame(b, a)]).toEqual([expected, expected])
})
