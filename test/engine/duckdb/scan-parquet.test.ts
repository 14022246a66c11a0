import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ScanFormat } from '../../../src/engine/engine.ts'
import { ScanWorld } from './scan-world.ts'

const parquet: ScanFormat = { kind: 'parquet', byIndex: false }

let world: ScanWorld
beforeAll(async () => {
  world = await ScanWorld.open()
})
afterAll(() => world.close())

let files = 0

async function parquetFile(select: string) {
  const name = `made-${++files}.parquet`
  const path = join(world.directory, `source-${name}`)
  await world.connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`)
  return { name, content: readFileSync(path) }
}

test('columns are found by name in any case; what a file does not have is NULL', async () => {
  const first = await parquetFile(`SELECT 1::INTEGER AS "Id", 'x' AS name`)
  const second = await parquetFile('SELECT 2::BIGINT AS id, 2.5::DOUBLE AS extra')
  const rows = await world.rows({
    format: parquet,
    columns: 'id bigint, name string, absent int',
    files: [first, second],
  })
  expect(rows.sort()).toEqual([
    ['1', 'x', null],
    ['2', null, null],
  ])
})

test('columns are found by place when the table says so', async () => {
  const file = await parquetFile(`SELECT 'x' AS whatever, 5 AS other`)
  const rows = await world.rows({
    format: { kind: 'parquet', byIndex: true },
    columns: 'a string, b int',
    files: [file],
  })
  expect(rows).toEqual([['x', '5']])
})

test('nested values, timestamps, dates, decimals and bytes', async () => {
  const file = await parquetFile(`SELECT {'K': 1, 'v': 'q'} AS s, [1, 2] AS l, MAP {'a': 1} AS m,
    TIMESTAMP '2024-01-31 10:20:30.123456' AS t, DATE '2024-01-31' AS d, 1.5::DECIMAL(10,2) AS c, 'ab'::BLOB AS b`)
  const rows = await world.rows({
    format: parquet,
    columns:
      's struct<k:int,v:string,w:int>, l array<bigint>, m map<string,int>, t timestamp, d date, c decimal(10,2), b binary',
    files: [file],
  })
  expect(rows).toEqual([
    ['{k=1, v=q, w=null}', '[1, 2]', '{a=1}', '2024-01-31 10:20:30.123', '2024-01-31', '1.50', '61 62'],
  ])
})

test('bytes without a text mark are text in a string column', async () => {
  const file = await parquetFile(`SELECT 'ab'::BLOB AS s`)
  expect(await world.rows({ format: parquet, columns: 's string', files: [file] })).toEqual([['ab']])
})

test('partition columns and count(*)', async () => {
  const file = { ...(await parquetFile('SELECT range AS a FROM range(3)')), partition: ['x'] }
  const table = { format: parquet, columns: 'a bigint', partitionColumns: 'p string', files: [file] }
  expect(await world.rows(table, ['p'])).toEqual([['x'], ['x'], ['x']])
  expect(await world.rows(table, [])).toHaveLength(3)
})

test('a file that is no Parquet refuses the query and names the object', async () => {
  const table = { format: parquet, columns: 'a bigint', files: [{ name: 'x.parquet', content: 'nonsense, certainly' }] }
  await expect(world.rows(table)).rejects.toMatchObject({
    code: 'HIVE_BAD_DATA',
    message: expect.stringContaining('s3://lake/x.parquet'),
  })
})
