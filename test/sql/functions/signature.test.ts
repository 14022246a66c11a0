import { expect, test } from 'vitest'
import { allFunctions } from '../../../src/sql/functions/all.ts'
import { operators } from '../../../src/sql/functions/operators.ts'
import { parseSignature, parseTypeText, patternText } from '../../../src/sql/functions/signature.ts'
import { typeText } from '../../../src/sql/types.ts'

test('every declaration can be read', () => {
  for (const declaration of [...allFunctions, ...operators]) {
    for (const { text } of declaration.signatures) {
      expect(() => parseSignature(text), `${declaration.name} ${text}`).not.toThrow()
    }
  }
})

test.each([
  ['decimal(10, 2)', 'decimal(10,2)'],
  ['decimal', 'decimal(38,0)'],
  ['varchar', 'varchar'],
  ['char', 'char(1)'],
  ['int', 'integer'],
  ['timestamp with time zone', 'timestamp(3) with time zone'],
  ['time(6)', 'time(6)'],
  ['interval year to month', 'interval year to month'],
  ['row(a bigint, varchar(3), "b c" array(date))', 'row(a bigint, varchar(3), "b c" array(date))'],
  [
    'row(day interval day to second, interval day to second)',
    'row(day interval day to second, interval day to second)',
  ],
  ['map(varchar, row(x double))', 'map(varchar, row(x double))'],
  ['hyperloglog', 'HyperLogLog'],
  ['qdigest(double)', 'qdigest(double)'],
])('%s is the type %s', (text, expected) => {
  const type = parseTypeText(text)
  expect(type && typeText(type)).toBe(expected)
})

test.each(['string', 'varchar(1, 2)', 'array', 'array()', 'map(integer)', 'decimal(p, s)', 'T', 'integer)', ''])(
  '%s is no type',
  (text) => {
    expect(parseTypeText(text)).toBeUndefined()
  },
)

test('patterns are written as error texts show them', () => {
  const texts = parseSignature(
    '(array(E), decimal(p, s), timestamp(p) with time zone, time(p), function(T, boolean), varchar...) -> T',
  ).parameters.map((pattern) => patternText(pattern, typeText))
  expect(texts).toEqual([
    'array(E)',
    'decimal(p,s)',
    'timestamp(p) with time zone',
    'time(p)',
    'function(T,boolean)',
    'varchar',
  ])
})

test('a mistake in a declaration is found when it is read', () => {
  expect(() => parseSignature('(integer -> integer')).toThrow("In '(integer -> integer'")
  expect(() => parseSignature('(T:funny) -> T')).toThrow('no constraint funny')
})
