/** Versions of tables, and how writers that race are told: what Iceberg's catalogs upon Glue live by. */
import { expect, test } from 'vitest'
import { EVENTS, type GlueWorld, glueWithEvents } from './glue-world.ts'

const CONCURRENT = 'ConcurrentModificationException: Update table failed due to concurrent modifications.'
const OF_EVENTS = { DatabaseName: 'lake', Name: 'events' }

const versions = async (glue: GlueWorld) =>
  (await glue.call('GetTableVersions', EVENTS)).TableVersions.map((one: { VersionId: string }) => one.VersionId)
const update = (members: object = {}) => ({ DatabaseName: 'lake', TableInput: { Name: 'events' }, ...members })

test('of two updates that go out from one version the second is refused', async () => {
  const glue = await glueWithEvents()
  await glue.call('UpdateTable', update({ VersionId: '0' }))
  expect(await glue.errorOf('UpdateTable', update({ VersionId: '0' }))).toBe(CONCURRENT)
  expect((await glue.call('GetTable', OF_EVENTS)).Table.VersionId).toBe('1')
})

test('an update may leave no version behind, and counts nevertheless', async () => {
  const glue = await glueWithEvents()
  await glue.call('UpdateTable', update({ SkipArchive: true }))
  await glue.call('UpdateTable', update())
  expect(await versions(glue)).toEqual(['2', '1'])
})

test('versions are deleted one by one or in a batch, but never the latest', async () => {
  const glue = await glueWithEvents()
  for (let time = 0; time < 4; time++) await glue.call('UpdateTable', update())
  const latest = 'Version 4 of table events is its latest: it cannot be deleted.'
  expect(await glue.errorOf('DeleteTableVersion', { ...EVENTS, VersionId: '4' })).toBe(
    `InvalidInputException: ${latest}`,
  )
  await glue.call('DeleteTableVersion', { ...EVENTS, VersionId: '2' })
  expect(await glue.call('BatchDeleteTableVersion', { ...EVENTS, VersionIds: ['4', '0', '2'] })).toEqual({
    Errors: [
      {
        TableName: 'events',
        VersionId: '4',
        ErrorDetail: { ErrorCode: 'InvalidInputException', ErrorMessage: latest },
      },
      {
        TableName: 'events',
        VersionId: '2',
        ErrorDetail: { ErrorCode: 'EntityNotFoundException', ErrorMessage: 'Table events has no version 2.' },
      },
    ],
  })
  expect(await versions(glue)).toEqual(['4', '3', '1'])
})

const metadata = (metadata_location: string, previous_metadata_location?: string) => ({
  table_type: 'ICEBERG',
  metadata_location,
  previous_metadata_location,
})
const commit = (location: string, previous?: string, members: object = {}) => ({
  DatabaseName: 'lake',
  TableInput: { Name: 'events', TableType: 'EXTERNAL_TABLE', Parameters: metadata(location, previous), ...members },
  SkipArchive: true,
})

test('a commit to an Iceberg table goes out from the metadata that is there, or is refused', async () => {
  const glue = await glueWithEvents({ PartitionKeys: [], Parameters: metadata('s3://b/m/0.json') })
  await glue.call('UpdateTable', commit('s3://b/m/1.json', 's3://b/m/0.json'))
  expect(await glue.errorOf('UpdateTable', commit('s3://b/m/1b.json', 's3://b/m/0.json'))).toBe(CONCURRENT)
  const { Table } = await glue.call('GetTable', OF_EVENTS)
  expect(Table.Parameters).toEqual(metadata('s3://b/m/1.json', 's3://b/m/0.json'))
})

test('of many commits at once to an Iceberg table one is taken', async () => {
  const glue = await glueWithEvents({ PartitionKeys: [], Parameters: metadata('s3://b/m/0.json') })
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, writer) =>
      glue.errorOf('UpdateTable', commit(`s3://b/m/1-${writer}.json`, 's3://b/m/0.json')),
    ),
  )
  expect(outcomes.filter((outcome) => outcome === 'answered {}')).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome === CONCURRENT)).toHaveLength(19)
})

test('an update that leaves the metadata of an Iceberg table where it is is no commit', async () => {
  const glue = await glueWithEvents({ PartitionKeys: [], Parameters: metadata('s3://b/m/1.json', 's3://b/m/0.json') })
  const described = commit('s3://b/m/1.json', 's3://b/m/0.json', { Description: 'new' })
  expect(await glue.errorOf('UpdateTable', described)).toBe('answered {}')
})

test.each([
  ['UpdateTable', { Force: true }, 'Force is not offered by lakelet: leave it out.'],
  ['UpdateTable', { ViewUpdateAction: 'ADD' }, 'ViewUpdateAction is not offered by lakelet: leave it out.'],
  [
    'UpdateTable',
    { TableInput: { Name: 'events', TargetTable: { DatabaseName: 'x', Name: 'y' } } },
    'TargetTable is not offered by lakelet: leave it out.',
  ],
  [
    'UpdateTable',
    { TableInput: { Name: 'events', ViewDefinition: { IsProtected: true } } },
    'ViewDefinition is not offered by lakelet: leave it out.',
  ],
  [
    'CreateTable',
    { OpenTableFormatInput: { IcebergInput: { MetadataOperation: 'CREATE' } } },
    'OpenTableFormatInput is not offered by lakelet: leave it out.',
  ],
])('%s refuses by name what would have no effect', async (operation, members, text) => {
  const glue = await glueWithEvents()
  expect(await glue.errorOf(operation, update(members))).toBe(`InvalidInputException: ${text}`)
})

test.each(['CreateTable', 'UpdateTable'])('%s needs a TableInput', async (operation) => {
  const glue = await glueWithEvents()
  expect(await glue.errorOf(operation, { DatabaseName: 'lake' })).toBe(
    "ValidationException: 1 validation error detected: Value null at 'tableInput' failed to satisfy constraint: Member must not be null",
  )
})
