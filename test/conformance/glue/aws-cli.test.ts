/** The AWS CLI keeps a catalog in a lake that verifies signatures. Skipped where it is not installed. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { noAwsCli, runAgainst } from '../../support/installed.ts'
import { lakeOfFile } from '../../support/lake-of-file.ts'
import { makeRole, putObjects, ROLE } from './crawled.ts'

const { lake, folder } = lakeOfFile()

/** What `aws glue` prints, which is nothing for many commands. */
async function glue(...args: string[]): Promise<unknown> {
  const printed = await runAgainst(lake(), 'aws', ['glue', ...args, '--output', 'json'])
  return printed.trim() === '' ? undefined : JSON.parse(printed)
}

const refusal = (...args: string[]) =>
  glue(...args).then(
    () => 'not refused',
    (error: Error) => /An error occurred \((\w+)\)/.exec(error.message)?.[1] ?? error.message,
  )

const STORAGE = {
  Columns: [{ Name: 'id', Type: 'bigint' }],
  Location: 's3://cli.raw/events/',
  InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
}
const events = ['--database-name', 'cli', '--table-name', 'events']

test('databases, tables and partitions are made, listed, changed and deleted', async ({ skip }) => {
  if (noAwsCli !== undefined) skip(noAwsCli)
  await glue('create-database', '--database-input', 'Name=cli,Description=by hand')
  expect(await glue('get-database', '--name', 'cli', '--query', 'Database.[Name,Description]')).toEqual([
    'cli',
    'by hand',
  ])
  const input = join(folder, 'table.json')
  await writeFile(
    input,
    JSON.stringify({
      Name: 'events',
      TableType: 'EXTERNAL_TABLE',
      PartitionKeys: [{ Name: 'n', Type: 'int' }],
      StorageDescriptor: STORAGE,
    }),
  )
  await glue('create-table', '--database-name', 'cli', '--table-input', `file://${input}`)
  const partitions = Array.from({ length: 40 }, (_, n) => ({ Values: [String(n)], StorageDescriptor: STORAGE }))
  expect(await glue('batch-create-partition', ...events, '--partition-input-list', JSON.stringify(partitions))).toEqual(
    {
      Errors: [],
    },
  )
  const found = ['get-partitions', ...events, '--expression', 'n >= 10 AND n < 30', '--query', 'length(Partitions)']
  expect(await glue(...found)).toBe(20)
  expect(await glue(...found, '--page-size', '7')).toBe(20)
  const some = (await glue('get-partitions', ...events, '--max-items', '5')) as {
    Partitions: object[]
    NextToken: string
  }
  expect(some.Partitions).toHaveLength(5)
  const rest = ['get-partitions', ...events, '--starting-token', some.NextToken, '--query', 'length(Partitions)']
  expect(await glue(...rest)).toBe(35)

  await glue('update-table', '--database-name', 'cli', '--table-input', 'Name=events,Description=changed')
  const versions = ['get-table-versions', ...events, '--query', 'TableVersions[].[VersionId,Table.Description]']
  expect(await glue(...versions)).toEqual([
    ['1', 'changed'],
    ['0', null],
  ])
  expect(await refusal('get-table', '--database-name', 'cli', '--name', 'none')).toBe('EntityNotFoundException')
  expect(await refusal('create-database', '--database-input', 'Name=cli')).toBe('AlreadyExistsException')
  expect(await refusal('get-connections')).toBe('UnknownOperationException')
  await glue('delete-table', '--database-name', 'cli', '--name', 'events')
  await glue('delete-database', '--name', 'cli')
  expect(await glue('get-databases', '--query', 'DatabaseList[].Name')).toEqual([])
})

test('a crawler is made, run and asked what it made', async ({ skip }) => {
  if (noAwsCli !== undefined) skip(noAwsCli)
  await makeRole(lake())
  await runAgainst(lake(), 'aws', ['s3', 'mb', 's3://cli.raw'])
  await putObjects(lake(), 'cli.raw', { 'events/day=2026-01-01/a.json': '{"id":1,"name":"a"}\n' })
  await glue('create-database', '--database-input', 'Name=crawled')
  const targets = JSON.stringify({ S3Targets: [{ Path: 's3://cli.raw/events' }] })
  await glue('create-crawler', '--name', 'c', '--role', ROLE, '--database-name', 'crawled', '--targets', targets)
  await glue('start-crawler', '--name', 'c')
  await expect
    .poll(() => glue('get-crawler', '--name', 'c', '--query', 'Crawler.[State,LastCrawl.Status]'), { timeout: 60_000 })
    .toEqual(['READY', 'SUCCEEDED'])
  const columns = ['get-table', '--database-name', 'crawled', '--name', 'events', '--query']
  expect(await glue(...columns, 'Table.StorageDescriptor.Columns[].[Name,Type]')).toEqual([
    ['id', 'int'],
    ['name', 'string'],
  ])
  const metrics = ['get-crawler-metrics', '--crawler-name-list', 'c', '--query', 'CrawlerMetricsList[].TablesCreated']
  expect(await glue(...metrics)).toEqual([1])
  expect(await glue('list-crawls', '--crawler-name', 'c', '--query', 'Crawls[].State')).toEqual(['COMPLETED'])
  await glue('delete-crawler', '--name', 'c')
  expect(await refusal('start-crawler', '--name', 'c')).toBe('EntityNotFoundException')
})
