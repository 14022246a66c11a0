import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJsonPath } from '../../../src/formats/json/path.ts'

const member = (name: string) => ({ kind: 'member', name })
const every = { kind: 'every' }

test.each<[string, unknown[]]>([
  ['$', []],
  ['$[*]', [every]],
  ['$.*', [every]],
  ['$.a', [member('a')]],
  ['$.a.b[*]', [member('a'), member('b'), every]],
  ['$.a[3].b', [member('a'), { kind: 'index', index: 3 }, member('b')]],
  ["$['a b']['c.d']", [member('a b'), member('c.d')]],
  ['$["a"]', [member('a')]],
  [String.raw`$['it\'s']`, [member("it's")]],
  [' $.a ', [member('a')]],
  ['$.größe', [member('größe')]],
])('%s is read', (path, steps) => {
  expect(parseJsonPath(path)).toEqual(steps)
})

test.each<[string, RegExp]>([
  ['', /does not begin with \$/],
  ['a.b', /does not begin with \$/],
  ['$..a', /search at any depth/],
  ['$[1:3]', /slice/],
  ['$.a[:2]', /slice/],
  ['$[-1]', /index from the end/],
  ['$[?(@.a>1)]', /filter/],
  ['$[(@.length-1)]', /script/],
  ['$[1,2]', /several names or indices/],
  ["$['a','b']", /several names or indices/],
  ['$.', /cannot be read from \./],
  ['$a', /cannot be read from a/],
  ['$.a.length()', /cannot be read/],
])('%s is a problem that is named', (path, problem) => {
  expect(parseJsonPath(path)).toEqual({ problem: expect.stringMatching(problem) })
})

test('any text at all is a path or a problem', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const path of [text, `$${text}`]) expect(parseJsonPath(path)).toBeDefined()
    }),
  )
})
