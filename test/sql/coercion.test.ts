import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canCoerce, commonSuperType, isComparable, isOrderable } from '../../src/sql/coercion.ts'
import { parseTypeText } from '../../src/sql/functions/signature.ts'
import { type SqlType, typeText } from '../../src/sql/types.ts'

function type(text: string): SqlType {
  const parsed = parseTypeText(text)
  if (parsed === undefined) throw new Error(`no type: ${text}`)
  return parsed
}

test.each([
  ['integer', 'bigint', 'bigint'],
  ['tinyint', 'decimal(2, 1)', 'decimal(4,1)'],
  ['bigint', 'decimal(5, 2)', 'decimal(21,2)'],
  ['bigint', 'real', 'real'],
  ['decimal(10, 2)', 'decimal(5, 4)', 'decimal(12,4)'],
  ['decimal(38, 0)', 'decimal(38, 10)', 'decimal(38,10)'],
  ['decimal(5, 2)', 'double', 'double'],
  ['varchar(3)', 'varchar(5)', 'varchar(5)'],
  ['varchar(3)', 'varchar', 'varchar'],
  ['varchar(3)', 'char(5)', 'char(5)'],
  ['date', 'timestamp(3)', 'timestamp(3)'],
  ['date', 'timestamp(6) with time zone', 'timestamp(6) with time zone'],
  ['timestamp(6)', 'timestamp(3) with time zone', 'timestamp(6) with time zone'],
  ['time(3)', 'time(6) with time zone', 'time(6) with time zone'],
  ['unknown', 'map(bigint, date)', 'map(bigint, date)'],
  ['array(integer)', 'array(double)', 'array(double)'],
  ['array(unknown)', 'array(date)', 'array(date)'],
  ['map(integer, date)', 'map(bigint, timestamp(0))', 'map(bigint, timestamp(0))'],
  ['row(a integer, b date)', 'row(a bigint, c date)', 'row(a bigint, date)'],
])('%s and %s meet at %s', (left, right, expected) => {
  const met = commonSuperType(type(left), type(right))
  expect(met && typeText(met)).toBe(expected)
  const turned = commonSuperType(type(right), type(left))
  expect(turned && typeText(turned)).toBe(expected)
})

test.each([
  ['integer', 'varchar'],
  ['date', 'varchar(10)'],
  ['boolean', 'integer'],
  ['json', 'varchar'],
  ['time(3)', 'timestamp(3)'],
  ['array(integer)', 'array(varchar)'],
  ['array(integer)', 'integer'],
  ['row(integer)', 'row(integer, integer)'],
  ['interval day to second', 'interval year to month'],
])('%s and %s do not meet', (left, right) => {
  expect(commonSuperType(type(left), type(right))).toBeUndefined()
})

test.each([
  ['integer', 'bigint', true],
  ['bigint', 'integer', false],
  ['varchar(3)', 'varchar(5)', true],
  ['varchar(5)', 'varchar(3)', false],
  ['decimal(5, 2)', 'decimal(6, 2)', true],
  ['decimal(5, 2)', 'decimal(6, 4)', false],
  ['unknown', 'json', true],
  ['row(a integer)', 'row(b bigint)', true],
  ['array(double)', 'array(integer)', false],
])('%s turns into %s by itself: %s', (from, to, expected) => {
  expect(canCoerce(type(from), type(to))).toBe(expected)
})

const TYPES: fc.Arbitrary<SqlType> = fc
  .constantFrom(
    ...['boolean', 'tinyint', 'integer', 'bigint', 'real', 'double', 'decimal(7, 3)', 'decimal(30, 10)', 'varchar(4)'],
    ...['varchar', 'char(3)', 'date', 'time(0)', 'timestamp(0)', 'timestamp(9) with time zone', 'json', 'unknown'],
    ...['array(integer)', 'array(decimal(3, 1))', 'row(a date, integer)', 'map(varchar(2), bigint)'],
  )
  .map(type)

test('where two types meet does not depend on who asks, and both get there', () => {
  fc.assert(
    fc.property(TYPES, TYPES, (left, right) => {
      const met = commonSuperType(left, right)
      const turned = commonSuperType(right, left)
      expect(met && typeText(met)).toBe(turned && typeText(turned))
      if (met === undefined) return
      expect(canCoerce(left, met)).toBe(true)
      expect(canCoerce(right, met)).toBe(true)
    }),
  )
})

test('JSON and maps can be compared but not ordered', () => {
  for (const text of ['json', 'map(integer, integer)', 'array(json)']) {
    expect([isComparable(type(text)), isOrderable(type(text))]).toEqual([true, false])
  }
  expect(isComparable(type('row(hyperloglog)'))).toBe(false)
})
