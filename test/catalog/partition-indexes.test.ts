import { expect, test } from 'vitest'
import { parsePartitionExpression } from '../../src/catalog/partition-expression/index.ts'
import { bestIndex } from '../../src/catalog/partition-indexes.ts'

const keys = [
  { name: 'device', type: 'string' },
  { name: 'day', type: 'date' },
  { name: 'hour', type: 'int' },
]
const indexes = [
  { name: 'by-day', keys: ['day'] },
  { name: 'by-day-hour', keys: ['day', 'hour'] },
  { name: 'by-hour', keys: ['hour'] },
]

test.each([
  ['', undefined],
  ["device = 'a'", undefined],
  ["device = 'a' AND day = '2026-01-01'", undefined],
  ["day = '2026-01-01'", 'by-day'],
  ["day = '2026-01-01' AND hour = 7", 'by-day-hour'],
  ["day IN ('2026-01-01', '2026-01-02') AND hour = 7", 'by-day-hour'],
  ['hour = 7', 'by-hour'],
  ["device > 'a' AND hour = 7", 'by-hour'],
  ["device > 'a' AND day > '2026-01-01'", undefined],
  ["device LIKE '%a' AND day > '2026-01-01'", 'by-day'],
  ["NOT (day = '2026-01-01')", undefined],
])('%s is looked up in the order that binds most: %s', (expression, name) => {
  expect(bestIndex(parsePartitionExpression(expression, keys), keys, indexes)?.name).toBe(name)
})
