import { expect, test } from 'vitest'
import { jodaFormat, jodaParse } from '../../../../../src/engine/duckdb/functions/javascript/joda-date.ts'
import { mysqlFormat, mysqlParse } from '../../../../../src/engine/duckdb/functions/javascript/mysql-date.ts'

/** 2024-05-06 07:08:09.123, a Monday. */
const MOMENT = 1_714_979_289_123n

test.each([
  ['%Y-%m-%d %H:%i:%s.%f', '2024-05-06 07:08:09.123000'],
  ['%a %W %b %M %c %e %k %l %p', 'Mon Monday May May 5 6 7 7 AM'],
  ['%j %v %x %y', '127 19 2024 24'],
])('%s is %s', (format, text) => {
  expect(mysqlFormat(MOMENT, format)).toBe(text)
})

test('what was written is read back', () => {
  expect(mysqlParse('06/05/24 07:08 PM', '%d/%m/%y %h:%i %p').us).toBe(1_715_022_480_000_000n)
  expect(jodaParse('6 May 2024 07:08 +02:00', 'd MMM yyyy HH:mm ZZ', 2024)).toEqual({
    us: 1_714_979_280_000_000n,
    picos: 0,
    zone: '+02:00',
  })
})

test('Joda letters', () => {
  const place = { zone: '+02:00', offsetMinutes: 120 }
  expect(jodaFormat(MOMENT, place, "EEE, dd MMM yyyy 'at' hh:mm:ss.SSS a Z")).toBe(
    'Mon, 06 May 2024 at 07:08:09.123 AM +0200',
  )
})

test('specifiers that mean something else elsewhere are refused', () => {
  expect(() => mysqlFormat(MOMENT, '%U')).toThrow('%U not supported in date format string')
})
