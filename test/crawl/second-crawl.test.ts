/** What a crawl does to a catalog that an earlier crawl, or a person, has filled. */
import { expect, test } from 'vitest'
import type { CrawlerInput } from '../../src/catalog/crawler-types.ts'
import type { Table } from '../../src/catalog/types.ts'
import { type Crawled, crawlWorld } from './crawl-world.ts'

const target = [{ path: 's3://lake/events/', exclusions: [] }]
const inherit = { CrawlerOutput: { Partitions: { AddOrUpdateBehavior: 'InheritFromTable' } } }
const merge = { CrawlerOutput: { Tables: { AddOrUpdateBehavior: 'MergeNewColumns' } } }

function crawlerOf(options: Partial<CrawlerInput> = {}, configuration: object = {}): Partial<CrawlerInput> {
  return { targets: target, configuration: JSON.stringify({ Version: 1.0, ...configuration }), ...options }
}

function columnsOf(table: Pick<Table, 'storage'> | undefined): string[] {
  return table?.storage?.columns.map(({ name, type }) => `${name} ${type}`) ?? []
}

function events({ tables }: Crawled) {
  const table = tables['events']
  if (table === undefined) throw new Error('no table events')
  return table
}

async function crawledTwice(
  crawler: Partial<CrawlerInput>,
  [first, second]: readonly [Record<string, string>, Record<string, string>],
) {
  const world = await crawlWorld(crawler)
  for (const [key, body] of Object.entries(first)) await world.put(`events/${key}`, body)
  const before = await world.crawled()
  for (const [key, body] of Object.entries(second)) await world.put(`events/${key}`, body)
  world.clock.jumpTo(world.clock.nowMs() + 60_000)
  return { world, before, after: await world.crawled() }
}

const a = '{"a":1,"b":"x","c":true}\n'
const withD = '{"a":12345678901,"b":"x","c":true,"d":2.5}\n'

test('more of the same data refreshes the figures and makes no new version', async () => {
  const { world, after } = await crawledTwice(crawlerOf(), [{ 'day=1/f': a }, { 'day=1/g': a }])
  expect(after.run).toMatchObject({ tablesUpdated: 0, partitionsCreated: 0, partitionsUpdated: 1 })
  expect(events(after).parameters).toMatchObject({ objectCount: '2', recordCount: '2' })
  expect(await world.catalog.tableVersions('db', 'events')).toHaveLength(1)
})

test('a new day is a new partition of the same table', async () => {
  const { after } = await crawledTwice(crawlerOf(), [{ 'day=1/f': a }, { 'day=2/f': a }])
  expect(after.run).toMatchObject({ tablesCreated: 0, partitionsCreated: 1 })
  expect(events(after).partitions.map(({ values }) => values)).toEqual([['1'], ['2']])
})

test('new columns and wider types come into the table as a new version; old partitions keep their own columns', async () => {
  const { world, after } = await crawledTwice(crawlerOf(), [{ 'day=1/f': a }, { 'day=2/f': withD }])
  expect(after.run.tablesUpdated).toBe(1)
  expect(columnsOf(events(after))).toEqual(['a bigint', 'b string', 'c boolean', 'd double'])
  expect(events(after).partitions.map(columnsOf)).toEqual([
    ['a int', 'b string', 'c boolean'],
    ['a bigint', 'b string', 'c boolean', 'd double'],
  ])
  expect(await world.catalog.tableVersions('db', 'events')).toHaveLength(2)
})

test('inheriting partitions all have the columns of the table, with figures of their own', async () => {
  const { after } = await crawledTwice(crawlerOf({}, inherit), [{ 'day=1/f': a }, { 'day=2/f': withD }])
  const wide = ['a bigint', 'b string', 'c boolean', 'd double']
  expect(events(after).partitions.map(columnsOf)).toEqual([wide, wide])
  expect(events(after).partitions.map(({ storage }) => storage?.parameters['sizeKey'])).toEqual(
    [a, withD].map(({ length }) => String(length)),
  )
})

test('merging keeps columns as they are, whatever the data says, and adds the new ones', async () => {
  const { after } = await crawledTwice(crawlerOf({}, merge), [{ 'day=1/f': a }, { 'day=2/f': withD }])
  expect(columnsOf(events(after))).toEqual(['a int', 'b string', 'c boolean', 'd double'])
})

