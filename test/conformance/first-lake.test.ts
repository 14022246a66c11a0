/**
 * The first lake by hand, as a stranger makes it with the AWS SDK for JavaScript: bucket, role, stream, records,
 * crawler, table, SQL. One lake that verifies signatures; each step stands on the one before.
 */
import { gunzipSync } from 'node:zlib'
import {
  CreateWorkGroupCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetTableMetadataCommand,
  ListDatabasesCommand,
  paginateGetQueryResults,
  type QueryExecution,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import {
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
} from '@aws-sdk/client-firehose'
import {
  CreateCrawlerCommand,
  CreateDatabaseCommand,
  GetCrawlerCommand,
  GetDatabaseCommand,
  GetPartitionsCommand,
  GetTableCommand,
  StartCrawlerCommand,
} from '@aws-sdk/client-glue'
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, startLake, type TestLake, temporaryDirectory } from '../support/lake.ts'

const RAW = 'how.raw'
const RESULTS = 'how.results'
const STREAM = 'egd-how'
const DATABASE = 'how-kinesis'
const SINGLE = 20
const BATCHES = 3
const PER_BATCH = 500
const EVENTS = SINGLE + BATCHES * PER_BATCH
const PAGES = ['home', 'product_a', 'cart', 'payment', 'confirmation'] as const

const directory = temporaryDirectory()
let lake: TestLake
let roleArn: string | undefined

beforeAll(async () => {
  lake = await startLake(directory.path)
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
})

test('who am I: the root of the account the lake was made for', async () => {
  expect(await lake.sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:root',
  })
})

test('1 a bucket with public access blocked, versioning and SSE-S3, and one for results', async () => {
  for (const Bucket of [RAW, RESULTS]) await lake.s3.send(new CreateBucketCommand({ Bucket }))
  const PublicAccessBlockConfiguration = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  }
  await lake.s3.send(new PutPublicAccessBlockCommand({ Bucket: RAW, PublicAccessBlockConfiguration }))
  await lake.s3.send(new PutBucketVersioningCommand({ Bucket: RAW, VersioningConfiguration: { Status: 'Enabled' } }))
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }]
  await lake.s3.send(new PutBucketEncryptionCommand({ Bucket: RAW, ServerSideEncryptionConfiguration: { Rules } }))
  const block = await lake.s3.send(new GetPublicAccessBlockCommand({ Bucket: RAW }))
  expect(block.PublicAccessBlockConfiguration).toEqual(PublicAccessBlockConfiguration)
  expect((await lake.s3.send(new GetBucketVersioningCommand({ Bucket: RAW }))).Status).toBe('Enabled')
  const encryption = await lake.s3.send(new GetBucketEncryptionCommand({ Bucket: RAW }))
  expect(encryption.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).toEqual({
    SSEAlgorithm: 'AES256',
  })
})

test('2 a delivery stream takes only a role that exists, then becomes ACTIVE', async () => {
  const stream = (RoleARN: string | undefined) =>
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: STREAM,
      DeliveryStreamType: 'DirectPut',
      ExtendedS3DestinationConfiguration: {
        RoleARN,
        BucketARN: `arn:aws:s3:::${RAW}`,
        Prefix: 'events/landing-date=!{timestamp:yyyy}-!{timestamp:MM}-!{timestamp:dd}/',
        ErrorOutputPrefix: 'error',
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 1 },
        CompressionFormat: 'GZIP',
      },
    })
  await expect(lake.firehose.send(stream('arn:aws:iam::000000000000:role/nobody'))).rejects.toMatchObject({
    name: 'InvalidArgumentException',
    message: expect.stringContaining('unable to assume role'),
  })
  const service = (name: string) => ({ Effect: 'Allow', Principal: { Service: name }, Action: 'sts:AssumeRole' })
  const Statement = ['firehose.amazonaws.com', 'glue.amazonaws.com'].map(service)
  const made = await lake.iam.send(
    new CreateRoleCommand({
      RoleName: 'how-lake',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    }),
  )
  roleArn = made.Role?.Arn
  const allowed = { Effect: 'Allow', Action: 's3:*', Resource: [`arn:aws:s3:::${RAW}`, `arn:aws:s3:::${RAW}/*`] }
  await lake.iam.send(
    new PutRolePolicyCommand({
      RoleName: 'how-lake',
      PolicyName: 'lake',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [allowed] }),
    }),
  )
  const { DeliveryStreamARN } = await lake.firehose.send(stream(roleArn))
  expect(DeliveryStreamARN).toBe(`arn:aws:firehose:us-east-1:000000000000:deliverystream/${STREAM}`)
  const description = await eventually('the stream is ACTIVE', async () => {
    const answer = await lake.firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: STREAM }))
    const { DeliveryStreamDescription } = answer
    return DeliveryStreamDescription?.DeliveryStreamStatus === 'ACTIVE' ? DeliveryStreamDescription : undefined
  })
  expect(description.Destinations?.[0]?.ExtendedS3DestinationDescription).toMatchObject({
    ErrorOutputPrefix: 'error',
    CompressionFormat: 'GZIP',
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 1 },
  })
})

