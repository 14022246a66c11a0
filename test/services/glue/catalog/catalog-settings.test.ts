/** Tags, and what Terraform and others read of the catalog as a whole. */
import { expect, test } from 'vitest'
import { ACCOUNT, ARN, GlueWorld, glueWithEvents } from './glue-world.ts'

const DATABASE = { ResourceArn: `${ARN}:database/lake` }
const TABLE = { ResourceArn: `${ARN}:table/lake/events` }
const ALL_PERMISSIONS = [{ Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL'] }]

test('a database is tagged when it is made and later, and an update leaves its tags alone', async () => {
  const glue = new GlueWorld()
  await glue.call('CreateDatabase', { DatabaseInput: { Name: 'lake' }, Tags: { a: '1', b: '2' } })
  await glue.call('TagResource', { ...DATABASE, TagsToAdd: { b: '3', c: '' } })
  await glue.call('UntagResource', { ...DATABASE, TagsToRemove: ['a'] })
  await glue.call('UpdateDatabase', { Name: 'lake', DatabaseInput: { Name: 'lake', Description: 'new' } })
  expect(await glue.call('GetTags', DATABASE)).toEqual({ Tags: { b: '3', c: '' } })
})

test('a database cannot be renamed, and is left as it was', async () => {
  const glue = new GlueWorld()
  await glue.call('CreateDatabase', { DatabaseInput: { Name: 'lake' } })
  const renaming = { Name: 'lake', DatabaseInput: { Name: 'other', Description: 'new' } }
  expect(await glue.errorOf('UpdateDatabase', renaming)).toBe('InvalidInputException: Database cannot be renamed')
  expect((await glue.call('GetDatabase', { Name: 'lake' })).Database).not.toHaveProperty('Description')
  await glue.call('UpdateDatabase', { Name: 'LAKE', DatabaseInput: { Name: 'Lake', Description: 'new' } })
  expect(await glue.call('GetDatabase', { Name: 'lake' })).toMatchObject({ Database: { Description: 'new' } })
})

test('a resource has at most 50 tags, however they came', async () => {
  const glue = new GlueWorld()
  const Tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, '']))
  await glue.call('CreateDatabase', { DatabaseInput: { Name: 'lake' }, Tags })
  expect(await glue.errorOf('TagResource', { ...DATABASE, TagsToAdd: { more: '' } })).toBe(
    'InvalidInputException: A resource can have at most 50 tags.',
  )
  expect(await glue.errorOf('TagResource', { ...DATABASE, TagsToAdd: { k7: 'again' } })).toBe('answered {}')
})

test.each([
  ['GetTags', { ResourceArn: `${ARN}:database/no` }, 'EntityNotFoundException: Database no not found.'],
  [
    'GetTags',
    { ResourceArn: `${ARN}:crawler/no` },
    'EntityNotFoundException: Crawler entry with name no does not exist',
  ],
  [
    'GetTags',
    { ResourceArn: `${ARN}:session/x` },
    'InvalidInputException: Tags of a session are not offered by lakelet.',
  ],
  [
    'GetTags',
    { ResourceArn: 'arn:aws:glue:us-east-1:123456789012:database/lake' },
    'InvalidInputException: arn:aws:glue:us-east-1:123456789012:database/lake is not the ARN of a Glue resource of this lake.',
  ],
  ['TagResource', { ...TABLE, TagsToAdd: { a: '' } }, 'InvalidInputException: A table cannot have tags.'],
  [
    'TagResource',
    { ...DATABASE, TagsToAdd: { 'AWS:x': '' } },
    'InvalidInputException: Tag key AWS:x is reserved: keys must not begin with aws:.',
  ],
  ['GetTags', TABLE, 'answered {"Tags":{}}'],
])('%s of what has no tags is told so', async (operation, input, answer) => {
  const glue = await glueWithEvents()
  expect(await glue.errorOf(operation, input)).toBe(answer)
})

test('a database is read back as Terraform gave it, with AWS’s defaults', async () => {
  const glue = new GlueWorld()
  const given = { Name: 'lake', Description: 'd', LocationUri: 's3://b/', Parameters: { a: '1' } }
  await glue.call('CreateDatabase', { DatabaseInput: given })
  const { Database } = await glue.call('GetDatabase', { Name: 'lake' })
  const CreateTime = glue.clock.nowMs() / 1000
  const defaults = { CatalogId: ACCOUNT, CreateTime, CreateTableDefaultPermissions: ALL_PERMISSIONS }
  expect(Database).toEqual({ ...given, ...defaults })
})

