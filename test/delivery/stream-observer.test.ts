import { expect, test } from 'vitest'
import { streamObserver } from '../../src/delivery/stream-observer.ts'
import { silentLog } from '../../src/platform/log.ts'
import { Refusal } from '../../src/platform/refusal.ts'
import { MetadataDatabase } from '../../src/platform/sqlite.ts'
import { firehoseMetrics } from '../../src/telemetry/firehose-metrics.ts'
import { MetricStore } from '../../src/telemetry/metric-store.ts'
import { destinationWith } from '../simulation/delivery-world.ts'
import { FakeClock } from '../support/fake-clock.ts'

const streamArn = 'arn:aws:firehose:us-east-1:000000000000:deliverystream/clicks'
const errorLog = { group: '/aws/kinesisfirehose/clicks', stream: 'DestinationDelivery' }
const batch = { recordCount: 3, bytes: 30, firstRecordAtMs: 1_000 }
const target = { version: 1, bucket: 'lake', key: 'k', compression: 'GZIP' } as const

async function world(part: Parameters<typeof destinationWith>[0] = {}) {
  const clock = new FakeClock(61_000)
  const store = await MetricStore.open({ database: new MetadataDatabase(':memory:'), clock, log: silentLog })
  const entries: [group: string, stream: string, entry: unknown][] = []
  const observer = streamObserver({
    streamArn,
    metrics: firehoseMetrics(store, 'clicks'),
    logs: { append: (group, stream, message) => void entries.push([group, stream, JSON.parse(message)]) },
    clock,
    current: () => ({ version: 7, destination: destinationWith(part) }),
  })
  const totals = () => Object.fromEntries(store.totals().map(({ name, totals: { sum } }) => [name.name, sum]))
  return { observer, entries, totals }
}

test('deliveries and their age are metrics of the destination or of the backup', async () => {
  const { observer, totals } = await world()
  observer.accepted(3, 30)
  observer.throttled(2)
  observer.delivered('destination', batch)
  observer.delivered('backup', batch)
  expect(totals()).toMatchObject({
    IncomingRecords: 3,
    IncomingBytes: 30,
    ThrottledRecords: 2,
    'DeliveryToS3.Records': 3,
    'DeliveryToS3.Success': 1,
    'DeliveryToS3.DataFreshness': 60,
    'BackupToS3.ObjectCount': 1,
  })
})

test.each([
  ['noSuchBucket', 'S3.NoSuchBucket'],
  ['roleNotAssumable', 'S3.AccessDenied'],
  ['keyNotFound', 'S3.KMS.NotFoundException'],
  ['keyDisabled', 'S3.KMS.DisabledException'],
  ['keyPendingDeletion', 'S3.KMS.KMSInvalidStateException'],
])('a delivery that fails with %s is an entry %s of the log', async (code, errorCode) => {
  const { observer, entries, totals } = await world({ errorLog })
  observer.notDelivered('destination', batch, target, new Refusal(code, 'told otherwise'))
  expect(entries).toEqual([
    [
      errorLog.group,
      errorLog.stream,
      {
        deliveryStreamARN: streamArn,
        destination: 'arn:aws:s3:::lake',
        deliveryStreamVersionId: 7,
        errorCode,
        message: expect.stringMatching(/^The (provided|specified)|^Access was denied/),
      },
    ],
  ])
  expect(totals()['DeliveryToS3.Success']).toBe(0)
})

test('what has no code of AWS is told in its own words', async () => {
  const { observer, entries } = await world({ errorLog })
  observer.notDelivered('destination', batch, target, new Error('the disk is full'))
  expect(entries[0]?.[2]).toMatchObject({ errorCode: 'S3.InternalError', message: 'the disk is full' })
})

test('a stream whose owner asked for no log has none', async () => {
  const { observer, entries } = await world()
  observer.notDelivered('destination', batch, target, new Refusal('noSuchBucket', 'gone'))
  observer.notDelivered('backup', batch, target, new Refusal('noSuchBucket', 'gone'))
  expect(entries).toEqual([])
})

test('a thousand records that fail alike are one entry, and partitions are counted', async () => {
  const { observer, entries, totals } = await world({
    errorLog,
    processing: [{ kind: 'extractMetadata', query: '{a:.a}' }],
    partitioning: { retryMs: 0 },
  })
  const failed = Array.from({ length: 1000 }, () => ({
    outputType: 'processing-failed' as const,
    entry: { errorCode: 'Lambda.ProcessingFailedStatus', errorMessage: 'status set to ProcessingFailed' },
  }))
  const source = { data: Buffer.from('ab'), arrivalMs: 1 }
  observer.processed({ records: [{ data: source.data, source }], failed }, { active: 12, areExceeded: true })
  expect(entries.map(([, , entry]) => entry)).toEqual([
    expect.objectContaining({ errorCode: 'Lambda.ProcessingFailedStatus', message: 'status set to ProcessingFailed' }),
  ])
  observer.delivered('destination', batch)
  expect(totals()['PerPartitionThroughput']).toBe(0.5)
  expect(totals()).toMatchObject({ PartitionCount: 12, PartitionCountExceeded: 1, 'SucceedProcessing.Bytes': 2 })
})