test('LOG leaves the table as it is and says so, but adds partitions', async () => {
  const { before, after } = await crawledTwice(crawlerOf({ updateBehavior: 'LOG' }), [
    { 'day=1/f': a },
    { 'day=2/f': withD },
  ])
  const { partitions: _1, ...tableBefore } = events(before)
  const { partitions, ...tableAfter } = events(after)
  expect(tableAfter).toEqual(tableBefore)
  expect(partitions).toHaveLength(2)
  expect(after.messages).toContain(
    'Table events was left as it is (update behaviour LOG); the data has other columns now (new columns: d double; other types: a from int to bigint).',
  )
})

test('what a person wrote on the table stays: description, own parameters, comments', async () => {
  const world = await crawlWorld(crawlerOf())
  await world.put('events/f', a)
  await world.crawled()
  await world.catalog.updateTable('db', 'events', (table) => ({
    ...table,
    description: 'Web events',
    parameters: { ...table.parameters, owner_team: 'web' },
    storage: table.storage && {
      ...table.storage,
      columns: table.storage.columns.map((column) => (column.name === 'b' ? { ...column, comment: 'the b' } : column)),
    },
  }))
  await world.put('events/g', withD)
  const table = events(await world.crawled())
  expect(table).toMatchObject({ description: 'Web events', parameters: { owner_team: 'web' } })
  expect(table.storage?.columns[1]).toEqual({ name: 'b', type: 'string', comment: 'the b' })
  expect(table.storage?.parameters).toEqual(table.parameters)
})

test('a table that a person renamed is still the one at that location', async () => {
  const world = await crawlWorld(crawlerOf())
  await world.put('events/f', a)
  await world.crawled()
  await world.catalog.updateTable('db', 'events', (table) => ({ ...table, name: 'web_events' }))
  await world.put('events/g', withD)
  expect(Object.keys((await world.crawled()).tables)).toEqual(['web_events'])
})

test('a column that only files not looked into hold is kept', async () => {
  const world = await crawlWorld(crawlerOf())
  await world.put('events/0000', withD)
  await world.crawled()
  for (let file = 1; file < 200; file++) await world.put(`events/${String(file).padStart(4, '0')}`, a)
  await world.objects.delete({ bucket: 'lake', key: 'events/0000' })
  expect(columnsOf(events(await world.crawled()))).toEqual(['a bigint', 'b string', 'c boolean', 'd double'])
})

test.each<[CrawlerInput['deleteBehavior'], (crawled: Crawled, nowMs: number) => void]>([
  ['LOG', ({ tables }) => expect(tables['events']?.parameters['DEPRECATED_BY_CRAWLER']).toBeUndefined()],
  [
    'DEPRECATE_IN_DATABASE',
    ({ tables }, nowMs) => expect(tables['events']?.parameters['DEPRECATED_BY_CRAWLER']).toBe(String(nowMs)),
  ],
  ['DELETE_FROM_DATABASE', ({ tables, run }) => expect([Object.keys(tables), run.tablesDeleted]).toEqual([[], 1])],
])('when the data is gone: %s', async (deleteBehavior, check) => {
  const world = await crawlWorld(crawlerOf({ deleteBehavior }))
  await world.put('events/f', a)
  await world.crawled()
  await world.objects.delete({ bucket: 'lake', key: 'events/f' })
  check(await world.crawled(), world.clock.nowMs())
  const again = await world.crawled()
  expect(again.run).toMatchObject({ tablesUpdated: 0, tablesDeleted: 0 })
})

test('data that comes back takes the mark of deprecation away', async () => {
  const world = await crawlWorld(crawlerOf())
  await world.put('events/f', a)
  await world.crawled()
  await world.objects.delete({ bucket: 'lake', key: 'events/f' })
  await world.crawled()
  await world.put('events/f', a)
  expect(events(await world.crawled()).parameters).not.toHaveProperty('DEPRECATED_BY_CRAWLER')
})

test('a table whose files became unreadable is neither deleted nor marked', async () => {
  const world = await crawlWorld(crawlerOf({ deleteBehavior: 'DELETE_FROM_DATABASE' }))
  await world.put('events/f', a)
  await world.crawled()
  await world.put('events/f', 'not a known format')
  const { tables, messages } = await world.crawled()
  expect(Object.keys(tables)).toEqual(['events'])
  expect(messages.at(-1)).toBe(
    'Table events was left as it is: s3://lake/events/ holds files, but none that could be read.',
  )
})

