import { expect, test } from 'vitest'
import { planOf, profileOf } from '../../../src/engine/duckdb/plan.ts'
import type { EngineQuery, ScanSource } from '../../../src/engine/engine.ts'
import { varchar } from '../../../src/sql/types.ts'

function source(columns: readonly string[], format: ScanSource['format']): ScanSource {
  const file = { path: '/f', location: 's3://b/f', sizeBytes: 45, modifiedAtMs: 0, versionKey: 'v', partition: 0 }
  const dataColumns = columns.map((name) => ({ name, type: varchar }))
  return {
    format,
    dataColumns,
    partitionColumns: [{ name: 'dt', type: varchar }],
    partitions: [['1']],
    files: [file, file],
  }
}

const parquet = { kind: 'parquet', byIndex: false } as const

/** Tables of two columns each: `d.t(id, name)` and `d.u(id, town)`. */
const query = {
  query: {
    output: [],
    relation: [
      { kind: 'Scan', scanId: 1, database: 'd', table: 't' },
      { kind: 'Scan', scanId: 2, database: 'd', table: 'u' },
    ],
  },
  sources: new Map([
    [1, source(['id', 'name'], parquet)],
    [2, source(['id', 'town'], parquet)],
  ]),
  session: { nowMs: 0, user: 'u', catalog: 'AwsDataCatalog', schema: undefined },
} as unknown as EngineQuery

const scan = (...columns: string[]) => ({ name: 'READ_PARQUET ', extra_info: { Projections: columns }, children: [] })
const planned = (root: object) => planOf(JSON.stringify([root]), query).root

test('a scan is told by its columns, with how much it will read', () => {
  expect(planned(scan('Town', 'lake_file'))).toEqual({
    name: 'TableScan',
    descriptor: { table: 'awsdatacatalog:d:u', columns: 'Town' },
    details: ['Files: 2, 90 bytes', 'Partitions: 1'],
    children: [],
  })
})

test('a scan that may be of two tables is not called either', () => {
  expect(planned(scan('id')).descriptor).toEqual({ columns: 'id' })
})

const OPERATORS: readonly [string, object, string, object][] = [
  ['HASH_JOIN', { 'Join Type': 'LEFT', Conditions: ['a = b', 'c = d'] }, 'LeftJoin', { criteria: 'a = b, c = d' }],
  [
    'PERFECT_HASH_GROUP_BY',
    { Groups: '#0', Aggregates: 'sum(#1)' },
    'Aggregate',
    { keys: '#0', aggregations: 'sum(#1)' },
  ],
  ['TOP_N', { Top: '3', 'Order By': 'a\nb' }, 'TopN', { count: '3', orderBy: 'a, b' }],
  ['CTE_SCAN', {}, 'CteScan', {}],
  ['FILTER', { Expression: `CASE ⟦HIVE_BAD_DATA⟧…` }, 'Filter', { filterPredicate: 'CASE …' }],
]

test.each(OPERATORS)('%s is shown in words that users of Trino know', (name, extra_info, shown, descriptor) => {
  expect(planned({ name, extra_info, children: [] })).toMatchObject({ name: shown, descriptor })
})

test('a profile gives figures of every operator and of the query', () => {
  const child = { operator_name: 'FILTER', operator_timing: 0.002, operator_cardinality: 5, children: [] }
  const root = { operator_type: 'EXPLAIN_ANALYZE', operator_name: 'EXPLAIN_ANALYZE', children: [child] }
  const profile = { cpu_time: 0.004, system_peak_buffer_memory: 4096, children: [root] }
  expect(profileOf(JSON.stringify(profile), query)).toEqual({
    root: { name: 'Filter', descriptor: {}, details: [], figures: { cpuMs: 2, outputRows: 5 }, children: [] },
    cpuMs: 4,
    peakMemoryBytes: 4096,
  })
})