test('3 records one by one and in batches arrive as gzip objects in dated folders, each exactly once', async () => {
  const recordIds = new Set<string>()
  for (let id = 0; id < SINGLE; id++) {
    const put = await lake.firehose.send(new PutRecordCommand({ DeliveryStreamName: STREAM, Record: record(id) }))
    recordIds.add(put.RecordId ?? '')
  }
  for (let batch = 0; batch < BATCHES; batch++) {
    const first = SINGLE + batch * PER_BATCH
    const Records = Array.from({ length: PER_BATCH }, (_, index) => record(first + index))
    const put = await lake.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: STREAM, Records }))
    expect(put).toMatchObject({ FailedPutCount: 0, Encrypted: false })
    for (const { RecordId } of put.RequestResponses ?? []) recordIds.add(RecordId ?? '')
  }
  expect(recordIds.size, 'every record has an id of its own').toBe(EVENTS)

  const lines = await eventually('everything is delivered', async () => {
    const delivered = await deliveredLines()
    return delivered.length >= EVENTS ? delivered : undefined
  })
  expect(new Set(lines.map((line) => JSON.parse(line).event_id)).size).toBe(EVENTS)
  expect(lines.length).toBe(EVENTS)
  const { Contents = [] } = await lake.s3.send(new ListObjectsV2Command({ Bucket: RAW }))
  for (const { Key } of Contents) {
    expect(Key).toMatch(
      /^events\/landing-date=\d{4}-\d\d-\d\d\/egd-how-\d+-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9a-f-]{36}\.gz$/,
    )
    const head = await lake.s3.send(new HeadObjectCommand({ Bucket: RAW, Key }))
    expect(head).toMatchObject({ ServerSideEncryption: 'AES256', VersionId: expect.stringMatching(/^.{32}$/) })
  }
})

test('4 and 5 a crawler makes database, table and partitions that inherit from the table', async () => {
  await lake.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: DATABASE } }))
  await lake.glue.send(
    new CreateCrawlerCommand({
      Name: DATABASE,
      Role: roleArn,
      DatabaseName: DATABASE,
      Targets: { S3Targets: [{ Path: `s3://${RAW}/events` }] },
      Configuration: JSON.stringify({
        Version: 1,
        CrawlerOutput: { Partitions: { AddOrUpdateBehavior: 'InheritFromTable' } },
      }),
    }),
  )
  await lake.glue.send(new StartCrawlerCommand({ Name: DATABASE }))
  const crawler = await eventually('the crawler is READY', async () => {
    const { Crawler } = await lake.glue.send(new GetCrawlerCommand({ Name: DATABASE }))
    return Crawler?.State === 'READY' ? Crawler : undefined
  })
  expect(crawler.LastCrawl?.Status).toBe('SUCCEEDED')
  expect((await lake.glue.send(new GetDatabaseCommand({ Name: DATABASE }))).Database?.Name).toBe(DATABASE)
  const { Table } = await lake.glue.send(new GetTableCommand({ DatabaseName: DATABASE, Name: 'events' }))
  expect(Table?.StorageDescriptor?.Columns?.map(({ Name, Type }) => `${Name} ${Type}`)).toEqual([
    'event_id string',
    'event_timestamp string',
    'page_url_path string',
    'geo_latitude string',
    'device_is_mobile boolean',
  ])
  expect(Table?.PartitionKeys?.map(({ Name, Type }) => `${Name} ${Type}`)).toEqual(['landing-date string'])
  expect(Table?.StorageDescriptor?.SerdeInfo?.SerializationLibrary).toBe('org.openx.data.jsonserde.JsonSerDe')
  const { Partitions = [] } = await lake.glue.send(
    new GetPartitionsCommand({ DatabaseName: DATABASE, TableName: 'events' }),
  )
  expect(Partitions.length).toBeGreaterThan(0)
  for (const partition of Partitions) {
    expect(partition.StorageDescriptor?.Location).toBe(`s3://${RAW}/events/landing-date=${partition.Values?.[0]}/`)
    expect(partition.StorageDescriptor?.Columns).toEqual(Table?.StorageDescriptor?.Columns)
  }
})

