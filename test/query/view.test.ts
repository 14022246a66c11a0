import { expect, test } from 'vitest'
import { viewColumns, viewDefinition, viewTable } from '../../src/query/view.ts'
import * as types from '../../src/sql/types.ts'

const columns = [
  { name: 'a', type: types.decimal(10, 2) },
  { name: 'b', type: types.row([{ name: 'x', type: types.array(types.varcharOf(3)) }]) },
  { name: 'c', type: types.timestampWithTimeZone(3) },
]

test('what is written into the catalog is read back from it', () => {
  const definition = { originalSql: "SELECT 'ü' AS a", catalog: 'awsdatacatalog', schema: 'd' }
  const input = viewTable('v', definition, columns)
  const table = { ...input, database: 'd', createdAtMs: 0, updatedAtMs: 0, createdBy: '', versionId: '0' }
  const read = viewDefinition(table)
  expect(read).toMatchObject(definition)
  expect(viewColumns(read)).toEqual(columns)
})

test('types that Hive has not are shown as text in the entry', () => {
  const input = viewTable('v', { originalSql: 'x', catalog: 'c' }, columns)
  expect(input.storage?.columns.map((column) => column.type)).toEqual([
    'decimal(10,2)',
    'struct<x:array<varchar(3)>>',
    'string',
  ])
})

test('an entry that is no view is refused', () => {
  const input = { ...viewTable('v', { originalSql: 'x', catalog: 'c' }, columns), viewOriginalText: 'nonsense' }
  const table = { ...input, database: 'd', createdAtMs: 0, updatedAtMs: 0, createdBy: '', versionId: '0' }
  expect(() => viewDefinition(table)).toThrow("View 'd.v' cannot be read")
})
