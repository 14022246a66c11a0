/** What every Catalog promises. A backend's test calls `catalogContract` with a way to open an empty one. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { Catalog, PartitionScan } from '../../src/catalog/catalog.ts'
import type { TableInput } from '../../src/catalog/types.ts'
import { Refusal } from '../../src/platform/refusal.ts'

export const eventsTable: TableInput = {
  name: 'events',
  retention: 0,
  tableType: 'EXTERNAL_TABLE',
  partitionKeys: [{ name: 'landing-date', type: 'string' }],
  parameters: { classification: 'json' },
  storage: {
    columns: [{ name: 'event_id', type: 'string' }],
    location: 's3://how.raw/events/',
    compressed: false,
    numberOfBuckets: -1,
    bucketColumns: [],
    sortColumns: [],
    parameters: {},
    storedAsSubDirectories: false,
  },
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof Refusal ? error.code : `not refused: ${String(error)}`
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

export function catalogContract(open: () => Promise<Catalog>): void {
  let catalog: Catalog
  beforeEach(async () => {
    catalog = await open()
  })

  const withEvents = async () => {
    await catalog.createDatabase({ name: 'Lake', parameters: {} })
    await catalog.createTable('lake', eventsTable, 'arn:aws:iam::000000000000:root')
  }

  describe('databases', () => {
    test('a name is folded to lower case when made and when looked up', async () => {
      await catalog.createDatabase({ name: 'How-Kinesis', parameters: {} })
      expect((await catalog.findDatabase('HOW-KINESIS'))?.name).toBe('how-kinesis')
    })

    test('a second one of the same name is refused', async () => {
      await catalog.createDatabase({ name: 'lake', parameters: {} })
      expect(await refusalOf(catalog.createDatabase({ name: 'LAKE', parameters: {} }))).toBe('databaseExists')
    })

    test('deleting one takes its tables and partitions along', async () => {
      await withEvents()
      await catalog.createPartitions('lake', 'events', [{ values: ['2026-01-15'], parameters: {} }])
      await catalog.deleteDatabase('lake')
      expect(await catalog.findTable('lake', 'events')).toBeUndefined()
      await withEvents()
      expect(await collect(catalog.partitions('lake', 'events'))).toEqual([])
    })

    test('they are listed by name', async () => {
      for (const name of ['zoo', 'ant', 'cat']) await catalog.createDatabase({ name, parameters: {} })
      expect((await catalog.databases()).map((database) => database.name)).toEqual(['ant', 'cat', 'zoo'])
    })
  })

  describe('tables', () => {
    test('an update replaces the whole input, counts the version up and keeps the old one', async () => {
      await withEvents()
      const updated = await catalog.updateTable('lake', 'Events', () => ({
        ...eventsTable,
        parameters: { new: 'yes' },
      }))
      expect(updated.versionId).toBe('1')
      expect(updated.parameters).toEqual({ new: 'yes' })
      const versions = await catalog.tableVersions('lake', 'events')
      expect(versions.map((version) => version.versionId)).toEqual(['1', '0'])
      expect(versions[1]?.parameters).toEqual(eventsTable.parameters)
    })

    test('an update that expects another version is refused and changes nothing', async () => {
      await withEvents()
      const change = catalog.updateTable('lake', 'events', () => eventsTable, { expectVersion: '7' })
      expect(await refusalOf(change)).toBe('versionMismatch')
      expect((await catalog.findTable('lake', 'events'))?.versionId).toBe('0')
    })

    test('the latest version stays, the others go one by one', async () => {
      await withEvents()
      await catalog.updateTable('lake', 'events', () => eventsTable)
      expect(await refusalOf(catalog.deleteTableVersion('lake', 'events', '1'))).toBe('tableVersionCurrent')
      await catalog.deleteTableVersion('lake', 'events', '0')
      expect(await refusalOf(catalog.deleteTableVersion('lake', 'events', '0'))).toBe('tableVersionNotFound')
    })

    test('an Iceberg table’s metadata pointer moves only from where it is', async () => {
      const at = (metadata_location: string, previous?: string): TableInput => ({
        ...eventsTable,
        parameters: {
          table_type: 'iceberg',
          metadata_location,
          ...(previous && { previous_metadata_location: previous }),
        },
      })
      await catalog.createDatabase({ name: 'lake', parameters: {} })
      await catalog.createTable('lake', at('0.json'), 'me')
      await catalog.updateTable('lake', 'events', () => at('1.json', '0.json'))
      const late = catalog.updateTable('lake', 'events', () => at('1b.json', '0.json'))
      expect(await refusalOf(late)).toBe('versionMismatch')
      expect((await catalog.findTable('lake', 'events'))?.parameters.metadata_location).toBe('1.json')
    })

    test('of many writers at once none loses the work of another', async () => {
      await withEvents()
      const writers = Array.from({ length: 50 }, (_, writer) =>
        catalog.updateTable('lake', 'events', (current) => ({
          ...current,
          parameters: { ...current.parameters, [`writer${writer}`]: 'was here' },
        })),
      )
      await Promise.all(writers)
      const table = await catalog.findTable('lake', 'events')
      expect(Object.keys(table?.parameters ?? {}).filter((key) => key.startsWith('writer'))).toHaveLength(50)
      expect(table?.versionId).toBe('50')
    })

    test.each([
      ['a table in a missing database', () => catalog.createTable('no', eventsTable, 'me'), 'databaseNotFound'],
      ['listing a missing database', () => catalog.tables('no'), 'databaseNotFound'],
      ['deleting from a missing database', () => catalog.deleteTable('no', 'events'), 'databaseNotFound'],
    ])('%s is refused', async (_name, work, code) => {
      expect(await refusalOf(work())).toBe(code)
    })

    test('a duplicate and a missing table are refused', async () => {
      await withEvents()
      expect(await refusalOf(catalog.createTable('lake', { ...eventsTable, name: 'EVENTS' }, 'me'))).toBe('tableExists')
      expect(await refusalOf(catalog.deleteTable('lake', 'nothing'))).toBe('tableNotFound')
    })
  })

  describe('partitions', () => {
    test('each of a batch stands alone: the ones refused come back, the others are in', async () => {
      await withEvents()
      const dated = (day: string) => ({ values: [day], parameters: {} })
      await catalog.createPartitions('lake', 'events', [dated('2026-01-15')])
      const failures = await catalog.createPartitions('lake', 'events', [
        dated('2026-01-14'),
        dated('2026-01-15'),
        { values: ['a', 'b'], parameters: {} },
      ])
      expect(failures.map((failure) => failure.code)).toEqual(['partitionExists', 'partitionValuesMismatch'])
      const days = (await collect(catalog.partitions('lake', 'events'))).map((partition) => partition.values[0])
      expect(days).toEqual(['2026-01-14', '2026-01-15'])
    })

    test('thousands stream in order of their values, and from any place on', async () => {
      await withEvents()
      const values = Array.from({ length: 2500 }, (_, index) => [String(index).padStart(5, '0')])
      await catalog.createPartitions(
        'lake',
        'events',
        values.map((value) => ({ values: value, parameters: {} })).reverse(),
      )
      expect((await collect(catalog.partitions('lake', 'events'))).map((partition) => partition.values)).toEqual(values)
      const later = await collect(catalog.partitions('lake', 'events', { after: ['02397'] }))
      expect(later.map((partition) => partition.values[0])).toEqual(values.slice(2398).map((value) => value[0]))
    })

    test('an update may rename, but not onto another', async () => {
      await withEvents()
      const named = (value: string) => ({ values: [value], parameters: {} })
      await catalog.createPartitions('lake', 'events', [named('a'), named('b')])
      await catalog.updatePartition('lake', 'events', ['a'], named('c'))
      expect(await catalog.findPartition('lake', 'events', ['a'])).toBeUndefined()
      expect((await catalog.findPartition('lake', 'events', ['c']))?.values).toEqual(['c'])
      expect(await refusalOf(catalog.updatePartition('lake', 'events', ['c'], named('b')))).toBe('partitionExists')
    })

    test('a batch of updates takes what it can, each in turn, and reports the others', async () => {
      await withEvents()
      const named = (value: string, note = '') => ({ values: [value], parameters: { note } })
      await catalog.createPartitions('lake', 'events', [named('a'), named('b')])
      const failures = await catalog.updatePartitions('lake', 'events', [
        { values: ['a'], input: named('c', 'renamed') },
        { values: ['b'], input: named('a', 'takes the place that is free now') },
        { values: ['z'], input: named('z') },
        { values: ['c'], input: named('a') },
        { values: ['c'], input: { values: [], parameters: {} } },
      ])
      expect(failures.map(({ values, code }) => [values[0], code])).toEqual([
        ['z', 'partitionNotFound'],
        ['c', 'partitionExists'],
        ['c', 'partitionValuesMismatch'],
      ])
      const found = await collect(catalog.partitions('lake', 'events'))
      expect(found.map(({ values, parameters }) => [values[0], parameters.note])).toEqual([
        ['a', 'takes the place that is free now'],
        ['c', 'renamed'],
      ])
    })

    test('deleting a missing one is reported, the others are gone', async () => {
      await withEvents()
      await catalog.createPartitions('lake', 'events', [{ values: ['a'], parameters: {} }])
      const failures = await catalog.deletePartitions('lake', 'events', [['a'], ['z']])
      expect(failures.map((failure) => failure.values)).toEqual([['z']])
      expect(await collect(catalog.partitions('lake', 'events'))).toEqual([])
    })
  })

  describe('partition indexes', () => {
    const keyed = (name: string, ...keys: string[]) => ({ name, keys })
    const create = (index: { name: string; keys: string[] }) => catalog.createPartitionIndex('lake', 'days', index)
    beforeEach(async () => {
      await catalog.createDatabase({ name: 'lake', parameters: {} })
      const partitionKeys = ['year', 'month', 'day'].map((name) => ({ name, type: 'string' }))
      await catalog.createTable('lake', { ...eventsTable, name: 'days', partitionKeys }, 'me')
    })

    test('they are listed as they were made, and go one by one', async () => {
      await create(keyed('later', 'month', 'day'))
      await create(keyed('first', 'day'))
      await catalog.deletePartitionIndex('lake', 'days', 'later')
      expect(await catalog.partitionIndexes('lake', 'days')).toEqual([keyed('first', 'day')])
      expect(await refusalOf(catalog.deletePartitionIndex('lake', 'days', 'later'))).toBe('partitionIndexNotFound')
    })

    test.each([
      ['the name of another', keyed('i', 'month'), 'partitionIndexExists'],
      ['the keys of another', keyed('j', 'day'), 'partitionIndexExists'],
      ['a column that is no partition key', keyed('j', 'event_id'), 'invalidPartitionIndex'],
      ['a key twice', keyed('j', 'day', 'day'), 'invalidPartitionIndex'],
      ['no key', keyed('j'), 'invalidPartitionIndex'],
    ])('one with %s is refused', async (_name, index, code) => {
      await create(keyed('i', 'day'))
      expect(await refusalOf(create(index))).toBe(code)
    })

    test('a table has at most three', async () => {
      for (const key of ['year', 'month', 'day']) await create(keyed(key, key))
      expect(await refusalOf(create(keyed('fourth', 'year', 'day')))).toBe('tooManyPartitionIndexes')
    })
  })
  describe('reading partitions by a filter or in the order of an index', () => {
    const values = [
      ['2025', '12', '31'],
      ['2026', '01', '02'],
      ['2026', '02', '01'],
    ]
    const found = async (scan: PartitionScan) =>
      (await collect(catalog.partitions('lake', 'days', scan))).map((partition) => partition.values.join('-'))
    beforeEach(async () => {
      await catalog.createDatabase({ name: 'lake', parameters: {} })
      const partitionKeys = ['year', 'month', 'day'].map((name) => ({ name, type: 'string' }))
      const byDay = { name: 'by-day', keys: ['day', 'month'] }
      await catalog.createTable('lake', { ...eventsTable, name: 'days', partitionKeys }, 'me', [byDay])
      await catalog.createPartitions(
        'lake',
        'days',
        values.map((one) => ({ values: one, parameters: {} })),
      )
    })

    test('only those come that the filter wants', async () => {
      const filter = { matches: ([year]: readonly string[]) => year === '2026' }
      expect(await found({ filter })).toEqual(['2026-01-02', '2026-02-01'])
      expect(await found({ filter, after: ['2026', '01', '02'] })).toEqual(['2026-02-01'])
    })

    test('an index gives the order of its keys, and a place in it to go on from', async () => {
      expect(await found({ by: 'by-day' })).toEqual(['2026-02-01', '2026-01-02', '2025-12-31'])
      expect(await found({ by: 'by-day', after: ['2026', '02', '01'] })).toEqual(['2026-01-02', '2025-12-31'])
      expect(await refusalOf(found({ by: 'gone' }))).toBe('partitionIndexNotFound')
    })

    test('keys that an index has cannot be changed, others can', async () => {
      const keyed = (...names: string[]) => names.map((name) => ({ name, type: 'string' }))
      const update = (...names: string[]) =>
        catalog.updateTable('lake', 'days', (current) => ({ ...current, partitionKeys: keyed(...names) }))
      expect(await refusalOf(update('year', 'day', 'month'))).toBe('partitionKeyIndexed')
      expect((await update('anno', 'month', 'day')).partitionKeys[0]?.name).toBe('anno')
    })
  })

  describe('column statistics', () => {
    const events = { database: 'Lake', table: 'Events' }
    const ofA = { ...events, partition: ['a'] }
    const one = (column: string, max = 1) => ({ column, columnType: 'int', analyzedAtMs: 5, data: { max } })
    beforeEach(async () => {
      await withEvents()
      await catalog.createPartitions('lake', 'events', [{ values: ['a'], parameters: {} }])
    })

    test('those of the table and those of each partition are apart, sorted by column, and replaced', async () => {
      await catalog.putColumnStatistics(events, [one('b'), one('a')])
      await catalog.putColumnStatistics(events, [one('b', 2)])
      await catalog.putColumnStatistics(ofA, [one('c')])
      expect(await catalog.columnStatistics(events)).toEqual([one('a'), one('b', 2)])
      expect(await catalog.columnStatistics(ofA)).toEqual([one('c')])
      await catalog.deleteColumnStatistics(events, 'a')
      await catalog.deleteColumnStatistics(events, 'a')
      expect(await catalog.columnStatistics(events)).toEqual([one('b', 2)])
    })

    test('a partition takes its own along when it is renamed, and away when it is deleted', async () => {
      await catalog.putColumnStatistics(ofA, [one('c')])
      await catalog.updatePartition('lake', 'events', ['a'], { values: ['b'], parameters: {} })
      expect(await catalog.columnStatistics({ ...events, partition: ['b'] })).toEqual([one('c')])
      expect(await refusalOf(catalog.columnStatistics(ofA))).toBe('partitionNotFound')
      await catalog.deletePartitions('lake', 'events', [['b']])
      await catalog.createPartitions('lake', 'events', [{ values: ['b'], parameters: {} }])
      expect(await catalog.columnStatistics({ ...events, partition: ['b'] })).toEqual([])
    })
  })

  describe('functions', () => {
    const named = (name: string, className = 'C') => ({ name, className, resources: [] })
    const names = async (database: string) => (await catalog.functions(database)).map(({ name }) => name)
    beforeEach(async () => {
      for (const name of ['lake', 'other']) await catalog.createDatabase({ name, parameters: {} })
      for (const name of ['sum', 'Avg']) await catalog.createFunction('Lake', named(name))
    })

    test('they are listed by name, each database its own, and go with it', async () => {
      expect([await names('LAKE'), await names('other')]).toEqual([['Avg', 'sum'], []])
      expect((await catalog.findFunction('LAKE', 'Avg'))?.database).toBe('lake')
      await catalog.deleteDatabase('lake')
      expect(await catalog.findFunction('lake', 'Avg')).toBeUndefined()
      expect(await refusalOf(catalog.functions('lake'))).toBe('databaseNotFound')
    })

    test('an update replaces, and may rename, but not onto another', async () => {
      await catalog.updateFunction('lake', 'sum', named('total', 'D'))
      expect(await names('lake')).toEqual(['Avg', 'total'])
      expect((await catalog.findFunction('lake', 'total'))?.className).toBe('D')
      expect(await refusalOf(catalog.updateFunction('lake', 'total', named('Avg')))).toBe('functionExists')
      expect(await refusalOf(catalog.updateFunction('lake', 'sum', named('sum')))).toBe('functionNotFound')
    })

    test('one made twice and one that is missing are refused', async () => {
      expect(await refusalOf(catalog.createFunction('lake', named('sum')))).toBe('functionExists')
      expect(await refusalOf(catalog.deleteFunction('lake', 'no'))).toBe('functionNotFound')
      await catalog.deleteFunction('lake', 'sum')
      expect(await names('lake')).toEqual(['Avg'])
    })
  })
}
