import { expect, test } from 'vitest'
import { canCast } from '../../src/sql/casts.ts'
import { parseTypeText } from '../../src/sql/functions/signature.ts'
import type { SqlType } from '../../src/sql/types.ts'

function type(text: string): SqlType {
  const parsed = parseTypeText(text)
  if (parsed === undefined) throw new Error(`no type: ${text}`)
  return parsed
}

test.each([
  ['varchar', 'date', true],
  ['varchar', 'json', true],
  ['integer', 'varchar', true],
  ['integer', 'date', false],
  ['date', 'bigint', false],
  ['boolean', 'decimal(3, 1)', true],
  ['varbinary', 'varchar', false],
  ['timestamp(3)', 'time(0)', true],
  ['json', 'array(map(varchar, bigint))', true],
  ['json', 'map(array(integer), integer)', false],
  ['json', 'date', false],
  ['array(row(a date))', 'json', true],
  ['array(varbinary)', 'json', false],
  ['array(integer)', 'array(varchar)', true],
  ['array(integer)', 'integer', false],
  ['row(integer, varchar)', 'row(a varchar, b date)', true],
  ['row(integer)', 'row(integer, integer)', false],
  ['map(integer, date)', 'map(varchar, timestamp(0))', true],
  ['unknown', 'ipaddress', true],
  ['interval day to second', 'interval year to month', false],
])('CAST of %s to %s exists: %s', (from, to, expected) => {
  expect(canCast(type(from), type(to))).toBe(expected)
})
