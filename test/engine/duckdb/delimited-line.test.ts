import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitEscaped, splitQuoted } from '../../../src/engine/duckdb/delimited-line.ts'

const rules = { separator: ',', quote: '"', escaping: '\\' }

test.each([
  ['a,b', ['a', 'b']],
  ['a\\,b,c', ['a,b', 'c']],
  ['a\\\\,b', ['a\\', 'b']],
  ['', ['']],
  ['a,', ['a', '']],
  ['a\\', ['a\\']],
])('escaped: %s', (line, fields) => {
  expect(splitEscaped(line, ',', '\\')).toEqual(fields)
})

test.each([
  ['"a,b",c', ['a,b', 'c']],
  ['"a ""b""",c', ['a "b"', 'c']],
  ['"a \\"b\\"",c', ['a "b"', 'c']],
  ['plain,"never closed, x', ['plain', 'never closed, x']],
  ['"",', ['', '']],
])('quoted: %s', (line, fields) => {
  expect(splitQuoted(line, rules)).toEqual(fields)
})

test('what is quoted field by field comes back field by field', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (fields) => {
      const line = fields.map((field) => `"${field.replaceAll('\\', '\\\\').replaceAll('"', '""')}"`).join(',')
      expect(splitQuoted(line, rules)).toEqual(fields)
    }),
  )
})
