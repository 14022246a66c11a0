import fc from 'fast-check'
import { expect, test } from 'vitest'
import { letting, literal, quoted, raise } from '../../../../src/engine/duckdb/print/text.ts'
import { codePoint } from '../../../support/code-point.ts'

test('no text ends its literal or its identifier early', () => {
  fc.assert(
    fc.property(fc.string({ unit: codePoint }), (text) => {
      expect(literal(text).replaceAll("''", '').split("'").length % 2).toBe(1)
      expect(quoted(text).slice(1, -1).replaceAll('""', '')).not.toContain('"')
    }),
  )
})

test('a short operand is repeated, a long one is bound once', () => {
  expect(letting('"x"', (v) => `${v} + ${v}`)).toBe('"x" + "x"')
  const long = `abs(${'"x" + '.repeat(20)}1)`
  const bound = letting(long, (v) => `${v} + ${v}`)
  expect(bound.split(long)).toHaveLength(2)
})

test('nesting operands grows the text in proportion', () => {
  const nested = (depth: number) => {
    let text = '"x"'
    for (let level = 0; level < depth; level++)
      text = letting(text, (v) => `CASE WHEN ${v} = 0 THEN ${v} ELSE ${v} + 1 END`)
    return text.length
  }
  expect(nested(40) - nested(30)).toBeLessThan(2 * (nested(30) - nested(20)))
})

test('a raised error carries its code and message', () => {
  expect(raise('DIVISION_BY_ZERO', "'Division by zero'", 'BIGINT')).toContain('⟦DIVISION_BY_ZERO⟧')
})
