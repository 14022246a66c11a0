import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decimalString,
  javaDouble,
  javaReal,
  parseDecimal,
  plainNumber,
  rescale,
  scientificText,
} from '../../../../../src/engine/duckdb/functions/javascript/java-number.ts'

test.each([
  [1, '1.0'],
  [0.001, '0.001'],
  [0.0001, '1.0E-4'],
  [9999999, '9999999.0'],
  [1e7, '1.0E7'],
  [1.5e300, '1.5E300'],
  [-0, '-0.0'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
])('%d is %s in Java', (value, text) => {
  expect(javaDouble(value)).toBe(text)
})

test('32-bit numbers show their own shortest digits', () => {
  expect(javaReal(Math.fround(0.1))).toBe('0.1')
  expect(javaReal(Math.fround(16777216))).toBe('1.6777216E7')
})

test('casts to text always write an exponent', () => {
  expect(scientificText(1200, '1200')).toBe('1.2E3')
  expect(scientificText(0, '0')).toBe('0E0')
})

test('plain digits read back as the same number', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Number(plainNumber(value, String(Math.abs(value))))).toBe(value === 0 ? 0 : value)
    }),
  )
})

test('decimals keep their digits, and halves round away from zero', () => {
  const decimal = (text: string) => parseDecimal(text) ?? { unscaled: -1n, scale: -1 }
  expect(decimalString(decimal('-12.50'))).toBe('-12.50')
  expect(decimalString(rescale(decimal('1.005'), 2))).toBe('1.01')
  expect(decimalString(rescale(decimal('-0.5'), 0))).toBe('-1')
  expect(decimalString(decimal('1.5e3'))).toBe('1500')
  expect(parseDecimal('1.5x')).toBeUndefined()
})