test('a table and a partition are read back as Terraform gave them, with AWS’s defaults', async () => {
  const glue = new GlueWorld()
  await glue.call('CreateDatabase', { DatabaseInput: { Name: 'lake' } })
  const StorageDescriptor = {
    Columns: [{ Name: 'my_id', Type: 'bigint', Comment: 'c', Parameters: { p: 'v' } }],
    Location: 's3://b/events',
    InputFormat: 'in',
    OutputFormat: 'out',
    Compressed: true,
    NumberOfBuckets: 3,
    SerdeInfo: { Name: 's', SerializationLibrary: 'lib', Parameters: { 'serialization.format': '1' } },
    BucketColumns: ['my_id'],
    SortColumns: [{ Column: 'my_id', SortOrder: 1 }],
    Parameters: { q: 'w' },
    StoredAsSubDirectories: true,
    SkewedInfo: { SkewedColumnNames: ['my_id'], SkewedColumnValues: ['1'], SkewedColumnValueLocationMaps: { 1: 'x' } },
  }
  const TableInput = {
    Name: 'events',
    Description: 'd',
    Owner: 'me',
    Retention: 7,
    StorageDescriptor,
    PartitionKeys: [{ Name: 'day', Type: 'date', Comment: 'when' }],
    ViewOriginalText: 'view',
    ViewExpandedText: 'expanded',
    TableType: 'VIRTUAL_VIEW',
    Parameters: { a: '1' },
  }
  await glue.call('CreateTable', { DatabaseName: 'lake', TableInput })
  expect((await glue.call('GetTable', { DatabaseName: 'lake', Name: 'events' })).Table).toEqual({
    ...TableInput,
    DatabaseName: 'lake',
    CatalogId: ACCOUNT,
    CreatedBy: glue.caller.arn,
    CreateTime: glue.clock.nowMs() / 1000,
    UpdateTime: glue.clock.nowMs() / 1000,
    VersionId: '0',
    IsRegisteredWithLakeFormation: false,
    IsMultiDialectView: false,
  })
  const PartitionInput = { Values: ['2026-01-01'], StorageDescriptor, Parameters: { b: '2' } }
  const place = { DatabaseName: 'lake', TableName: 'events' }
  await glue.call('CreatePartition', { ...place, PartitionInput })
  const { Partition } = await glue.call('GetPartition', { ...place, PartitionValues: ['2026-01-01'] })
  expect(Partition).toEqual({
    ...PartitionInput,
    ...place,
    CatalogId: ACCOUNT,
    CreationTime: glue.clock.nowMs() / 1000,
  })
})

const ROOT = {
  CatalogId: ACCOUNT,
  Name: ACCOUNT,
  ResourceArn: `${ARN}:catalog`,
  Parameters: {},
  CreateDatabaseDefaultPermissions: ALL_PERMISSIONS,
  CreateTableDefaultPermissions: ALL_PERMISSIONS,
}

test.each([
  ['GetCatalog', { CatalogId: ACCOUNT }, { Catalog: ROOT }],
  ['GetCatalogs', {}, { CatalogList: [] }],
  ['GetCatalogs', { IncludeRoot: true }, { CatalogList: [ROOT] }],
  ['GetCatalogImportStatus', {}, { ImportStatus: { ImportCompleted: true } }],
  [
    'GetDataCatalogEncryptionSettings',
    {},
    {
      DataCatalogEncryptionSettings: {
        EncryptionAtRest: { CatalogEncryptionMode: 'DISABLED' },
        ConnectionPasswordEncryption: { ReturnConnectionPasswordEncrypted: false },
      },
    },
  ],
  ['GetResourcePolicies', {}, { GetResourcePoliciesResponseList: [] }],
])('%s answers as in an account where nothing was set', async (operation, input, answer) => {
  expect(await new GlueWorld().call(operation, input)).toEqual(answer)
})

test('there is no resource policy, and no other catalog', async () => {
  const glue = new GlueWorld()
  expect(await glue.errorOf('GetResourcePolicy')).toBe('EntityNotFoundException: Policy not found')
  expect(await glue.errorOf('GetCatalog', { CatalogId: 'x' })).toBe('EntityNotFoundException: Catalog x not found.')
})

test('lists may be of names alone', async () => {
  const glue = await glueWithEvents({ TableType: 'EXTERNAL_TABLE' })
  const tables = (...AttributesToGet: string[]) => glue.call('GetTables', { DatabaseName: 'lake', AttributesToGet })
  const name = { Name: 'events', DatabaseName: 'lake', CatalogId: ACCOUNT }
  expect((await tables('NAME')).TableList).toEqual([name])
  expect((await tables('NAME', 'TABLE_TYPE')).TableList).toEqual([{ ...name, TableType: 'EXTERNAL_TABLE' }])
  const typeOnly = { DatabaseName: 'lake', AttributesToGet: ['TABLE_TYPE'] }
  expect(await glue.errorOf('GetTables', typeOnly)).toBe('InvalidInputException: AttributesToGet must include NAME.')
  expect((await glue.call('GetDatabases', { AttributesToGet: ['NAME'] })).DatabaseList).toEqual([
    { Name: 'lake', CatalogId: ACCOUNT },
  ])
  expect((await glue.call('GetDatabases', { ResourceShareType: 'FOREIGN' })).DatabaseList).toEqual([])
})

