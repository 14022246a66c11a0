import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EmbeddedCatalog } from '../../../../src/catalog/embedded/embedded-catalog.ts'
import { isRefusal } from '../../../../src/platform/refusal.ts'
import type { MetadataDatabase } from '../../../../src/platform/sqlite.ts'
import { type Access, openAccess } from '../../../../src/services/access.ts'
import type { GlueContext } from '../../../../src/services/glue/context.ts'
import { glueService } from '../../../../src/services/glue/index.ts'
import { WireError } from '../../../../src/services/operation.ts'
import { rootCaller } from '../../../support/callers.ts'
import { FakeClock } from '../../../support/fake-clock.ts'
import { hastyDatabase } from '../../../support/hasty-disk.ts'

const caller = rootCaller()

let folder: string
let database: MetadataDatabase
let access: Access
let call: <Answer = { readonly Errors?: unknown }>(operation: string, input: object) => Promise<Answer>

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lakelet-glue-'))
  database = hastyDatabase(join(folder, 'lake.db'))
  const catalog = new EmbeddedCatalog({ database, clock: new FakeClock() })
  access = openAccess
  const service = glueService({
    catalog,
    access: { judge: (...asked: Parameters<Access['judge']>) => access.judge(...asked) },
    region: 'us-east-1',
    accountId: '000000000000',
  } as unknown as GlueContext)
  call = async <Answer>(operation: string, input: object): Promise<Answer> => {
    const run = service.operations[operation]
    if (run === undefined) throw new Error(`no operation ${operation}`)
    try {
      return (await run(input as never, service.context, caller)) as Answer
    } catch (error) {
      throw isRefusal(error) ? (service.toWireError(error) ?? error) : error
    }
  }
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

const names = { DatabaseName: 'lake', TableName: 'events' }
const table = {
  Name: 'Events',
  PartitionKeys: [{ Name: 'dt', Type: 'string' }],
  StorageDescriptor: { Columns: [{ Name: 'Id', Type: 'string' }], Location: 's3://b/events/' },
  Parameters: { classification: 'json' },
}

async function lakeWithEvents(): Promise<void> {
  await call('CreateDatabase', { DatabaseInput: { Name: 'Lake' } })
  await call('CreateTable', { DatabaseName: 'LAKE', TableInput: table })
}

async function errorOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof WireError ? `${error.code}: ${error.message}` : `no wire error: ${String(error)}`
}

describe('tables', () => {
  test('a table is found whatever the case of its names, and keeps the case of its columns', async () => {
    await lakeWithEvents()
    const { Table } = await call<{ Table: Record<string, unknown> }>('GetTable', {
      DatabaseName: 'lake',
      Name: 'EVENTS',
    })
    expect(Table).toMatchObject({
      Name: 'events',
      DatabaseName: 'lake',
      CreatedBy: caller.arn,
      CatalogId: '000000000000',
      VersionId: '0',
      Retention: 0,
      IsRegisteredWithLakeFormation: false,
      StorageDescriptor: { Columns: [{ Name: 'Id', Type: 'string' }] },
    })
  })

  test('an update clears what it leaves out and keeps the old version', async () => {
    await lakeWithEvents()
    await call('UpdateTable', { DatabaseName: 'lake', TableInput: { Name: 'events' } })
    const { Table } = await call<{ Table: { Parameters: object } }>('GetTable', {
      DatabaseName: 'lake',
      Name: 'events',
    })
    expect(Table.Parameters).toEqual({})
    const { TableVersions } = await call<{ TableVersions: { VersionId: string; Table: { Parameters: object } }[] }>(
      'GetTableVersions',
      names,
    )
    expect(TableVersions.map((version) => version.VersionId)).toEqual(['1', '0'])
    expect(TableVersions[1]?.Table.Parameters).toEqual({ classification: 'json' })
  })

  test.each([
    ['evt.*|ord.*', ['evt_a', 'orders']],
    ['evt*', ['evt_a']],
    ['nothing', []],
  ])('GetTables with expression %s gives the names that match as a whole', async (Expression, found) => {
    await call('CreateDatabase', { DatabaseInput: { Name: 'lake' } })
    for (const Name of ['orders', 'evt_a', 'my_evt'])
      await call('CreateTable', { DatabaseName: 'lake', TableInput: { Name } })
    const { TableList } = await call<{ TableList: { Name: string }[] }>('GetTables', {
      DatabaseName: 'lake',
      Expression,
    })
    expect(TableList.map((entry) => entry.Name)).toEqual(found)
  })

  test('pages meet every table once, also when one is dropped in between', async () => {
    await call('CreateDatabase', { DatabaseInput: { Name: 'lake' } })
    for (const Name of ['a', 'b', 'c', 'd', 'e'])
      await call('CreateTable', { DatabaseName: 'lake', TableInput: { Name } })
    type Page = { TableList: { Name: string }[]; NextToken?: string }
    const first = await call<Page>('GetTables', { DatabaseName: 'lake', MaxResults: 2 })
    await call('DeleteTable', { DatabaseName: 'lake', Name: 'a' })
    const second = await call<Page>('GetTables', {
      DatabaseName: 'lake',
      MaxResults: 2,
      NextToken: first.NextToken,
    })
    const third = await call<Page>('GetTables', {
      DatabaseName: 'lake',
      MaxResults: 2,
      NextToken: second.NextToken,
    })
    const seen = [first, second, third].flatMap((page) => page.TableList.map((entry) => entry.Name))
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(third.NextToken).toBeUndefined()
  })
})

