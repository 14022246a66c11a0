/**
 * CloudWatch and its Logs with the AWS SDK for JavaScript, against a lake that verifies signatures. CloudWatch is asked in
 * each of its three protocols: current JavaScript clients speak JSON, boto3 and Java speak CBOR, older ones query.
 */
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  PutLogEventsCommand,
  paginateDescribeLogStreams,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs'
import { DescribeDeliveryStreamCommand, PutRecordCommand } from '@aws-sdk/client-firehose'
import { AwsJson1_0Protocol, AwsQueryProtocol } from '@aws-sdk/core/protocols'
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeStream, STREAM } from '../../support/first-stream.ts'
import { startLake, type TestLake, temporaryDirectory } from '../../support/lake.ts'

const PROTOCOLS = { json: AwsJson1_0Protocol, cbor: SmithyRpcV2CborProtocol, query: AwsQueryProtocol } as const
type ProtocolName = keyof typeof PROTOCOLS
const NAMES = Object.keys(PROTOCOLS) as ProtocolName[]

const directory = temporaryDirectory()
let lake: TestLake
beforeAll(async () => {
  lake = await startLake(directory.path)
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
})

const options = ({ endpoint, credentials }: TestLake) => ({
  endpoint,
  region: 'us-east-1',
  credentials,
  maxAttempts: 1,
})
const cloudWatch = (protocol: ProtocolName = 'json', of = lake) =>
  new CloudWatchClient({ ...options(of), protocol: PROTOCOLS[protocol] })
const logs = () => new CloudWatchLogsClient(options(lake))

const around = (atMs: number) => ({ StartTime: new Date(atMs - 300_000), EndTime: new Date(atMs + 300_000) })

test.each(NAMES)('over %s what is put is listed and read back, values, instants and units', async (protocol) => {
  const client = cloudWatch(protocol)
  const Timestamp = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 120_000)
  const metric = { MetricName: 'Latency é', Dimensions: [{ Name: 'Protocol', Value: protocol }] }
  const Namespace = `Clients/${protocol}`
  const MetricData = [{ ...metric, Timestamp, Unit: 'Milliseconds' as const, Values: [0.5, 2, 1e9], Counts: [2, 1, 1] }]
  await client.send(new PutMetricDataCommand({ Namespace, MetricData }))

  const { Metrics } = await client.send(new ListMetricsCommand({ Namespace, Dimensions: [{ Name: 'Protocol' }] }))
  expect(Metrics).toEqual([{ Namespace, ...metric }])

  const asked = { Namespace, ...metric, ...around(Timestamp.getTime()), Period: 60 }
  const { Datapoints } = await client.send(
    new GetMetricStatisticsCommand({ ...asked, Statistics: ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'] }),
  )
  const Sum = 1e9 + 3
  expect(Datapoints).toEqual([
    { Timestamp, Unit: 'Milliseconds', Sum, Average: Sum / 4, Minimum: 0.5, Maximum: 1e9, SampleCount: 4 },
  ])

  const MetricDataQueries = [
    { Id: 'p', MetricStat: { Metric: { Namespace, ...metric }, Period: 60, Stat: 'p50' }, Label: 'median' },
    { Id: 'e', Expression: 'p * 2' },
  ]
  const { MetricDataResults } = await client.send(
    new GetMetricDataCommand({ MetricDataQueries, ...around(Timestamp.getTime()) }),
  )
  expect(MetricDataResults).toMatchObject([
    { Id: 'p', Label: 'median', Timestamps: [Timestamp], StatusCode: 'Complete' },
    { Id: 'e', Timestamps: [Timestamp] },
  ])
  expect(MetricDataResults?.[0]?.Values?.[0]).toBeCloseTo(0.5, 1)
})

test.each(NAMES)('over %s refusals have the names and texts of AWS', async (protocol) => {
  const client = cloudWatch(protocol)
  const asked = { Namespace: 'n', MetricName: 'm', Period: 60, Statistics: ['Sum' as const] }
  const days = { StartTime: new Date(Date.now() - 5 * 86_400_000), EndTime: new Date() }
  await expect(client.send(new GetMetricStatisticsCommand({ ...asked, ...days }))).rejects.toMatchObject({
    name: expect.stringMatching(/^InvalidParameterCombination/),
    message: expect.stringContaining('which exceeds the limit of 1440'),
    $metadata: { httpStatusCode: 400 },
  })
  await expect(client.send(new DescribeAlarmsCommand({}))).rejects.toMatchObject({
    name: expect.stringMatching(/^(InvalidAction|UnknownOperationException)$/),
    message: expect.stringContaining('DescribeAlarms'),
  })
  const other = new CloudWatchClient({
    ...options(lake),
    credentials: { ...lake.credentials, secretAccessKey: 'wrong' },
    protocol: PROTOCOLS[protocol],
  })
  await expect(other.send(new ListMetricsCommand({}))).rejects.toMatchObject({
    name: expect.stringMatching(/^(SignatureDoesNotMatch|InvalidSignatureException)$/),
  })
})

test.each(NAMES)('over %s a thousand data are taken, compressed where the client does so', async (protocol) => {
  // This client announces the length that its CBOR had before it was compressed, and then waits for ever. boto3 does not.
  const disableRequestCompression = protocol === 'cbor'
  const client = new CloudWatchClient({ ...options(lake), protocol: PROTOCOLS[protocol], disableRequestCompression })
  const MetricData = Array.from({ length: 1000 }, (_, index) => ({ MetricName: `m${index}`, Value: index }))
  await client.send(new PutMetricDataCommand({ Namespace: `Many/${protocol}`, MetricData }))
  const first = await client.send(new ListMetricsCommand({ Namespace: `Many/${protocol}` }))
  expect(first.Metrics).toHaveLength(500)
  expect(first.NextToken).toBeDefined()
})

test("a stream's calls are in CloudWatch under Firehose's names, and still after a stop and a start", async () => {
  await makeStream(lake, { SizeInMBs: 1, IntervalInSeconds: 60 })
  const Record = { Data: Buffer.from('hello') }
  await lake.firehose.send(new PutRecordCommand({ DeliveryStreamName: STREAM, Record }))
  await lake.firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: STREAM }))
  const bytes = async () => {
    const { Datapoints } = await cloudWatch().send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/Firehose',
        MetricName: 'PutRecord.Bytes',
        Dimensions: [{ Name: 'DeliveryStreamName', Value: STREAM }],
        ...around(Date.now()),
        Period: 3600,
        Statistics: ['Sum'],
      }),
    )
    return Datapoints?.map(({ Sum, Unit }) => [Sum, Unit])
  }
  expect(await bytes()).toEqual([[5, 'Bytes']])
  await lake.stop()
  lake = await startLake(directory.path)
  expect(await bytes()).toEqual([[5, 'Bytes']])
})

