/**
 * The 22 queries of TPC-H over a hundredth of its smallest scale, as the lake asks them of DuckDB and as DuckDB's own
 * users would. Tables are made by the benchmark's generator (`bench/athena/tpch`).
 */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, expect, test } from 'vitest'
import { scanByName, toDuckDb } from '../../bench/athena/tpch/front-end.ts'
import { EXACT_AVERAGE, isSameCell, QUERIES } from '../../bench/athena/tpch/queries.ts'
import { numbersOf, preparation, rowsOf } from '../../bench/athena/tpch/rows.ts'
import { TABLE_NAMES } from '../../bench/athena/tpch/tables.ts'
import { installFunctions } from '../../src/engine/duckdb/functions/install.ts'
import { withNarrowDecimals } from '../../src/engine/duckdb/narrow-decimals.ts'
import { installMacros } from '../../src/engine/duckdb/render-macros.ts'
import { prepareStatements } from '../../src/engine/duckdb/sandbox.ts'

const SCALE_FACTOR = 0.01
const SETTINGS = { threads: 2, memoryLimitBytes: 500_000_000, writableDirectory: '/nowhere' }

let lake: DuckDBConnection
let alone: DuckDBConnection

beforeAll(async () => {
  const instance = await DuckDBInstance.create(':memory:')
  alone = await instance.connect()
  for (const statement of [...preparation(SCALE_FACTOR), 'SET default_null_order = nulls_last'])
    await alone.run(statement)
  for (const table of TABLE_NAMES) {
    const all = { scaleFactor: SCALE_FACTOR, from: 0, to: numbersOf(table, SCALE_FACTOR), lineitem: 'lineitem' }
    await alone.run(`CREATE TABLE ${table} AS ${rowsOf(table, all)}`)
  }
  lake = await instance.connect()
  for (const statement of prepareStatements(SETTINGS)) await lake.run(statement)
  await installFunctions(lake)
  await installMacros(lake)
  await alone.run(EXACT_AVERAGE.replace('MACRO', 'TEMP MACRO'))
})

test.each(QUERIES)('query $name gives what DuckDB gives', async ({ sql, duckDbSql }) => {
  const ours = await withNarrowDecimals(
    (decimals) => toDuckDb(sql, scanByName, decimals),
    async (text) => (await lake.runAndReadAll(text)).getRows(),
  )
  const theirs = (await alone.runAndReadAll(duckDbSql)).getRows()
  expect(ours).toHaveLength(theirs.length)
  for (const [at, row] of ours.entries()) {
    const same = row.map((cell, column) => isSameCell(cell === null ? null : String(cell), theirs[at]?.[column]))
    expect(same, `${row} is to be ${theirs[at]}`).not.toContain(false)
  }
})

test('there are rows for nearly every query', async () => {
  const empty: string[] = []
  for (const { name, duckDbSql } of QUERIES)
    if ((await alone.runAndReadAll(duckDbSql)).getRows().length === 0) empty.push(name)
  // Orders of more than 300 pieces are one in twenty thousand.
  expect(empty).toEqual(['18'])
})