describe('partitions', () => {
  const days = ['2026-01-01', '2026-01-02', '2026-01-03']
  const withDays = async () => {
    await lakeWithEvents()
    const PartitionInputList = days.map((day) => ({
      Values: [day],
      StorageDescriptor: { Columns: [{ Name: 'id', Type: 'string' }], Location: `s3://b/events/dt=${day}/` },
    }))
    await call('BatchCreatePartition', { ...names, PartitionInputList })
  }
  type Partitions = { Partitions: { Values: string[]; StorageDescriptor: object }[]; NextToken?: string }

  test('a batch reports the ones it refused and takes the others', async () => {
    await withDays()
    const { Errors } = await call('BatchCreatePartition', {
      ...names,
      PartitionInputList: [{ Values: [days[0]] }, { Values: ['2026-01-04'] }],
    })
    expect(Errors).toEqual([
      {
        PartitionValues: [days[0]],
        ErrorDetail: { ErrorCode: 'AlreadyExistsException', ErrorMessage: 'Partition already exists.' },
      },
    ])
    expect((await call<Partitions>('GetPartitions', names)).Partitions).toHaveLength(4)
  })

  test('an expression selects, and columns can be left out of the answer', async () => {
    await withDays()
    const found = await call<Partitions>('GetPartitions', {
      ...names,
      Expression: "dt >= '2026-01-02'",
      ExcludeColumnSchema: true,
    })
    expect(found.Partitions.map((partition) => partition.Values)).toEqual([[days[1]], [days[2]]])
    expect(found.Partitions[0]?.StorageDescriptor).not.toHaveProperty('Columns')
  })

  test('segments share the partitions out: each is in exactly one', async () => {
    await withDays()
    const parts = await Promise.all(
      [0, 1, 2].map((SegmentNumber) =>
        call('GetPartitions', { ...names, Segment: { SegmentNumber, TotalSegments: 3 } }),
      ),
    )
    const values = parts.flatMap((part) =>
      (part as unknown as Partitions).Partitions.map((partition) => partition.Values[0]),
    )
    expect(values.sort()).toEqual(days)
  })

  test('paging goes on where it stopped', async () => {
    await withDays()
    const first = await call<Partitions>('GetPartitions', { ...names, MaxResults: 2 })
    const second = await call<Partitions>('GetPartitions', {
      ...names,
      MaxResults: 2,
      NextToken: first.NextToken,
    })
    expect([...first.Partitions, ...second.Partitions].map((partition) => partition.Values[0])).toEqual(days)
    expect(second.NextToken).toBeUndefined()
  })
})

test.each<[string, string, object, string]>([
  ['a missing database', 'GetDatabase', { Name: 'no' }, 'EntityNotFoundException: Database no not found.'],
  ['a missing table', 'GetTable', { DatabaseName: 'lake', Name: 'no' }, 'EntityNotFoundException: Entity Not Found'],
  [
    'deleting a missing table',
    'DeleteTable',
    { DatabaseName: 'lake', Name: 'no' },
    'EntityNotFoundException: Table no not found.',
  ],
  [
    'a table made twice',
    'CreateTable',
    { DatabaseName: 'lake', TableInput: { Name: 'EVENTS' } },
    'AlreadyExistsException: Table already exists.',
  ],
  [
    'a database made twice',
    'CreateDatabase',
    { DatabaseInput: { Name: 'lake' } },
    'AlreadyExistsException: Database already exists.',
  ],
  [
    'too many partition values',
    'CreatePartition',
    { ...names, PartitionInput: { Values: ['a', 'b'] } },
    'InvalidInputException: The number of partition keys do not match the number of partition values',
  ],
  [
    'an old version',
    'UpdateTable',
    { DatabaseName: 'lake', TableInput: { Name: 'events' }, VersionId: '9' },
    'ConcurrentModificationException: Update table failed due to concurrent modifications.',
  ],
  [
    'a member without effect',
    'GetTables',
    { DatabaseName: 'lake', TransactionId: 't' },
    'InvalidInputException: TransactionId is not offered by lakelet: leave it out.',
  ],
  [
    "another account's catalog",
    'GetDatabases',
    { CatalogId: '123456789012' },
    "InvalidInputException: Catalog 123456789012 is not this lake's: its id is 000000000000.",
  ],
  [
    'a made-up token',
    'GetTables',
    { DatabaseName: 'lake', NextToken: 'x' },
    'InvalidInputException: The continuation token is not valid.',
  ],
  [
    'tags of AWS itself',
    'CreateDatabase',
    { DatabaseInput: { Name: 'x' }, Tags: { 'aws:a': 'b' } },
    'InvalidInputException: Tag key aws:a is reserved: keys must not begin with aws:.',
  ],
])("%s is answered in Glue's words", async (_name, operation, input, error) => {
  await lakeWithEvents()
  expect(await errorOf(call(operation, input))).toBe(error)
})

test('GetTables shows the tables that the caller may see', async () => {
  await lakeWithEvents()
  await call('CreateTable', { DatabaseName: 'lake', TableInput: { ...table, Name: 'secrets' } })
  access = {
    judge: (_who, { resource }) =>
      resource.endsWith('/secrets') ? { isAllowed: false, because: 'because' } : { isAllowed: true },
  }
  const { TableList } = await call<{ TableList: { Name: string }[] }>('GetTables', { DatabaseName: 'lake' })
  expect(TableList.map(({ Name }) => Name)).toEqual(['events'])
})
