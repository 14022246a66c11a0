import { expect, test } from 'vitest'
import { tableReferences } from '../../../src/sql/analyser/index.ts'
import { parseQuery } from '../../../src/sql/parser/index.ts'

function tablesOf(sql: string): string[] {
  return tableReferences(parseQuery(sql)).map((name) => name.parts.map((part) => part.value).join('.'))
}

test.each([
  ['SELECT 1', []],
  ['SELECT * FROM a JOIN b.c ON true, d.e.f', ['a', 'b.c', 'd.e.f']],
  ['SELECT * FROM a, A, "a"', ['a']],
  ['TABLE t', ['t']],
  [
    'SELECT (SELECT max(x) FROM a) FROM b WHERE y IN (SELECT z FROM c) ORDER BY EXISTS (SELECT 1 FROM d)',
    ['a', 'b', 'c', 'd'],
  ],
  ['WITH a AS (SELECT * FROM b), c AS (SELECT * FROM a) SELECT * FROM c, x.a', ['b', 'x.a']],
  ['WITH a AS (SELECT * FROM a) SELECT * FROM a', ['a']],
  ['WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n FROM a) SELECT * FROM a', []],
  ['SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a), a', ['a']],
  ['SELECT transform(x, y -> y) FROM a CROSS JOIN UNNEST(z) UNION SELECT 1 FROM b', ['a', 'b']],
])('%s reads the tables %j', (sql, expected) => {
  expect(tablesOf(sql).sort()).toEqual([...expected].sort())
})
