/** What every Catalog promises. A backend's test calls `catalogContract` with a way to open an empty one. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { Catalog } from '../../src/catalog/catalog.ts'
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
      const later = await collect(catalog.partitions('lake', 'events', ['02397']))
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

    test('deleting a missing one is reported, the others are gone', async () => {
      await withEvents()
      await catalog.createPartitions('lake', 'events', [{ values: ['a'], parameters: {} }])
      const failures = await catalog.deletePartitions('lake', 'events', [['a'], ['z']])
      expect(failures.map((failure) => failure.values)).toEqual([['z']])
      expect(await collect(catalog.partitions('lake', 'events'))).toEqual([])
    })
  })
}
