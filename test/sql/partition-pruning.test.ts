import { expect, test } from 'vitest'
import type { TableDefinition } from '../../src/sql/analysis-context.ts'
import { keepsPartition, type PartitionValues } from '../../src/sql/partition-pruning.ts'
import type { Relation } from '../../src/sql/typed-tree.ts'
import { bigint, date, decimal, double, integer, timestamp, varchar } from '../../src/sql/types.ts'
import { analysed, lake } from './analyser/lake.ts'

const COLUMNS = {
  id: bigint,
  year: varchar,
  month: integer,
  dt: date,
  hour: timestamp(3),
  price: decimal(10, 2),
  ratio: double,
}

const LOGS: TableDefinition = {
  database: 'web',
  name: 'logs',
  columns: Object.entries(COLUMNS).map(([name, type]) => ({ name, type, isPartition: name !== 'id' })),
}

const MARCH: PartitionValues = {
  year: '2024',
  month: '03',
  dt: '2024-03-10',
  hour: '2024-03-10 14:00:00',
  price: '12.5',
  ratio: '0.5',
}

function keeps(where: string, values: PartitionValues = MARCH, nowMs?: number): boolean {
  const context = lake({ findTable: (_schema, name) => (name === 'logs' ? LOGS : undefined) })
  const scan = scanIn(analysed(`SELECT id FROM logs WHERE ${where}`, context).relation)
  return keepsPartition(scan.pruningHint, scan.fields, values, nowMs === undefined ? {} : { nowMs })
}

function scanIn(relation: Relation): Extract<Relation, { readonly kind: 'Scan' }> {
  if (relation.kind === 'Scan') return relation
  if ('input' in relation) return scanIn(relation.input)
  throw new Error(`no scan below ${relation.kind}`)
}

test.each([
  ["year = '2024'", true],
  ["year = '2023'", false],
  ["year <> '2024'", false],
  ["year IN ('2022', '2023')", false],
  ["year IN ('2022', '2024')", true],
  ["year NOT IN ('2022', '2024')", false],
  ['month = 3', true],
  ['month > 3', false],
  ['month BETWEEN 1 AND 4', true],
  ['month NOT BETWEEN 1 AND 4', false],
  ["month = BIGINT '4'", false],
  ['month = 3.5', false],
  ["dt >= DATE '2024-03-10' AND dt < DATE '2024-03-11'", true],
  ["dt >= DATE '2024-03-11'", false],
  ["dt > TIMESTAMP '2024-03-10 00:00:00.001'", false],
  ["hour < TIMESTAMP '2024-03-10 14:00:00'", false],
  ["price = DECIMAL '12.50'", true],
  ["price < DECIMAL '12.5'", false],
  ['ratio > 0.4', true],
  ['ratio > 0.5', false],
  ["year LIKE '202_'", true],
  ["year LIKE '%3'", false],
  ["year NOT LIKE '20%'", false],
  ['CAST(year AS integer) = 2023', false],
  ['CAST(year AS integer) * 100 + month = 202403', true],
  ['CAST(year AS integer) * 100 + month = 202404', false],
  ["year || '-' || CAST(month AS varchar) = '2024-4'", false],
  ["concat(year, '/x') = '2024/x'", true],
  ["date(year || '-03-10') = dt", true],
  ["date(year || '-03-11') = dt", false],
  ['year IS NULL', false],
  ['year IS NOT NULL', true],
  ["year IS DISTINCT FROM '2024'", false],
  ["dt = DATE '2024-03-12' - INTERVAL '2' DAY", true],
  ["dt = DATE '2024-03-12' - INTERVAL '1' DAY", false],
  ['NOT (month = 3)', false],
  ['year = NULL', false],
  ['false', false],
  ["year = '2023' OR month = 3", true],
  ["year = '2023' OR month = 4", false],
])('WHERE %s keeps the partition of 10 March 2024: %s', (where, expected) => {
  expect(keeps(where)).toBe(expected)
})

test.each([
  'id = 5',
  "year = '2023' OR id = 5",
  'random() < 0.5',
  "regexp_like(year, 'x')",
  'CAST(year AS date) = dt',
  'month / 0 = 1',
  "year LIKE '20!' ESCAPE '!'",
  'dt = current_date',
])('WHERE %s cannot be told from the keys alone, so nothing is left out', (where) => {
  expect(keeps(where)).toBe(true)
})

test('one certain conjunct is enough to leave a partition out', () => {
  expect(keeps("id = 5 AND year = '2023'")).toBe(false)
})

test('the moment of the query decides about CURRENT_DATE when it is given', () => {
  const now = Date.UTC(2024, 2, 11, 9)
  expect(keeps('dt = current_date', MARCH, now)).toBe(false)
  expect(keeps("dt = current_date - INTERVAL '1' DAY", MARCH, now)).toBe(true)
  expect(keeps("year = date_format(now(), '%Y')", MARCH, now)).toBe(true)
  expect(keeps("year = date_format(now(), '%m')", MARCH, now)).toBe(false)
  expect(keeps("year = date_format(now(), '%W')", MARCH, now)).toBe(true)
})

test('the default partition holds the rows whose key is NULL', () => {
  const unset = { ...MARCH, year: '__HIVE_DEFAULT_PARTITION__' }
  expect(keeps('year IS NULL', unset)).toBe(true)
  expect(keeps("year = '2024'", unset)).toBe(false)
  expect(keeps("year <> '2024'", unset)).toBe(false)
})

test('a value that its type cannot hold keeps the partition, so that reading it can fail', () => {
  expect(keeps('month = 4', { ...MARCH, month: 'march' })).toBe(true)
})

test('a pattern of many wildcards is answered at once', () => {
  const long = { ...MARCH, year: 'a'.repeat(5000) }
  expect(keeps(`year LIKE '${'%a'.repeat(500)}b'`, long)).toBe(false)
})

test('without a hint everything is kept', () => {
  expect(keepsPartition(undefined, [], MARCH)).toBe(true)
})
