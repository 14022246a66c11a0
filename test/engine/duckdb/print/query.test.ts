import { expect, test } from 'vitest'
import { printQuery } from '../../../../src/engine/duckdb/print/query.ts'
import { analyse } from '../../../../src/sql/analyser/index.ts'
import type { AnalysisContext } from '../../../../src/sql/analysis-context.ts'
import { parseStatement } from '../../../../src/sql/parser/index.ts'
import { array, bigint, varchar } from '../../../../src/sql/types.ts'

const CONTEXT: AnalysisContext = {
  catalog: 'awsdatacatalog',
  schema: 'default',
  hasSchema: () => true,
  findTable: (database, name) => ({
    database,
    name,
    columns: [
      { name: 'id', type: bigint, isPartition: false },
      { name: 'name', type: varchar, isPartition: false },
      { name: 'tags', type: array(varchar), isPartition: false },
    ],
  }),
  parameters: [],
}
const SESSION = { nowMs: 0, user: 'u', catalog: 'awsdatacatalog', schema: 'default' }

function printed(sql: string) {
  const statement = parseStatement(sql)
  if (statement.kind !== 'QueryStatement') throw new Error('a query is needed')
  return printQuery(analyse(statement.query, CONTEXT), (id) => `SELECT * FROM scan${id}`, SESSION)
}

test('filter, order and limit over a scan are one block', () => {
  const { sql } = printed('SELECT id, name FROM t WHERE id > 5 ORDER BY id LIMIT 3')
  expect(sql.match(/WHERE/g)).toHaveLength(1)
  expect(sql).toMatch(/ORDER BY .* LIMIT 3/)
})

test('result columns are numbered, and know their labels and types', () => {
  expect(printed('SELECT id AS a, name AS a FROM t').columns).toEqual([
    { column: 'c0', label: 'a', type: bigint },
    { column: 'c1', label: 'a', type: varchar },
  ])
})

test('what a user wrote stands only in literals', () => {
  const { sql } = printed(`SELECT "x'; DROP" FROM (SELECT name AS "x'; DROP" FROM t WHERE name = 'a''; DROP') u`)
  expect(sql.replace(/'(?:[^']|'')*'/g, '')).not.toContain("'")
  expect(sql).toContain("'a''; DROP'")
})

test('unnesting a column of the left side needs no correlated subquery', () => {
  expect(printed('SELECT id, tag FROM t CROSS JOIN UNNEST(tags) AS u(tag)').sql).not.toContain('LATERAL')
})

test('a function without a faithful translation is refused by name', () => {
  expect(() => printed("SELECT word_stem(name, 'en') FROM t")).toThrow('function word_stem is not supported')
})
