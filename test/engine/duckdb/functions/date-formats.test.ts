import { expect, test } from 'vitest'
import {
  jodaToStrftime,
  mysqlToStrftime,
  mysqlToStrptime,
} from '../../../../src/engine/duckdb/functions/date-formats.ts'

test.each([
  ['%Y-%m-%d %H:%i:%s', '%Y-%m-%d %H:%M:%S'],
  ['%T 100%%', '%H:%M:%S 100%%'],
  ['%f', '%g000'],
])('%s is written as %s', (format, native) => {
  expect(mysqlToStrftime(format)).toBe(native)
})

test.each([
  ["yyyy-MM-dd'T'HH:mm", '%Y-%m-%dT%H:%M'],
  ['EEE, d MMM yyyy', '%a, %-d %b %Y'],
])('%s is written as %s', (pattern, native) => {
  expect(jodaToStrftime(pattern)).toBe(native)
})

test('what DuckDB would write or read differently is left alone', () => {
  expect(mysqlToStrftime('%D')).toBeUndefined()
  expect(mysqlToStrptime('%y-%b')).toBeUndefined()
  expect(jodaToStrftime('ZZZ')).toBeUndefined()
})