test('6 SQL answers over the events, and its result is a CSV object in the results bucket', async () => {
  const execution = await succeeded(`SELECT * FROM "${DATABASE}"."events" limit 10;`)
  expect(execution).toMatchObject({
    StatementType: 'DML',
    ResultConfiguration: { OutputLocation: `s3://${RESULTS}/${execution.QueryExecutionId}.csv` },
  })
  expect(execution.Statistics?.DataScannedInBytes).toBeGreaterThan(0)
  const { ResultSet } = await lake.athena.send(
    new GetQueryResultsCommand({ QueryExecutionId: execution.QueryExecutionId }),
  )
  const header = ['event_id', 'event_timestamp', 'page_url_path', 'geo_latitude', 'device_is_mobile', 'landing-date']
  expect(ResultSet?.Rows?.[0]?.Data?.map((cell) => cell.VarCharValue)).toEqual(header)
  expect(ResultSet?.Rows).toHaveLength(11)
  expect(ResultSet?.ResultSetMetadata?.ColumnInfo?.map(({ Type }) => Type)).toEqual([
    'varchar',
    'varchar',
    'varchar',
    'varchar',
    'boolean',
    'varchar',
  ])
  const object = await lake.s3.send(new GetObjectCommand({ Bucket: RESULTS, Key: `${execution.QueryExecutionId}.csv` }))
  const csv = (await object.Body?.transformToString()) ?? ''
  expect(csv.split('\n')[0]).toBe(header.map((name) => `"${name}"`).join(','))
  expect(csv.trimEnd().split('\n')).toHaveLength(11)
})

test('6 every acknowledged event is counted once, and partitions prune', async () => {
  const counts = `SELECT count(*) AS n, count(DISTINCT event_id) AS ids, sum(CASE WHEN device_is_mobile THEN 1 ELSE 0 END) AS mobile FROM events`
  expect(await rowsOf(counts)).toEqual([[String(EVENTS), String(EVENTS), String(EVENTS / 2)]])
  const views = await rowsOf('SELECT page_url_path, count(*) FROM events GROUP BY page_url_path ORDER BY page_url_path')
  expect(views).toEqual([...PAGES].sort().map((page) => [`/${page}`, String(EVENTS / PAGES.length)]))
  expect(await rowsOf(`SELECT count(*) FROM events WHERE "landing-date" < '2000-01-01'`)).toEqual([['0']])
})

test('6 results come in pages that together are the result', async () => {
  const { QueryExecutionId } = await succeeded('SELECT event_id FROM events ORDER BY event_id')
  const ids: (string | undefined)[] = []
  let pages = 0
  const config = { client: lake.athena, pageSize: 700 }
  for await (const page of paginateGetQueryResults(config, { QueryExecutionId })) {
    pages++
    ids.push(...(page.ResultSet?.Rows ?? []).map((row) => row.Data?.[0]?.VarCharValue))
  }
  expect(pages).toBe(Math.ceil((EVENTS + 1) / 700))
  expect(ids).toEqual(['event_id', ...Array.from({ length: EVENTS }, (_, id) => eventId(id))])
})

