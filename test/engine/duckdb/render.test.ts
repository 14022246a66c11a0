import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installLineFunctions } from '../../../src/engine/duckdb/line-functions.ts'
import { renderText } from '../../../src/engine/duckdb/render.ts'
import { installMacros } from '../../../src/engine/duckdb/render-macros.ts'
import type { SqlType } from '../../../src/sql/types.ts'
import * as types from '../../../src/sql/types.ts'

let connection: DuckDBConnection
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run(`SET TimeZone = 'UTC'`)
  await installMacros(connection)
  installLineFunctions(connection)
})
afterAll(() => connection.closeSync())

const { bigint, double, varchar } = types

const cases: readonly [string, SqlType, string | null][] = [
  ['true', types.boolean, 'true'],
  ['42::BIGINT', bigint, '42'],
  ['NULL::BIGINT', bigint, null],
  ['1::DOUBLE', double, '1.0'],
  ['0::DOUBLE', double, '0.0'],
  ["'-0.0'::DOUBLE", double, '-0.0'],
  ['100.25::DOUBLE', double, '100.25'],
  ['0.001::DOUBLE', double, '0.001'],
  ['0.00012::DOUBLE', double, '1.2E-4'],
  ['1e-7::DOUBLE', double, '1.0E-7'],
  ['9999999::DOUBLE', double, '9999999.0'],
  ['1e7::DOUBLE', double, '1.0E7'],
  ['12345678.9::DOUBLE', double, '1.23456789E7'],
  ['1e20::DOUBLE', double, '1.0E20'],
  ['-1.5e300::DOUBLE', double, '-1.5E300'],
  ['4.9e-324::DOUBLE', double, '4.9E-324'],
  ["'nan'::DOUBLE", double, 'NaN'],
  ["'inf'::DOUBLE", double, 'Infinity'],
  ["'-inf'::DOUBLE", double, '-Infinity'],
  ['1.1::FLOAT', types.real, '1.1'],
  ['16777216::FLOAT', types.real, '1.6777216E7'],
  ['1.50::DECIMAL(10,2)', types.decimal(10, 2), '1.50'],
  ['0.5::DECIMAL(2,2)', types.decimal(2, 2), '0.50'],
  ['-0.5::DECIMAL(2,2)', types.decimal(2, 2), '-0.50'],
  ["'x'", types.charOf(3), 'x  '],
  ["''", varchar, ''],
  ["DATE '2024-01-31'", types.date, '2024-01-31'],
  ["TIMESTAMP '2017-01-01 00:00:00'", types.timestamp(3), '2017-01-01 00:00:00.000'],
  ["TIMESTAMP '2017-01-01 00:00:00.123456'", types.timestamp(6), '2017-01-01 00:00:00.123456'],
  ["TIMESTAMP '2017-01-01 00:00:00.12'", types.timestamp(2), '2017-01-01 00:00:00.12'],
  ["TIMESTAMP '2017-01-01 00:00:00'", types.timestamp(0), '2017-01-01 00:00:00'],
  [
    "{'micros': TIMESTAMP '2017-01-01 00:00:00.123456', 'picos': 789000}",
    types.timestamp(9),
    '2017-01-01 00:00:00.123456789',
  ],
  [
    "{'instant': TIMESTAMP '2017-01-01 00:00:00', 'zone': 'UTC'}",
    types.timestampWithTimeZone(3),
    '2017-01-01 00:00:00.000 UTC',
  ],
  [
    "{'instant': TIMESTAMP '2017-07-01 00:00:00', 'zone': 'America/New_York'}",
    types.timestampWithTimeZone(3),
    '2017-06-30 20:00:00.000 America/New_York',
  ],
  [
    "{'instant': TIMESTAMP '2017-07-01 00:00:00', 'zone': '+05:30'}",
    types.timestampWithTimeZone(3),
    '2017-07-01 05:30:00.000 +05:30',
  ],
  ['3723004000000000::BIGINT', types.time(3), '01:02:03.004'],
  ['0::BIGINT', types.time(0), '00:00:00'],
  [`{'picos': 3723004000000000::BIGINT, 'offset': -210::INTEGER}`, types.timeWithTimeZone(3), '01:02:03.004-03:30'],
  ['86400000::BIGINT', types.intervalDayToSecond, '1 00:00:00.000'],
  ['-93784005::BIGINT', types.intervalDayToSecond, '-1 02:03:04.005'],
  ['12::INTEGER', types.intervalYearToMonth, '1-0'],
  ['-14::INTEGER', types.intervalYearToMonth, '-1-2'],
  ["from_hex('0102ff')", types.varbinary, '01 02 ff'],
  ["''::BLOB", types.varbinary, ''],
  ['[1, 2, NULL]::BIGINT[]', types.array(bigint), '[1, 2, null]'],
  ['[]::BIGINT[]', types.array(bigint), '[]'],
  ['NULL::BIGINT[]', types.array(bigint), null],
  ["['a, b', '']", types.array(varchar), '[a, b, ]'],
  ['[[1e20], NULL]::DOUBLE[][]', types.array(types.array(double)), '[[1.0E20], null]'],
  ["MAP {'l': 2::BIGINT, 'k': 1::BIGINT}", types.map(varchar, bigint), '{k=1, l=2}'],
  ["MAP {'k': NULL::BIGINT}", types.map(varchar, bigint), '{k=null}'],
  [
    "{'a': 1::BIGINT, 'b': 'x'}",
    types.row([
      { name: 'a', type: bigint },
      { name: 'b', type: varchar },
    ]),
    '{a=1, b=x}',
  ],
  [
    "{'f1': 1::BIGINT, 'f2': NULL::VARCHAR}",
    types.row([
      { name: undefined, type: bigint },
      { name: undefined, type: varchar },
    ]),
    '{1, null}',
  ],
  ["from_hex('00000000000000000000ffff0a000001')", types.ipaddress, '10.0.0.1'],
  ["from_hex('20010db8000000000000000000000001')", types.ipaddress, '2001:db8::1'],
  ["uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59'", types.uuid, '12151fd2-7586-11e9-8f9e-2a86e4085a59'],
]

test.each(cases)('%s is shown as Athena shows it', async (value, type, text) => {
  const result = await connection.runAndReadAll(`SELECT ${renderText('r.v', type)} FROM (SELECT ${value} AS v) AS r`)
  expect(result.getRows()[0]?.[0]).toBe(text)
})

test('bytes inside an array are shown as Java shows an array of bytes', async () => {
  const sql = `SELECT ${renderText('r.v', types.array(types.varbinary))} FROM (SELECT [from_hex('01')] AS v) AS r`
  const [row] = (await connection.runAndReadAll(sql)).getRows()
  expect(row?.[0]).toMatch(/^\[\[B@[0-9a-f]{8}\]$/)
})
