import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  dateLiteral,
  decimalLiteral,
  integerLiteral,
  intervalLiteral,
  literalReader,
  stringLiteral,
  type TypedLiteral,
  timeLiteral,
  timestampLiteral,
} from '../../src/sql/literals.ts'
import { typeText } from '../../src/sql/types.ts'

function text(literal: TypedLiteral | undefined): unknown {
  return literal && [typeText(literal.type), literal.value]
}

test.each([
  ['2147483647', ['integer', 2_147_483_647n]],
  ['2147483648', ['bigint', 2_147_483_648n]],
  ['-9223372036854775808', ['bigint', -9_223_372_036_854_775_808n]],
  ['9223372036854775808', undefined],
])('the number %s', (number, expected) => {
  expect(text(integerLiteral(number))).toEqual(expected)
})

test.each([
  ['1.50', ['decimal(3,2)', 150n]],
  ['-001.5', ['decimal(2,1)', -15n]],
  ['0.05', ['decimal(2,2)', 5n]],
  ['.5', ['decimal(1,1)', 5n]],
  ['7.', ['decimal(1,0)', 7n]],
  ['0', ['decimal(1,0)', 0n]],
  ['12345678901234567890123456789012345678', ['decimal(38,0)', 12345678901234567890123456789012345678n]],
  ['123456789012345678901234567890123456789', undefined],
  ['.', undefined],
  ['1e5', undefined],
])("DECIMAL '%s'", (number, expected) => {
  expect(text(decimalLiteral(number))).toEqual(expected)
})

test('a string is as long as its code points', () => {
  expect(text(stringLiteral('a💰é'))).toEqual(['varchar(3)', 'a💰é'])
})

test.each([
  ['1970-01-01', 0],
  ['2024-02-29', 19_782],
  ['1969-12-31', -1],
  ['2024-2-9', 19_762],
  ['0001-01-01', -719_162],
  ['-0001-01-01', -719_893],
  ['5881580-07-11', 2_147_483_647],
  ['-5877641-06-23', -2_147_483_648],
  ['5881580-07-12', undefined],
  ['2023-02-29', undefined],
  ['2024-13-01', undefined],
  ['2024-01-001', undefined],
  ['24-01-01', -710_762],
  ['1234567890-01-01', undefined],
  [' + 2013-02-02', undefined],
])("DATE '%s'", (day, expected) => {
  expect(dateLiteral(day)?.value).toBe(expected)
})

test('dates agree with the calendar of JavaScript', () => {
  fc.assert(
    fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (days) => {
      const iso = new Date(days * 86_400_000).toISOString().slice(0, 10)
      expect(dateLiteral(iso)?.value).toBe(days)
    }),
  )
})

test.each([
  ['2024-01-31', ['timestamp(0)', { epochMicros: 1_706_659_200_000_000n, picos: 0 }]],
  ['2024-01-31 01:02', ['timestamp(0)', { epochMicros: 1_706_662_920_000_000n, picos: 0 }]],
  ['2024-01-31 01:02:03.5', ['timestamp(1)', { epochMicros: 1_706_662_923_500_000n, picos: 0 }]],
  ['1969-12-31 23:59:59.999999999999', ['timestamp(12)', { epochMicros: -1n, picos: 999_999 }]],
  [
    '2024-01-31 00:00:00.000 UTC',
    ['timestamp(3) with time zone', { epochMicros: 1_706_659_200_000_000n, picos: 0, zone: 'UTC' }],
  ],
  [
    '2024-01-31 00:00 +05:30',
    ['timestamp(0) with time zone', { epochMicros: 1_706_639_400_000_000n, picos: 0, zone: '+05:30' }],
  ],
  [
    '2024-07-01 12:00 America/New_York',
    ['timestamp(0) with time zone', { epochMicros: 1_719_849_600_000_000n, picos: 0, zone: 'America/New_York' }],
  ],
  ['2024-01-31 24:00', undefined],
  ['2024-01-31 00:00 Mars/Base', undefined],
  ['2024-01-31 00:00:00.1234567890123', undefined],
  ['123001-01-02 03:04:05.321 Europe/Berlin', undefined],
])("TIMESTAMP '%s'", (moment, expected) => {
  expect(text(timestampLiteral(moment))).toEqual(expected)
})

test.each([
  ['01:02:03.5', ['time(1)', 3_723_500_000_000_000n]],
  ['23:59', ['time(0)', 86_340_000_000_000_000n]],
  ['01:02:03.456 +08:35', ['time(3) with time zone', { picosOfDay: 3_723_456_000_000_000n, offsetMinutes: 515 }]],
  ['12:00:00-14:01', undefined],
  ['25:00', undefined],
])("TIME '%s'", (clock, expected) => {
  expect(text(timeLiteral(clock))).toEqual(expected)
})

test.each([
  ['2', 1, 'DAY', undefined, ['interval day to second', 172_800_000n]],
  ['2 10:20:30.5', 1, 'DAY', 'SECOND', ['interval day to second', 210_030_500n]],
  ['2 10', -1, 'DAY', 'SECOND', ['interval day to second', -208_800_000n]],
  ['34:56.12345', 1, 'MINUTE', 'SECOND', ['interval day to second', 2_096_123n]],
  ['-3', 1, 'HOUR', undefined, ['interval day to second', -10_800_000n]],
  ['3-6', 1, 'YEAR', 'MONTH', ['interval year to month', 42n]],
  ['4', 1, 'MONTH', undefined, ['interval year to month', 4n]],
  ['12X', 1, 'DAY', undefined, undefined],
  ['12 10', 1, 'DAY', undefined, undefined],
  ['1', 1, 'MINUTE', 'HOUR', undefined],
  ['1', 1, 'YEAR', 'DAY', undefined],
] as const)("INTERVAL '%s' (%d) %s TO %s", (value, sign, from, to, expected) => {
  expect(text(intervalLiteral(value, sign, from, to))).toEqual(expected)
})

test.each([
  ['boolean', 'TRUE', ['boolean', true]],
  ['tinyint', '-128', ['tinyint', -128n]],
  ['tinyint', '128', undefined],
  ['bigint', '7', ['bigint', 7n]],
  ['real', '1.1', ['real', Math.fround(1.1)]],
  ['double', 'Infinity', ['double', Number.POSITIVE_INFINITY]],
  ['double', 'x', undefined],
  ['char', 'ab ', ['char(3)', 'ab']],
  ['json', '{"b": [1, 2.50], "a": "\\u0041"}', ['json', '{"a":"A","b":[1,2.50]}']],
  ['json', '[01]', undefined],
  ['uuid', '12151FD2-7586-11E9-8F9E-2A86E4085A59', ['uuid', '12151fd2-7586-11e9-8f9e-2a86e4085a59']],
  ['ipaddress', '10.0.0.1', ['ipaddress', '10.0.0.1']],
  ['ipaddress', '2001:0db8:0000:0000:0000:ff00:0042:8329', ['ipaddress', '2001:db8::ff00:42:8329']],
  ['ipaddress', '::ffff:1.2.3.4', ['ipaddress', '1.2.3.4']],
  ['ipaddress', '1.2.3.256', undefined],
])("%s '%s'", (name, value, expected) => {
  expect(text(literalReader(name)?.(value))).toEqual(expected)
})

test('any text gives a value or none, never an error', () => {
  const names = ['date', 'time', 'timestamp', 'decimal', 'json', 'ipaddress', 'uuid', 'double', 'bigint', 'boolean']
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.string(), (name, value) => {
      literalReader(name)?.(value)
    }),
  )
})
