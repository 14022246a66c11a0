/** The AWS SDK for JavaScript drives schedules, classifiers and logs of crawlers on a real lake that verifies signatures. */
import { CloudWatchLogsClient, FilterLogEventsCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  type Crawler,
  CreateClassifierCommand,
  CreateCrawlerCommand,
  DeleteClassifierCommand,
  GetClassifierCommand,
  GetCrawlerCommand,
  GetCrawlerMetricsCommand,
  GetTableCommand,
  GetTagsCommand,
  ListCrawlsCommand,
  StartCrawlerCommand,
  StartCrawlerScheduleCommand,
  StopCrawlerScheduleCommand,
  UpdateCrawlerScheduleCommand,
} from '@aws-sdk/client-glue'
import { CreateRoleCommand } from '@aws-sdk/client-iam'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../../support/cli.ts'
import { eventually, startLake, type TestLake, temporaryDirectory } from '../../support/lake.ts'

const Bucket = 'how.raw'
const Name = 'how-kinesis'

const directory = temporaryDirectory()
let lake: TestLake
beforeAll(async () => {
  lake = await startLake(directory.path)
  await lake.s3.send(new CreateBucketCommand({ Bucket }))
  const Body = '{"records":[{"a":1,"b":"x"},{"a":2,"b":"y"}]}\n'
  await lake.s3.send(new PutObjectCommand({ Bucket, Key: 'events/day=1/a.json', Body }))
  const trust = { Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] })
  await lake.iam.send(new CreateRoleCommand({ RoleName: 'glue-role', AssumeRolePolicyDocument }))
  await lake.glue.send(new CreateClassifierCommand({ JsonClassifier: { Name: 'records', JsonPath: '$.records[*]' } }))
  await lake.glue.send(
    new CreateCrawlerCommand({
      Name,
      Role: 'glue-role',
      DatabaseName: Name,
      Targets: { S3Targets: [{ Path: `s3://${Bucket}/events/` }] },
      Classifiers: ['records'],
      Schedule: 'cron(0 3 ? * MON-FRI *)',
      Tags: { team: 'red' },
    }),
  )
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
})

const crawler = async () => (await lake.glue.send(new GetCrawlerCommand({ Name }))).Crawler

async function crawled(): Promise<Crawler> {
  await lake.glue.send(new StartCrawlerCommand({ Name }))
  return eventually('the crawler rests', async () => {
    const found = await crawler()
    return found?.State === 'READY' ? found : undefined
  })
}

test('a classifier is read back as it was made, and decides what a crawl finds', async () => {
  const { Classifier } = await lake.glue.send(new GetClassifierCommand({ Name: 'records' }))
  expect(Classifier).toEqual({
    JsonClassifier: {
      Name: 'records',
      JsonPath: '$.records[*]',
      Version: 1,
      CreationTime: expect.any(Date),
      LastUpdated: expect.any(Date),
    },
  })
  expect((await crawled()).LastCrawl?.Status).toBe('SUCCEEDED')
  const { Table } = await lake.glue.send(new GetTableCommand({ DatabaseName: Name, Name: 'events' }))
  expect(Table?.StorageDescriptor?.Columns).toEqual([
    { Name: 'a', Type: 'int' },
    { Name: 'b', Type: 'string' },
  ])
})

test('tags are read by the ARN of the crawler', async () => {
  const ResourceArn = `arn:aws:glue:us-east-1:000000000000:crawler/${Name}`
  expect((await lake.glue.send(new GetTagsCommand({ ResourceArn }))).Tags).toEqual({ team: 'red' })
})

test.each([
  ['Name', 255],
  ['Description', 2048],
  ['TablePrefix', 128],
] as const)('%s has up to %d characters', async (member, length) => {
  const make = (text: string) =>
    lake.glue.send(
      new CreateCrawlerCommand({
        Name: `bound-of-${member}`,
        Role: 'glue-role',
        DatabaseName: 'bounds',
        Targets: { S3Targets: [{ Path: `s3://${Bucket}/events/` }] },
        [member]: text,
      }),
    )
  await make('x'.repeat(length))
  await expect(make('x'.repeat(length + 1))).rejects.toMatchObject({ name: 'ValidationException' })
})