test('6 a workgroup brings the result location, and metadata is there by the names that drivers ask for', async () => {
  await lake.athena.send(
    new CreateWorkGroupCommand({
      Name: 'how',
      Configuration: { ResultConfiguration: { OutputLocation: `s3://${RESULTS}/how/` } },
    }),
  )
  const started = await lake.athena.send(
    new StartQueryExecutionCommand({
      QueryString: 'SELECT count(*) FROM events',
      WorkGroup: 'how',
      QueryExecutionContext: { Database: DATABASE, Catalog: 'AwsDataCatalog' },
    }),
  )
  const done = await finished(started.QueryExecutionId)
  expect(done.Status?.State).toBe('SUCCEEDED')
  expect(done.ResultConfiguration?.OutputLocation).toMatch(`s3://${RESULTS}/how/`)
  const databases = await lake.athena.send(new ListDatabasesCommand({ CatalogName: 'AwsDataCatalog' }))
  expect(databases.DatabaseList?.map(({ Name }) => Name)).toContain(DATABASE)
  const table = await lake.athena.send(
    new GetTableMetadataCommand({ CatalogName: 'AwsDataCatalog', DatabaseName: DATABASE, TableName: 'events' }),
  )
  expect(table.TableMetadata?.PartitionKeys?.[0]).toMatchObject({ Name: 'landing-date', Type: 'string' })
})

test.each([
  ['nonsense', 'SELEC 1', 'mismatched input'],
  ['a column nobody knows', 'SELECT nope FROM events', "COLUMN_NOT_FOUND: line 1:8: Column 'nope' cannot be resolved"],
  ['a table nobody knows', 'SELECT 1 FROM nowhere', 'TABLE_NOT_FOUND'],
])('6 %s fails with the words of Athena', async (_what, sql, words) => {
  const outcome = await start(sql).then(
    async ({ QueryExecutionId }) => (await finished(QueryExecutionId)).Status?.StateChangeReason,
    (refusal: Error) => refusal.message,
  )
  expect(outcome).toContain(words)
})

const eventId = (id: number) => `event-${String(id).padStart(6, '0')}`

function record(id: number) {
  const event = {
    event_id: eventId(id),
    event_timestamp: '2020-07-05 14:32:45.407110',
    page_url_path: `/${PAGES[id % PAGES.length]}`,
    geo_latitude: '-23.5',
    device_is_mobile: id % 2 === 0,
  }
  return { Data: Buffer.from(`${JSON.stringify(event)}\n`) }
}

async function deliveredLines(): Promise<string[]> {
  const { Contents = [] } = await lake.s3.send(new ListObjectsV2Command({ Bucket: RAW, Prefix: 'events/' }))
  const lines: string[] = []
  for (const { Key } of Contents) {
    const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket: RAW, Key }))
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array()
    lines.push(...gunzipSync(bytes).toString().split('\n').filter(Boolean))
  }
  return lines
}

function start(QueryString: string) {
  return lake.athena.send(
    new StartQueryExecutionCommand({
      QueryString,
      QueryExecutionContext: { Database: DATABASE },
      ResultConfiguration: { OutputLocation: `s3://${RESULTS}/` },
    }),
  )
}

function finished(QueryExecutionId: string | undefined): Promise<QueryExecution> {
  return eventually('the query ends', async () => {
    const { QueryExecution } = await lake.athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))
    return ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(QueryExecution?.Status?.State ?? '')
      ? QueryExecution
      : undefined
  })
}

async function succeeded(sql: string): Promise<QueryExecution> {
  const execution = await finished((await start(sql)).QueryExecutionId)
  expect(execution.Status?.StateChangeReason).toBeUndefined()
  expect(execution.Status?.State).toBe('SUCCEEDED')
  return execution
}

async function rowsOf(sql: string): Promise<(string | undefined)[][]> {
  const { QueryExecutionId } = await succeeded(sql)
  const { ResultSet } = await lake.athena.send(new GetQueryResultsCommand({ QueryExecutionId }))
  return (ResultSet?.Rows ?? []).slice(1).map((row) => (row.Data ?? []).map((cell) => cell.VarCharValue))
}
