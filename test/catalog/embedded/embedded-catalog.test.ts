import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { EmbeddedCatalog } from '../../../src/catalog/embedded/embedded-catalog.ts'
import { CATALOG_COMPONENT, CATALOG_MIGRATIONS, partitionKey } from '../../../src/catalog/embedded/schema.ts'
import type { Partition } from '../../../src/catalog/types.ts'
import type { MetadataDatabase } from '../../../src/platform/sqlite.ts'
import { catalogContract, eventsTable } from '../../contracts/catalog.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { hastyDatabase } from '../../support/hasty-disk.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function openIn(folder: string) {
  const database = hastyDatabase(join(folder, 'lake.db'))
  return { database, catalog: new EmbeddedCatalog({ database, clock: new FakeClock() }) }
}

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lakelet-catalog-'))
  folders.push(folder)
  return folder
}

catalogContract(async () => openIn(emptyFolder()).catalog)

test('what was written is there after the lake is closed and opened again', async () => {
  const folder = emptyFolder()
  const first = openIn(folder)
  await first.catalog.createDatabase({ name: 'lake', parameters: { kept: 'yes' } })
  first.database.close()
  const second = openIn(folder)
  expect((await second.catalog.findDatabase('lake'))?.parameters).toEqual({ kept: 'yes' })
  second.database.close()
})

function rowsOf(database: MetadataDatabase, table: string): number {
  return database.prepare<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`).get()?.rows ?? -1
}

async function withEvents(partitions: number) {
  const parts = openIn(emptyFolder())
  await parts.catalog.createDatabase({ name: 'lake', parameters: {} })
  await parts.catalog.createTable('lake', eventsTable, 'me')
  const inputs = Array.from({ length: partitions }, (_, index) => partition(String(index).padStart(6, '0')))
  await parts.catalog.createPartitions('lake', 'events', inputs)
  return parts
}

function partition(value: string, column = 'event_id') {
  const storage = { ...eventsTable.storage, columns: [{ name: column, type: 'string' }], location: `s3://b/${value}/` }
  return { values: [value], parameters: { n: value }, storage: storage as Partition['storage'] & object }
}

const BY_DATE = { name: 'by-date', keys: ['landing-date'] }

test('what partitions have in common is kept once, and goes with the last of them', async () => {
  const { database, catalog } = await withEvents(100)
  expect(rowsOf(database, 'catalog_storage_form')).toBe(1)
  await catalog.updatePartitions('lake', 'events', [{ values: ['000007'], input: partition('000007', 'other') }])
  expect(rowsOf(database, 'catalog_storage_form')).toBe(2)
  expect(await catalog.findPartition('lake', 'events', ['000007'])).toMatchObject(partition('000007', 'other'))
  expect(await catalog.findPartition('lake', 'events', ['000008'])).toMatchObject(partition('000008'))
  await catalog.deletePartitions('lake', 'events', [['000007']])
  expect(rowsOf(database, 'catalog_storage_form')).toBe(1)
  database.close()
})

test('partitions written by a lake of before are read, filtered, changed and indexed', async () => {
  const folder = emptyFolder()
  const database = hastyDatabase(join(folder, 'lake.db'))
  database.migrate(CATALOG_COMPONENT, CATALOG_MIGRATIONS.slice(0, 1))
  const table = { ...eventsTable, database: 'lake', createdAtMs: 1, updatedAtMs: 1, createdBy: 'me', versionId: '0' }
  const old = { ...partition('old'), createdAtMs: 1 }
  database.prepare('INSERT INTO catalog_database VALUES (?, ?)').run('lake', JSON.stringify({ name: 'lake' }))
  database.prepare('INSERT INTO catalog_table VALUES (1, ?, ?, ?)').run('lake', 'events', JSON.stringify(table))
  database.prepare('INSERT INTO catalog_partition VALUES (1, ?, ?)').run(partitionKey(['old']), JSON.stringify(old))
  const catalog = new EmbeddedCatalog({ database, clock: new FakeClock() })
  await catalog.createPartitionIndex('lake', 'events', BY_DATE)
  const read = async (by?: string) => {
    const found: Partition[] = []
    const scan = { filter: { matches: ([value]: readonly string[]) => value === 'old' }, ...(by && { by }) }
    for await (const one of catalog.partitions('lake', 'events', scan)) found.push(one)
    return found
  }
  expect(await read()).toEqual([old])
  expect(await read('by-date')).toEqual([old])
  const changed = { ...partition('old', 'other'), createdAtMs: 1 }
  await catalog.updatePartition('lake', 'events', ['old'], partition('old', 'other'))
  expect(await read('by-date')).toEqual([changed])
  database.close()
})

