import { beforeEach, expect, test } from 'vitest'
import { GlueWorld } from './glue-world.ts'

const TABLES = [
  ['sales', { Name: 'customer-link', Description: 'Who bought what', Owner: 'ann', Parameters: { team: 'blue' } }],
  ['sales', { Name: 'customerlink', TableType: 'VIRTUAL_VIEW', Parameters: { team: 'red' } }],
  ['web', { Name: 'clicks', StorageDescriptor: { Columns: [{ Name: 'user_id', Type: 'int', Comment: 'the Link' }] } }],
] as const

let glue: GlueWorld
beforeEach(async () => {
  glue = new GlueWorld()
  for (const Name of ['sales', 'web']) await glue.call('CreateDatabase', { DatabaseInput: { Name } })
  for (const [DatabaseName, TableInput] of TABLES) {
    await glue.call('CreateTable', { DatabaseName, TableInput })
    await glue.clock.advance(60_000)
  }
})

async function found(asked: object): Promise<readonly string[]> {
  const { TableList } = await glue.call('SearchTables', asked)
  return TableList.map((table: { Name: string }) => table.Name)
}
const filter = (Key: string, Value: string, Comparator?: string) => ({ Filters: [{ Key, Value, Comparator }] })

test.each([
  ['a piece of a name', filter('Name', 'link'), ['customer-link']],
  ['a whole name', filter('name', 'CustomerLink'), ['customerlink']],
  ['a database', filter('DatabaseName', 'web'), ['clicks']],
  ['a type', filter('TableType', 'VIRTUAL_VIEW'), ['customerlink']],
  ['a parameter', filter('team', 'blue'), ['customer-link']],
  ['all of several filters', { Filters: [...filter('team', 'red').Filters, ...filter('Owner', 'ann').Filters] }, []],
  ['a text, whatever its case', { SearchText: 'LINK' }, ['customer-link', 'customerlink', 'clicks']],
  ['a text of columns', { SearchText: 'user_' }, ['clicks']],
  ['a text in quotes', { SearchText: '"clicks"' }, ['clicks']],
  ['a text in quotes that is but a part', { SearchText: '"click"' }, []],
  ['tables of nobody else', { ResourceShareType: 'FOREIGN' }, []],
  ['all tables', {}, ['customer-link', 'customerlink', 'clicks']],
])('%s is found', async (_what, asked, names) => {
  expect(await found(asked)).toEqual(names)
})

test('times are compared', async () => {
  const { Table } = await glue.call('GetTable', { DatabaseName: 'sales', Name: 'customerlink' })
  const at = String(Table.CreateTime)
  expect(await found(filter('CreateTime', at, 'EQUALS'))).toEqual(['customerlink'])
  expect(await found(filter('CreateTime', at, 'GREATER_THAN'))).toEqual(['clicks'])
  expect(await found(filter('CreateTime', at, 'LESS_THAN_EQUALS'))).toEqual(['customer-link', 'customerlink'])
  expect(await found(filter('LastAccessTime', at, 'LESS_THAN'))).toEqual([])
})

test.each([
  ['ASC', ['clicks', 'customer-link', 'customerlink']],
  ['DESC', ['customerlink', 'customer-link', 'clicks']],
])('pages go on in the order asked for: %s', async (Sort, names) => {
  const asked = { SortCriteria: [{ FieldName: 'Name', Sort }], MaxResults: 2 }
  const first = await glue.call('SearchTables', asked)
  const second = await glue.call('SearchTables', { ...asked, NextToken: first.NextToken })
  expect([...first.TableList, ...second.TableList].map(({ Name }: { Name: string }) => Name)).toEqual(names)
  expect(second.NextToken).toBeUndefined()
})

test('tables that the caller may not see are not found', async () => {
  glue.access = {
    judge: (_who, { action, resource }) =>
      action === 'glue:SearchTables' && resource.endsWith('/clicks')
        ? { isAllowed: false, because: 'because' }
        : { isAllowed: true },
  }
  expect(await found({ SearchText: 'clicks' })).toEqual([])
})

test.each([
  ['a comparator on a text', filter('Name', 'a', 'LESS_THAN'), 'Comparator LESS_THAN is for times only: Name is none.'],
  ['a time that is none', filter('CreateTime', 'soon'), 'soon is not a time to compare CreateTime with.'],
  ['a filter without value', { Filters: [{ Key: 'Name' }] }, 'A filter needs Key and Value.'],
  ['an unknown order', { SortCriteria: [{ FieldName: 'size' }] }, 'Tables cannot be sorted by size.'],
])('%s is refused', async (_what, asked, text) => {
  expect(await glue.errorOf('SearchTables', asked)).toBe(`InvalidInputException: ${text}`)
})
