/** What `information_schema` and `"t$partitions"` say of the catalog. */
import { beforeEach, expect, test } from 'vitest'
import { loadTables } from '../../src/query/tables.ts'
import { viewTable } from '../../src/query/view.ts'
import { analyse } from '../../src/sql/analyser/index.ts'
import { parseQuery } from '../../src/sql/parser/index.ts'
import type { Relation } from '../../src/sql/typed-tree.ts'
import { varchar } from '../../src/sql/types.ts'
import { MemoryCatalog } from '../support/memory-catalog.ts'

let catalog: MemoryCatalog
beforeEach(async () => {
  catalog = new MemoryCatalog()
  await catalog.createDatabase({ name: 'shop', parameters: {} })
  await catalog.createTable('shop', ordersTable(['dt:date', 'shard:int']), 'tester')
  const definition = { originalSql: 'SELECT id FROM orders', catalog: 'awsdatacatalog', schema: 'shop' }
  await catalog.createTable('shop', viewTable('ids', definition, [{ name: 'id', type: varchar }]), 'tester')
})

function ordersTable(partitionKeys: readonly string[]) {
  const column = (text: string) => ({ name: text.split(':')[0] ?? '', type: text.split(':')[1] ?? '' })
  return {
    name: 'orders',
    retention: 0,
    parameters: {},
    partitionKeys: partitionKeys.map(column),
    storage: {
      columns: [column('id:string'), column('paid:decimal(10,2)')],
      location: 's3://lake/orders/',
      compressed: false,
      numberOfBuckets: 0,
      bucketColumns: [],
      sortColumns: [],
      parameters: {},
      storedAsSubDirectories: false,
      serde: { library: 'org.openx.data.jsonserde.JsonSerDe', parameters: {} },
    },
  }
}

/** The VALUES that a query reads, constants alone, types written behind what had to be cast. */
async function valuesOf(sql: string): Promise<string[]> {
  const query = parseQuery(sql)
  const { context } = await loadTables(catalog, query, { catalog: 'awsdatacatalog', schema: 'shop' })
  const found: string[] = []
  const visit = (relation: Relation): void => {
    if (relation.kind === 'Values') {
      for (const row of relation.rows) {
        const cells = row.map((cell) => {
          const inner = cell.kind === 'Cast' ? cell.operand : cell
          return inner.kind === 'Constant' ? String(inner.value) : inner.kind
        })
        if (cells.length > 0) found.push(cells.join(' '))
      }
    }
    if ('input' in relation) visit(relation.input)
  }
  visit(analyse(query, context).relation)
  return found
}

test('schemata are the databases and information_schema itself', async () => {
  expect(await valuesOf('SELECT * FROM information_schema.schemata')).toEqual([
    'awsdatacatalog shop',
    'awsdatacatalog information_schema',
  ])
})

test('tables and views are told apart', async () => {
  expect((await valuesOf('SELECT * FROM information_schema.tables')).slice(0, 2)).toEqual([
    'awsdatacatalog shop ids VIEW',
    'awsdatacatalog shop orders BASE TABLE',
  ])
  expect(await valuesOf('SELECT * FROM information_schema.views')).toEqual([
    'awsdatacatalog shop ids SELECT id FROM orders',
  ])
})

test('columns come in order, partition columns last, with their types', async () => {
  expect(await valuesOf('SELECT * FROM information_schema.columns')).toEqual([
    'awsdatacatalog shop ids id 1 null YES varchar',
    'awsdatacatalog shop orders id 1 null YES varchar',
    'awsdatacatalog shop orders paid 2 null YES decimal(10,2)',
    'awsdatacatalog shop orders dt 3 null YES date',
    'awsdatacatalog shop orders shard 4 null YES integer',
  ])
})

test('"t$partitions" gives one row a partition, at the types of its columns', async () => {
  await catalog.createPartitions('shop', 'orders', [
    { values: ['2024-01-01', '7'], parameters: {} },
    { values: ['2024-01-02', '__HIVE_DEFAULT_PARTITION__'], parameters: {} },
  ])
  expect(await valuesOf('SELECT * FROM "orders$partitions"')).toEqual(['2024-01-01 7', '2024-01-02 null'])
  const query = parseQuery('SELECT * FROM "orders$partitions"')
  const { context } = await loadTables(catalog, query, { catalog: 'awsdatacatalog', schema: 'shop' })
  expect(analyse(query, context).output.map(({ name, type }) => `${name} ${type.kind}`)).toEqual([
    'dt date',
    'shard integer',
  ])
})

test('without partitions there are no rows, without partition columns no such table', async () => {
  expect(await valuesOf('SELECT dt FROM "orders$partitions"')).toEqual([])
  await catalog.deleteTable('shop', 'orders')
  await catalog.createTable('shop', ordersTable([]), 'tester')
  await expect(valuesOf('SELECT * FROM "orders$partitions"')).rejects.toThrow("orders$partitions' does not exist")
})
