import { expect, test } from 'vitest'
import { nameMatcher } from '../../../../src/services/glue/catalog/name-pattern.ts'
import { WireError } from '../../../../src/services/operation.ts'

const NAMES = ['orders', 'my_orders', 'a-b', 'a.b', 'Éa', 'a&b']

test.each<[string | undefined, readonly string[]]>([
  [undefined, NAMES],
  ['', NAMES],
  ['*', NAMES],
  ['.*', NAMES],
  ['*orders', ['orders', 'my_orders']],
  ['ORDERS', ['orders']],
  ['(?i)ORD.*', ['orders']],
  ['ORD.*', []],
  ['orders|a.b', ['orders', 'a-b', 'a.b', 'a&b']],
  ['\\Qa.b\\E', ['a.b']],
  ['\\Qa.\\E[b-c]', ['a.b']],
  ['\\Qa-', []],
  ['\\Qa-b', ['a-b']],
  ['a\\-b', ['a-b']],
  ['a\\.b', ['a.b']],
  ['a[.\\-]b', ['a-b', 'a.b']],
  ['\\Aorders\\z', ['orders']],
  ['\\p{Lu}a', ['Éa']],
  ['\\w+', ['orders', 'my_orders']],
])('%s finds the names that it is the whole of', (pattern, found) => {
  expect(NAMES.filter(nameMatcher(pattern, 'Pattern'))).toEqual(found)
})

test.each(['(', 'a++', '\\hx', '\\p{javaLowerCase}x', '[a-z&&[^b]]x', '\\Gx', '(?x)a b'])(
  '%s is refused by name',
  (pattern) => {
    expect(() => nameMatcher(pattern, 'Pattern')).toThrow(WireError)
    expect(() => nameMatcher(pattern, 'Pattern')).toThrow(/^Pattern /)
  },
)