test('nothing of a deleted table, index or database stays behind, however many partitions there were', async () => {
  const { database, catalog } = await withEvents(12_000)
  await catalog.createPartitionIndex('lake', 'events', BY_DATE)
  const statistics = [{ column: 'event_id', columnType: 'string', analyzedAtMs: 1, data: {} }]
  await catalog.putColumnStatistics({ database: 'lake', table: 'events', partition: ['000001'] }, statistics)
  const left = () =>
    ['catalog_partition', 'catalog_partition_index', 'catalog_partition_index_entry', 'catalog_storage_form'].map(
      (one) => rowsOf(database, one),
    )
  expect(left()).toEqual([12_000, 1, 12_000, 1])
  await catalog.deletePartitionIndex('lake', 'events', 'by-date')
  expect(left()).toEqual([12_000, 0, 0, 1])
  await catalog.createPartitionIndex('lake', 'events', BY_DATE)
  const deleted = catalog.deleteTable('lake', 'events')
  const made = catalog.createTable('lake', eventsTable, 'me')
  await deleted
  await made
  expect([...left(), rowsOf(database, 'catalog_column_statistics')]).toEqual([0, 0, 0, 0, 0])
  expect((await catalog.findTable('lake', 'events'))?.versionId).toBe('0')
  await catalog.createPartitions('lake', 'events', [partition('a')])
  await catalog.deleteDatabase('lake')
  expect([...left(), rowsOf(database, 'catalog_table'), (await catalog.databases()).length]).toEqual([0, 0, 0, 0, 0, 0])
  database.close()
})

test('an index follows partitions that come and go while it is being filled', async () => {
  const { database, catalog } = await withEvents(12_000)
  const filled = catalog.createPartitionIndex('lake', 'events', BY_DATE)
  const rename = { values: ['011000'], input: partition('0') }
  const changes = [
    catalog.createPartitions('lake', 'events', [partition('000000a'), partition('zzz')]),
    catalog.deletePartitions('lake', 'events', [['000001'], ['011999']]),
    catalog.updatePartitions('lake', 'events', [rename]),
  ]
  await Promise.all([filled, ...changes])
  const values = async (by?: string) => {
    const found: string[] = []
    for await (const one of catalog.partitions('lake', 'events', by === undefined ? {} : { by }))
      found.push(one.values[0] ?? '')
    return found
  }
  expect(await values('by-date')).toEqual(await values())
  expect(rowsOf(database, 'catalog_partition_index_entry')).toBe(12_000)
  database.close()
})

test('an index that a crash left half filled was never made', async () => {
  const { database, catalog } = await withEvents(1)
  await catalog.createPartitionIndex('lake', 'events', BY_DATE)
  database.prepare("UPDATE catalog_partition_index SET state = 'FILLING'").run()
  const reopened = new EmbeddedCatalog({ database, clock: new FakeClock() })
  expect(await reopened.partitionIndexes('lake', 'events')).toEqual([])
  await reopened.createPartitionIndex('lake', 'events', BY_DATE)
  expect(await reopened.partitionIndexes('lake', 'events')).toEqual([BY_DATE])
  database.close()
})

test('partitions that change while they are listed do not stop the list', async () => {
  const { database, catalog } = await withEvents(9)
  // Of a form of its own, so that the form of the others is not known yet when the change takes it away.
  await catalog.createPartitions('lake', 'events', [partition('00000', 'first')])
  const seen: string[] = []
  for await (const one of catalog.partitions('lake', 'events')) {
    seen.push(one.values[0] ?? '')
    const changes = seen.length === 1 ? Array.from({ length: 9 }, (_, index) => partition(`00000${index}`, 'new')) : []
    await catalog.updatePartitions(
      'lake',
      'events',
      changes.map((input) => ({ values: input.values, input })),
    )
  }
  expect(seen).toHaveLength(10)
  database.close()
})
