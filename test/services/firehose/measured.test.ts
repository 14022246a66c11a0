import { expect, test } from 'vitest'
import { START_MS } from '../../telemetry/metric-world.ts'
import { FirehoseWorld, NAME, S3 } from './firehose-world.ts'

function sums(firehose: FirehoseWorld): Record<string, number> {
  const nowMs = firehose.world.clock.nowMs()
  return Object.fromEntries(
    firehose.metrics.known().map(({ name }) => {
      const points = firehose.metrics.points(name, START_MS - 1e12, nowMs + 60_000)
      return [name.name, points.reduce((sum, { summary }) => sum + summary.sum, 0)]
    }),
  )
}

test('calls are counted with their bytes, once they succeed', async () => {
  const firehose = await FirehoseWorld.open()
  await firehose.create()
  const Data = Buffer.alloc(100)
  await firehose.call('PutRecord', { DeliveryStreamName: NAME, Record: { Data } })
  await firehose.call('PutRecordBatch', { DeliveryStreamName: NAME, Records: [{ Data }, { Data }] })
  await firehose.describe()
  await firehose.call('ListDeliveryStreams', {})
  await firehose.call('UpdateDestination', {
    DeliveryStreamName: NAME,
    CurrentDeliveryStreamVersionId: '1',
    DestinationId: 'destinationId-000000000001',
    S3DestinationUpdate: S3,
  })
  expect(sums(firehose)).toMatchObject({
    IncomingPutRequests: 2,
    'PutRecord.Requests': 1,
    'PutRecord.Bytes': 100,
    'PutRecordBatch.Requests': 1,
    'PutRecordBatch.Records': 2,
    'PutRecordBatch.Bytes': 200,
    'DescribeDeliveryStream.Requests': 1,
    'ListDeliveryStreams.Requests': 1,
    'UpdateDeliveryStream.Requests': 1,
  })
})

test('a stream that is not there leaves no trace', async () => {
  const firehose = await FirehoseWorld.open()
  const record = { DeliveryStreamName: 'none', Record: { Data: Buffer.from('x') } }
  await expect(firehose.call('PutRecord', record)).rejects.toMatchObject({ code: 'ResourceNotFoundException' })
  await expect(firehose.call('DescribeDeliveryStream', { DeliveryStreamName: 'none' })).rejects.toBeDefined()
  expect(firehose.metrics.known()).toEqual([])
})