test('log events are put, found by page, and gone with their group', async () => {
  const client = logs()
  const group = { logGroupName: '/clients/js' }
  await client.send(new CreateLogGroupCommand({ ...group, tags: { team: 'data' } }))
  const now = Date.now()
  for (const logStreamName of ['a', 'b', 'c']) {
    await client.send(new CreateLogStreamCommand({ ...group, logStreamName }))
    const logEvents = Array.from({ length: 10 }, (_, index) => ({
      timestamp: now + index,
      message: `${index % 2 === 0 ? 'ERROR' : 'ok'} ${logStreamName} ünïcode`,
    }))
    await client.send(new PutLogEventsCommand({ ...group, logStreamName, logEvents }))
  }
  const found: (string | undefined)[] = []
  for await (const page of paginateFilterLogEvents({ client, pageSize: 4 }, { ...group, filterPattern: 'ERROR' })) {
    found.push(...(page.events ?? []).map(({ message }) => message))
  }
  expect(found).toHaveLength(15)
  expect(found[0]).toBe('ERROR a ünïcode')
  const names: (string | undefined)[] = []
  for await (const page of paginateDescribeLogStreams({ client, pageSize: 2 }, group)) {
    names.push(...(page.logStreams ?? []).map(({ logStreamName }) => logStreamName))
  }
  expect(names).toEqual(['a', 'b', 'c'])
  await client.send(new DeleteLogGroupCommand(group))
  await expect(client.send(new DeleteLogGroupCommand(group))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  })
})

test('a name that no group may have is refused as AWS refuses it', async () => {
  await expect(logs().send(new CreateLogGroupCommand({ logGroupName: 'a b' }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining("at 'logGroupName' failed to satisfy constraint"),
  })
})