test('tables of another crawler, or elsewhere, do not vanish', async () => {
  const world = await crawlWorld(crawlerOf({ deleteBehavior: 'DELETE_FROM_DATABASE' }))
  const table = (name: string, location: string, crawler: string) =>
    world.catalog.createTable(
      'db',
      {
        name,
        retention: 0,
        partitionKeys: [],
        parameters: { UPDATED_BY_CRAWLER: crawler },
        storage: {
          columns: [],
          location,
          compressed: false,
          numberOfBuckets: -1,
          bucketColumns: [],
          sortColumns: [],
          parameters: {},
          storedAsSubDirectories: false,
        },
      },
      'me',
    )
  await table('elsewhere', 's3://lake/other/', world.name)
  await table('anothers', 's3://lake/events/x/', 'another')
  expect(Object.keys((await world.crawled()).tables)).toEqual(['anothers', 'elsewhere'])
})

test.each<[CrawlerInput['deleteBehavior'], string[][]]>([
  ['DEPRECATE_IN_DATABASE', [['1'], ['2']]],
  ['DELETE_FROM_DATABASE', [['2']]],
])('a partition whose folder is gone, with %s', async (deleteBehavior, left) => {
  const world = await crawlWorld(crawlerOf({ deleteBehavior }))
  await world.put('events/day=1/f', a)
  await world.put('events/day=2/f', a)
  await world.crawled()
  await world.objects.delete({ bucket: 'lake', key: 'events/day=1/f' })
  const after = await world.crawled()
  expect(events(after).partitions.map(({ values }) => values)).toEqual(left)
})

test('other partition keys than before replace the partitions', async () => {
  const world = await crawlWorld(crawlerOf())
  await world.put('events/day=1/f', a)
  await world.crawled()
  await world.objects.delete({ bucket: 'lake', key: 'events/day=1/f' })
  await world.put('events/day=1/hour=2/f', a)
  const table = events(await world.crawled())
  expect(table.partitionKeys.map(({ name }) => name)).toEqual(['day', 'hour'])
  expect(table.partitions.map(({ values }) => values)).toEqual([['1', '2']])
})

test('many partitions are added, all of them', async () => {
  const world = await crawlWorld(crawlerOf({}, inherit))
  for (let day = 0; day < 250; day++) await world.put(`events/day=${day}/f`, a)
  const { run } = await world.crawled()
  expect(run).toMatchObject({ partitionsCreated: 250 })
})

test('more tables than the threshold fail the run and make none', async () => {
  const world = await crawlWorld({
    targets: [{ path: 's3://lake/', exclusions: [] }],
    configuration: JSON.stringify({ Version: 1.0, CrawlerOutput: { Tables: { TableThreshold: 1 } } }),
  })
  await world.put('x/f', a)
  await world.put('y/f', 'p,q\n1,x\n2,y\n')
  expect(await world.crawled()).toMatchObject({
    run: { status: 'FAILED', errorMessage: expect.stringContaining('table threshold') },
    tables: {},
  })
})

test('a table level above the data fails the run and says where', async () => {
  const world = await crawlWorld({
    configuration: JSON.stringify({ Version: 1.0, Grouping: { TableLevelConfiguration: 3 } }),
  })
  await world.put('x/f', a)
  expect((await world.crawled()).run).toMatchObject({
    status: 'FAILED',
    errorMessage: 's3://lake/x/ holds data above the table level 3.',
  })
})

test('an include path may be one file', async () => {
  const world = await crawlWorld({ targets: [{ path: 's3://lake/dir/people.csv', exclusions: [] }] })
  await world.put('dir/people.csv', 'id,name\n1,Ann\n2,Bob\n')
  await world.put('dir/other.csv', 'x,y\n1,2\n')
  const { tables } = await world.crawled()
  expect(Object.keys(tables)).toEqual(['people_csv'])
  expect(tables['people_csv']?.storage?.location).toBe('s3://lake/dir/people.csv')
})

test('include paths that overlap make each table once', async () => {
  const world = await crawlWorld({
    targets: ['s3://lake/events/', 'lake/events'].map((path) => ({ path, exclusions: [] })),
  })
  await world.put('events/f', a)
  expect((await world.crawled()).run.tablesCreated).toBe(1)
})
