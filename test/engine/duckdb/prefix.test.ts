import { expect, test } from 'vitest'
import { attempts } from '../../../src/engine/duckdb/prefix.ts'
import type { EngineQuery, ScanFile } from '../../../src/engine/engine.ts'
import { scansOf } from '../../../src/query/scans.ts'
import { analyse } from '../../../src/sql/analyser/index.ts'
import { parseQuery } from '../../../src/sql/parser/index.ts'
import { bigint } from '../../../src/sql/types.ts'

function asked(sql: string, fileCount: number): EngineQuery {
  const columns = [{ name: 'id', type: bigint, isPartition: false }]
  const query = analyse(parseQuery(sql), {
    catalog: 'awsdatacatalog',
    schema: 'd',
    hasSchema: () => true,
    findTable: (database, name) => ({ database, name, columns }),
    parameters: [],
  })
  const files = Array.from(
    { length: fileCount },
    (_, index): ScanFile => ({
      path: `/f${index}`,
      location: `s3://b/f${index}`,
      sizeBytes: 1,
      modifiedAtMs: 0,
      versionKey: `${index}`,
      partition: -1,
    }),
  )
  const format = { kind: 'parquet', byIndex: false } as const
  const source = { format, dataColumns: columns, partitionColumns: [], partitions: [], files }
  return {
    id: 'q',
    query,
    sources: new Map(scansOf(query.relation).map((scan) => [scan.scanId, source])),
    session: { nowMs: 0, user: '', catalog: 'awsdatacatalog', schema: 'd' },
    csvPath: '/x',
  }
}

const fileCounts = (sql: string, fileCount: number) =>
  attempts(asked(sql, fileCount)).map((attempt) => [...attempt.query.sources.values()][0]?.files.length)

test('a bare LIMIT is tried over few files first, over all at last', () => {
  expect(fileCounts('SELECT * FROM t LIMIT 10', 100)).toEqual([1, 8, 64, 100])
  expect(fileCounts('SELECT id + 1 AS next FROM t LIMIT 10', 1)).toEqual([1])
  expect(attempts(asked('SELECT * FROM t LIMIT 10', 9)).map((attempt) => attempt.enoughRows)).toEqual([10, 10, 0])
})

test.each([
  'SELECT * FROM t',
  'SELECT * FROM t WHERE id > 1 LIMIT 10',
  'SELECT * FROM t ORDER BY id LIMIT 10',
  'SELECT count(*) FROM t LIMIT 10',
  'SELECT DISTINCT id FROM t LIMIT 10',
  'SELECT * FROM t OFFSET 5 LIMIT 10',
  'SELECT * FROM t a JOIN t b ON a.id = b.id LIMIT 10',
  'SELECT * FROM (SELECT * FROM t LIMIT 5) LIMIT 10',
])('%s reads all files at once', (sql) => {
  expect(fileCounts(sql, 100)).toEqual([100])
})