const list = (length: number, item: unknown) => Array.from({ length }, () => item)
const place = { DatabaseName: 'lake', TableName: 'events' }
const table = (members: object) => ({ DatabaseName: 'lake', TableInput: { Name: 't', ...members } })
const column = (members: object) => table({ StorageDescriptor: { Columns: [{ Name: 'c', ...members }] } })

/** What is at the bound, then what is one past it. */
test.each<[string, string, (size: number) => object, number]>([
  ['a name of a table', 'CreateTable', (size) => table({ Name: 'n'.repeat(size) }), 255],
  ['a name of a database', 'CreateDatabase', (size) => ({ DatabaseInput: { Name: 'n'.repeat(size) } }), 255],
  ['a name of a column', 'CreateTable', (size) => column({ Name: 'n'.repeat(size) }), 255],
  ['a type of a column', 'CreateTable', (size) => column({ Type: 't'.repeat(size) }), 131_072],
  ['a comment of a column', 'CreateTable', (size) => column({ Comment: 't'.repeat(size) }), 255],
  ['a description', 'CreateTable', (size) => table({ Description: 't'.repeat(size) }), 2048],
  ['a parameter', 'CreateTable', (size) => table({ Parameters: { p: 'v'.repeat(size) } }), 512_000],
  [
    'partitions made at once',
    'BatchCreatePartition',
    (size) => ({ ...place, PartitionInputList: list(size, { Values: ['2026', '01'] }) }),
    100,
  ],
  [
    'partitions deleted at once',
    'BatchDeletePartition',
    (size) => ({ ...place, PartitionsToDelete: list(size, { Values: ['2026', '01'] }) }),
    25,
  ],
  [
    'partitions read at once',
    'BatchGetPartition',
    (size) => ({ ...place, PartitionsToGet: list(size, { Values: ['2026', '01'] }) }),
    1000,
  ],
  [
    'partitions updated at once',
    'BatchUpdatePartition',
    (size) => ({ ...place, Entries: list(size, { PartitionValueList: ['2026', '01'], PartitionInput: {} }) }),
    100,
  ],
  [
    'tables deleted at once',
    'BatchDeleteTable',
    (size) => ({ DatabaseName: 'lake', TablesToDelete: list(size, 't') }),
    100,
  ],
  ['versions deleted at once', 'BatchDeleteTableVersion', (size) => ({ ...place, VersionIds: list(size, '7') }), 100],
  ['partitions a page', 'GetPartitions', (MaxResults) => ({ ...place, MaxResults }), 1000],
  ['an expression', 'GetPartitions', (size) => ({ ...place, Expression: `year = '${'x'.repeat(size - 9)}'` }), 2048],
  ['segments', 'GetPartitions', (TotalSegments) => ({ ...place, Segment: { SegmentNumber: 0, TotalSegments } }), 10],
  ['tables a page', 'GetTables', (MaxResults) => ({ DatabaseName: 'lake', MaxResults }), 100],
])('%s: so much and no more', async (_what, operation, input, max) => {
  const glue = await glueWithEvents()
  expect(await glue.errorOf(operation, input(max))).toMatch(/^answered /)
  expect(await glue.errorOf(operation, input(max + 1))).toMatch(
    new RegExp(`Member must have (length|value) less than or equal to ${max}\\]?$`),
  )
})

test.each([
  ['CreateTable', { DatabaseName: 'lake', TableInput: {} }, 'tableInput.name'],
  ['CreateDatabase', { DatabaseInput: {} }, 'databaseInput.name'],
  ['CreatePartitionIndex', { ...place, PartitionIndex: { Keys: ['year'] } }, 'partitionIndex.indexName'],
  ['GetPartition', place, 'partitionValues'],
])('%s names the member that is missing', async (operation, input, member) => {
  const glue = await glueWithEvents()
  expect(await glue.errorOf(operation, input)).toContain(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  )
})

test('a segment that there is none of is refused', async () => {
  const glue = await glueWithEvents()
  const Segment = { SegmentNumber: 3, TotalSegments: 3 }
  expect(await glue.errorOf('GetPartitions', { ...place, Segment })).toBe(
    'InvalidInputException: SegmentNumber must be less than TotalSegments.',
  )
})
