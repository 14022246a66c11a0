import { expect, test } from 'vitest'
import { resultColumn } from '../../src/query/result-column.ts'
import type { SqlType } from '../../src/sql/types.ts'
import * as types from '../../src/sql/types.ts'

const cases: readonly [SqlType, string, number, number, boolean][] = [
  [types.boolean, 'boolean', 0, 0, false],
  [types.tinyint, 'tinyint', 3, 0, false],
  [types.smallint, 'smallint', 5, 0, false],
  [types.integer, 'integer', 10, 0, false],
  [types.bigint, 'bigint', 19, 0, false],
  [types.real, 'float', 17, 0, false],
  [types.double, 'double', 17, 0, false],
  [types.decimal(10, 2), 'decimal', 10, 2, false],
  [types.varchar, 'varchar', 2_147_483_647, 0, true],
  [types.varcharOf(5), 'varchar', 5, 0, true],
  [types.charOf(3), 'char', 3, 0, true],
  [types.varbinary, 'varbinary', 1_073_741_824, 0, false],
  [types.date, 'date', 0, 0, false],
  [types.timestamp(3), 'timestamp', 3, 0, false],
  [types.timestampWithTimeZone(3), 'timestamp with time zone', 3, 0, false],
  [types.array(types.integer), 'array', 0, 0, false],
  [types.map(types.varchar, types.integer), 'map', 0, 0, false],
  [types.row([{ name: 'a', type: types.integer }]), 'row', 0, 0, false],
  [types.json, 'json', 0, 0, false],
  [types.uuid, 'uuid', 0, 0, false],
  [types.intervalDayToSecond, 'interval day to second', 0, 0, false],
]

test.each(cases)('a column of $kind', (type, name, precision, scale, caseSensitive) => {
  expect(resultColumn('c', type)).toEqual({ name: 'c', type: name, precision, scale, caseSensitive })
})
