import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalizeJson } from '../../src/sql/json-text.ts'

test.each([
  [' { "b" : 1 , "a" : [ true , null ] } ', '{"a":[true,null],"b":1}'],
  ['1.10', '1.10'],
  ['"\\u00e9\\/"', '"é/"'],
  ['[]', '[]'],
  ['{"a":1,"a":2}', '{"a":2}'],
])('%s is kept as %s', (text, expected) => {
  expect(normalizeJson(text)).toBe(expected)
})

test.each(['', '[1', '[1,]', '{a:1}', '01', "'a'", '1 2', '"\u0001"', 'nul'])('%s is no JSON', (text) => {
  expect(normalizeJson(text)).toBeUndefined()
})

test('what JSON.stringify writes is read back to the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const normal = normalizeJson(JSON.stringify(value))
      expect(normal).toBeDefined()
      expect(JSON.parse(normal ?? '')).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('endless nesting is refused, not suffered', () => {
  expect(normalizeJson('['.repeat(100_000))).toBeUndefined()
})
