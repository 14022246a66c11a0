/** The first lake's things, made by the SDK, so that every page has something to show. */
import { gzipSync } from 'node:zlib'
import {
  CreateNamedQueryCommand,
  GetQueryExecutionCommand,
  StartQueryExecutionCommand,
  UpdateWorkGroupCommand,
} from '@aws-sdk/client-athena'
import {
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  PutRecordBatchCommand,
} from '@aws-sdk/client-firehose'
import {
  CreateCrawlerCommand,
  CreateTriggerCommand,
  CreateWorkflowCommand,
  GetCrawlerCommand,
  StartCrawlerCommand,
} from '@aws-sdk/client-glue'
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { seededRandom } from '../../src/platform/random.ts'
import { defaultConfiguration } from '../../src/simulator/configuration.ts'
import { Simulation } from '../../src/simulator/simulation.ts'
import { eventually, type TestLake } from '../support/lake.ts'

const PREFIX = 'events/landing-date=!{timestamp:yyyy}-!{timestamp:MM}-!{timestamp:dd}/'
export const DATABASE = 'how-kinesis'

export async function makeFirstLake(lake: TestLake): Promise<void> {
  for (const Bucket of ['how.raw', 'how.results']) await lake.s3.send(new CreateBucketCommand({ Bucket }))
  await lake.s3.send(
    new PutBucketVersioningCommand({ Bucket: 'how.raw', VersioningConfiguration: { Status: 'Enabled' } }),
  )
  const events = eventLines(900)
  for (const [index, day] of ['2026-11-24', '2026-11-25', '2026-11-26'].entries())
    await lake.s3.send(
      new PutObjectCommand({
        Bucket: 'how.raw',
        Key: `events/landing-date=${day}/egd-how-1-${day}-07-00-00-${index}.gz`,
        Body: gzipSync(events.slice(index * 300, index * 300 + 300).join('')),
        Tagging: 'team=web',
        Metadata: { source: 'simulator' },
      }),
    )
  const firehose = await role(lake, 'firehose-how', 'firehose.amazonaws.com', 's3:*')
  await lake.firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'egd-how',
      DeliveryStreamType: 'DirectPut',
      ExtendedS3DestinationConfiguration: {
        RoleARN: firehose,
        BucketARN: 'arn:aws:s3:::how.raw',
        Prefix: PREFIX,
        ErrorOutputPrefix: 'error',
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
        CompressionFormat: 'GZIP',
      },
    }),
  )
  await eventually('the stream is active', async () => {
    const { DeliveryStreamDescription: stream } = await lake.firehose.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'egd-how' }),
    )
    return stream?.DeliveryStreamStatus === 'ACTIVE' ? true : undefined
  })
  await lake.firehose.send(
    new PutRecordBatchCommand({
      DeliveryStreamName: 'egd-how',
      Records: events.slice(0, 100).map((line) => ({ Data: Buffer.from(line) })),
    }),
  )
  await crawled(lake)
  await lake.athena.send(
    new UpdateWorkGroupCommand({
      WorkGroup: 'primary',
      ConfigurationUpdates: { ResultConfigurationUpdates: { OutputLocation: 's3://how.results/' } },
    }),
  )
  await query(lake, `CREATE VIEW "${DATABASE}".pages AS SELECT page_url_path, count(*) AS views FROM events GROUP BY 1`)
  await query(lake, 'SELECT page_url_path, count(*) AS views FROM events GROUP BY 1 ORDER BY 2 DESC')
  await lake.athena.send(
    new CreateNamedQueryCommand({
      Name: 'Views by page',
      Description: 'Which pages are looked at most',
      Database: DATABASE,
      QueryString: 'SELECT * FROM pages ORDER BY views DESC',
      WorkGroup: 'primary',
    }),
  )
}

async function crawled(lake: TestLake): Promise<void> {
  const Role = await role(lake, 'glue-how', 'glue.amazonaws.com', 's3:*', 'glue:*', 'logs:*')
  await lake.glue.send(
    new CreateCrawlerCommand({
      Name: 'how-kinesis',
      Role,
      DatabaseName: DATABASE,
      Targets: { S3Targets: [{ Path: 's3://how.raw/events' }] },
    }),
  )
  await lake.glue.send(new StartCrawlerCommand({ Name: 'how-kinesis' }))
  await eventually('the crawler has run', async () => {
    const { Crawler } = await lake.glue.send(new GetCrawlerCommand({ Name: 'how-kinesis' }))
    return Crawler?.State === 'READY' && Crawler.LastCrawl !== undefined ? true : undefined
  })
  await lake.glue.send(new CreateWorkflowCommand({ Name: 'nightly', Description: 'Crawls at night' }))
  await lake.glue.send(
    new CreateTriggerCommand({
      Name: 'every-night',
      Type: 'SCHEDULED',
      Schedule: 'cron(0 3 * * ? *)',
      WorkflowName: 'nightly',
      Actions: [{ CrawlerName: 'how-kinesis' }],
    }),
  )
}

async function role(lake: TestLake, name: string, service: string, ...actions: string[]): Promise<string> {
  const { Role } = await lake.iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
      }),
    }),
  )
  await lake.iam.send(
    new PutRolePolicyCommand({
      RoleName: name,
      PolicyName: 'all',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
      }),
    }),
  )
  return Role?.Arn ?? ''
}

export async function query(lake: TestLake, QueryString: string): Promise<void> {
  const { QueryExecutionId } = await lake.athena.send(
    new StartQueryExecutionCommand({ QueryString, QueryExecutionContext: { Database: DATABASE } }),
  )
  await eventually('the query has ended', async () => {
    const { QueryExecution } = await lake.athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))
    const state = QueryExecution?.Status?.State
    if (state === 'FAILED') throw new Error(QueryExecution?.Status?.StateChangeReason)
    return state === 'SUCCEEDED' ? true : undefined
  })
}

function eventLines(count: number): readonly string[] {
  const events = new Simulation({
    users: 100,
    sessionsPerDay: 100_000,
    startMs: Date.UTC(2026, 10, 24, 7),
    configuration: defaultConfiguration,
    random: seededRandom(7),
  }).events()
  return Array.from({ length: count }, () => events.next().value)
}
