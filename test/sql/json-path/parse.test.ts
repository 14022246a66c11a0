import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonPathError, parseJsonPath } from '../../../src/sql/json-path/parse.ts'

test('members, elements and filters hang on one another from left to right', () => {
  expect(parseJsonPath('strict $.a[0 to last] ? (@."b c" == $x)')).toEqual({
    strict: true,
    variables: ['x'],
    root: {
      kind: 'Filter',
      base: {
        kind: 'Elements',
        base: { kind: 'Member', base: { kind: 'Root' }, name: 'a' },
        subscripts: [{ from: { kind: 'Literal', value: 0n }, to: { kind: 'Last' } }],
      },
      predicate: {
        kind: 'Comparison',
        operator: '==',
        left: { kind: 'Member', base: { kind: 'Current' }, name: 'b c' },
        right: { kind: 'Variable', name: 'x' },
      },
    },
  })
})

test.each([
  'lax $.*',
  'lax $..a',
  'lax -$.a + 2 * (3 - $[0])',
  'lax $ ? ((@.a > 1 && @.b < 2) || !exists(@.c))',
  'lax $ ? ((@.a) > 1)',
  'lax $ ? ((@ > 1) is unknown)',
])('is a path: %s', (path) => expect(parseJsonPath(path).strict).toBe(false))

test.each([
  '',
  '$',
  'lax',
  'lax $.',
  'lax $[',
  'lax $ ? (@)',
  'lax $ extra',
  'lax "open',
  `lax ${'('.repeat(100_000)}`,
])('is no path: %s', (path) => expect(() => parseJsonPath(path)).toThrowError(JsonPathError))

test.each([
  ['lax $.a.datetime()', 'JSON path method datetime() is not supported'],
  ['lax $.keyvalue()', 'JSON path method keyvalue() is not supported'],
  ['lax $ ? (@ like_regex "a")', 'JSON path predicate like_regex is not supported'],
])('what is not offered is refused by name: %s', (path, message) => {
  expect(() => parseJsonPath(path)).toThrowError(message)
})

test('any words in a row are a path or a JsonPathError', () => {
  const words = fc.constantFrom(
    '$',
    '@',
    '.',
    '..',
    '*',
    '[',
    ']',
    '(',
    ')',
    '?',
    'last',
    'to',
    '&&',
    '!',
    '==',
    'a',
    '"b"',
    '1',
    '1.5',
    '$x',
    '-',
    'exists',
    'is',
    'unknown',
    ',',
  )
  fc.assert(
    fc.property(fc.array(words, { maxLength: 20 }), (soup) => {
      try {
        parseJsonPath(`lax ${soup.join(' ')}`)
      } catch (error) {
        expect(error).toBeInstanceOf(JsonPathError)
      }
    }),
    { numRuns: 1000 },
  )
})
