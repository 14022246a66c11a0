import { expect, test } from 'vitest'
import {
  FIREHOSE_METRICS,
  FIREHOSE_NAMESPACE,
  type FirehoseMetrics,
  firehoseListMetrics,
  firehoseMetrics,
} from '../../src/telemetry/firehose-metrics.ts'
import { HOUR, MetricWorld, START_MS } from './metric-world.ts'

const DELIVERY = { objects: 1, records: 500, bytes: 9000, freshnessSeconds: 61, success: true }

const cases: [string, (metrics: FirehoseMetrics) => void, Record<string, readonly [sum: number, unit: string]>][] = [
  [
    'records that were accepted',
    (metrics) => metrics.incoming(500, 512_000),
    { IncomingRecords: [500, 'Count'], IncomingBytes: [512_000, 'Bytes'] },
  ],
  [
    'a PutRecord',
    (metrics) => metrics.putRequest('PutRecord', 3, 1, 1024),
    {
      IncomingPutRequests: [1, 'Count'],
      'PutRecord.Requests': [1, 'Count'],
      'PutRecord.Latency': [3, 'Milliseconds'],
      'PutRecord.Bytes': [1024, 'Bytes'],
    },
  ],
  [
    'a PutRecordBatch',
    (metrics) => metrics.putRequest('PutRecordBatch', 9, 500, 512_000),
    {
      IncomingPutRequests: [1, 'Count'],
      'PutRecordBatch.Requests': [1, 'Count'],
      'PutRecordBatch.Latency': [9, 'Milliseconds'],
      'PutRecordBatch.Bytes': [512_000, 'Bytes'],
      'PutRecordBatch.Records': [500, 'Count'],
    },
  ],
  ['records that were refused', (metrics) => metrics.throttled(20), { ThrottledRecords: [20, 'Count'] }],
  [
    'a description',
    (metrics) => metrics.called('DescribeDeliveryStream', 2),
    { 'DescribeDeliveryStream.Requests': [1, 'Count'], 'DescribeDeliveryStream.Latency': [2, 'Milliseconds'] },
  ],
  [
    'a delivery',
    (metrics) => metrics.delivered(DELIVERY),
    {
      'DeliveryToS3.Success': [1, 'Count'],
      'DeliveryToS3.DataFreshness': [61, 'Seconds'],
      'DeliveryToS3.Bytes': [9000, 'Bytes'],
      'DeliveryToS3.Records': [500, 'Count'],
      'DeliveryToS3.ObjectCount': [1, 'Count'],
    },
  ],
  [
    'a delivery that failed',
    (metrics) => metrics.delivered({ ...DELIVERY, success: false }),
    { 'DeliveryToS3.Success': [0, 'Count'], 'DeliveryToS3.DataFreshness': [61, 'Seconds'] },
  ],
  [
    'a backup',
    (metrics) => metrics.backedUp(DELIVERY),
    {
      'BackupToS3.Success': [1, 'Count'],
      'BackupToS3.DataFreshness': [61, 'Seconds'],
      'BackupToS3.Bytes': [9000, 'Bytes'],
      'BackupToS3.Records': [500, 'Count'],
      'BackupToS3.ObjectCount': [1, 'Count'],
    },
  ],
  [
    'an invocation',
    (metrics) => metrics.executeProcessing(250, false),
    { 'ExecuteProcessing.Duration': [250, 'Milliseconds'], 'ExecuteProcessing.Success': [0, 'Count'] },
  ],
  [
    'processed records',
    (metrics) => metrics.succeedProcessing(10, 100),
    { 'SucceedProcessing.Records': [10, 'Count'], 'SucceedProcessing.Bytes': [100, 'Bytes'] },
  ],
  [
    'converted records',
    (metrics) => metrics.conversion('succeeded', 10, 100),
    { 'SucceedConversion.Records': [10, 'Count'], 'SucceedConversion.Bytes': [100, 'Bytes'] },
  ],
  [
    'records that could not be converted',
    (metrics) => metrics.conversion('failed', 1, 9),
    { 'FailedConversion.Records': [1, 'Count'], 'FailedConversion.Bytes': [9, 'Bytes'] },
  ],
  [
    'partitions',
    (metrics) => {
      metrics.partitionCount(500)
      metrics.partitionCountExceeded(true)
      metrics.perPartitionThroughput(1e6)
      metrics.jqDuration(4)
    },
    {
      PartitionCount: [500, 'Count'],
      PartitionCountExceeded: [1, 'Count'],
      PerPartitionThroughput: [1e6, 'Bytes/Second'],
      'JQProcessing.Duration': [4, 'Milliseconds'],
    },
  ],
  ['a key that is disabled', (metrics) => metrics.kmsKey('Disabled'), { KMSKeyDisabled: [1, 'Count'] }],
]

test.each(cases)('of %s CloudWatch has what AWS has, in its units', async (_what, tell, expected) => {
  const { store } = await MetricWorld.open()
  tell(firehoseMetrics(store, 'clicks'))
  const found = store.known().map(({ name }) => {
    expect(name).toMatchObject({
      namespace: FIREHOSE_NAMESPACE,
      dimensions: [{ name: 'DeliveryStreamName', value: 'clicks' }],
    })
    return [name.name, [store.points(name, START_MS, START_MS + HOUR)[0]?.summary.sum, name.unit]]
  })
  expect(Object.fromEntries(found)).toEqual(expected)
})

test('listing streams is told of the account, not of a stream', async () => {
  const { store } = await MetricWorld.open()
  firehoseListMetrics(store).listed(5)
  expect(store.known().map(({ name }) => [name.name, name.dimensions])).toEqual([
    ['ListDeliveryStreams.Requests', []],
    ['ListDeliveryStreams.Latency', []],
  ])
})

test('a stream to which nothing happens costs nothing', async () => {
  const { store } = await MetricWorld.open()
  firehoseMetrics(store, 'idle')
  expect(store.totals()).toEqual([])
})

test('no two metrics have the same name in Prometheus, and counters end as they should', () => {
  const expositions = Object.values(FIREHOSE_METRICS).map(({ exposition }) => exposition)
  expect(new Set(expositions.map(({ name }) => name)).size).toBe(expositions.length)
  for (const { name, kind } of expositions) {
    expect(name).toMatch(/^lakelet_firehose_[a-z0-9_]+$/)
    expect(name.endsWith('_total')).toBe(kind === 'counter')
  }
})