describe('schedules', () => {
  const CrawlerName = Name

  test('are started, stopped and changed, each refusal under its own name', async () => {
    const { glue } = lake
    const start = () => glue.send(new StartCrawlerScheduleCommand({ CrawlerName }))
    const stop = () => glue.send(new StopCrawlerScheduleCommand({ CrawlerName }))
    expect((await crawler())?.Schedule).toEqual({ ScheduleExpression: 'cron(0 3 ? * MON-FRI *)', State: 'SCHEDULED' })
    await expect(start()).rejects.toMatchObject({ name: 'SchedulerRunningException' })
    await stop()
    await expect(stop()).rejects.toMatchObject({ name: 'SchedulerNotRunningException' })
    await glue.send(new UpdateCrawlerScheduleCommand({ CrawlerName, Schedule: '' }))
    await expect(start()).rejects.toMatchObject({ name: 'NoScheduleException' })
    await expect(
      glue.send(new UpdateCrawlerScheduleCommand({ CrawlerName, Schedule: 'cron(* * * * ? *)' })),
    ).rejects.toMatchObject({ name: 'InvalidInputException' })
    await glue.send(new UpdateCrawlerScheduleCommand({ CrawlerName, Schedule: 'cron(0 4 * * ? *)' }))
    expect((await crawler())?.Schedule).toEqual({ ScheduleExpression: 'cron(0 4 * * ? *)', State: 'SCHEDULED' })
  })

  test('outlive the process', async () => {
    await lake.stop()
    lake = await startLake(directory.path)
    expect((await crawler())?.Schedule).toEqual({ ScheduleExpression: 'cron(0 4 * * ? *)', State: 'SCHEDULED' })
  })
})

test("a run's log is read by GetLogEvents, under the names that LastCrawl gives", async () => {
  const { LastCrawl } = await crawled()
  const logs = new CloudWatchLogsClient({
    endpoint: lake.endpoint,
    region: 'us-east-1',
    credentials: lake.credentials,
  })
  const { LogGroup: logGroupName, LogStream: logStreamName, MessagePrefix = '' } = LastCrawl ?? {}
  expect([logGroupName, logStreamName]).toEqual(['/aws-glue/crawlers', Name])
  const { events = [] } = await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }))
  const mine = events.flatMap(({ message = '' }) => (message.startsWith(`[${MessagePrefix}] `) ? [message] : []))
  const said = mine.map((message) => message.slice(MessagePrefix.length + 3))
  expect(said[0]).toBe(`BENCHMARK : Running Start Crawl for Crawler ${Name}`)
  expect(said.slice(-2)).toEqual([
    'BENCHMARK : Finished writing to Catalog',
    'BENCHMARK : Crawler has finished running and is in state READY',
  ])
  expect(said.some((line) => line.startsWith('INFO  : '))).toBe(true)

  const filtered = await logs.send(
    new FilterLogEventsCommand({
      logGroupName: '/aws-glue/crawlers',
      logStreamNames: [Name],
      filterPattern: `"${MessagePrefix}"`,
    }),
  )
  expect(filtered.events?.map(({ message }) => message)).toEqual(mine)
})

test('lakelet crawl explain prints the same, of the last run and of an earlier one', async () => {
  const { Crawls = [] } = await lake.glue.send(new ListCrawlsCommand({ CrawlerName: Name }))
  const [newest, older] = Crawls
  const readable = await runCli(['crawl', 'explain', Name], lake.environment)
  expect(readable.status).toBe(0)
  expect(readable.stdout).toContain(`Crawler ${Name} · COMPLETED`)
  expect(readable.stdout).toContain(`run ${newest?.CrawlId}`)
  expect(readable.stdout).toContain('\nFinished writing to Catalog\n')
  expect(readable.stdout).toContain('s3://how.raw/events/')

  const { stdout } = await runCli(['crawl', 'explain', Name, '--run', older?.CrawlId ?? '', '--json'], lake.environment)
  const explained = JSON.parse(stdout) as { lines: { level: string; message: string }[] }
  expect(explained).toMatchObject({
    crawler: Name,
    run: older?.CrawlId,
    state: 'COMPLETED',
    changes: { TABLE: { ADD: 1 }, PARTITION: { ADD: 1 } },
  })
  expect(explained.lines.at(-1)).toMatchObject({
    level: 'BENCHMARK',
    message: 'Crawler has finished running and is in state READY',
  })

  const unknown = await runCli(['crawl', 'explain', Name, '--run', 'none'], lake.environment)
  expect(unknown.status).toBe(1)
  expect(unknown.stderr).toContain(`Crawler ${Name} has no run none`)
})

test('figures are those of the runs', async () => {
  const { CrawlerMetricsList = [] } = await lake.glue.send(new GetCrawlerMetricsCommand({ CrawlerNameList: [Name] }))
  expect(CrawlerMetricsList).toEqual([
    {
      CrawlerName: Name,
      TimeLeftSeconds: 0,
      StillEstimating: false,
      LastRuntimeSeconds: expect.any(Number),
      MedianRuntimeSeconds: expect.any(Number),
      TablesCreated: 0,
      TablesUpdated: 0,
      TablesDeleted: 0,
    },
  ])
})

test('a classifier that is deleted is gone, and crawlers that name it say so', async () => {
  await lake.glue.send(new DeleteClassifierCommand({ Name: 'records' }))
  await expect(lake.glue.send(new GetClassifierCommand({ Name: 'records' }))).rejects.toMatchObject({
    name: 'EntityNotFoundException',
  })
  expect((await crawled()).LastCrawl).toMatchObject({
    Status: 'FAILED',
    ErrorMessage: expect.stringContaining('records'),
  })
})
