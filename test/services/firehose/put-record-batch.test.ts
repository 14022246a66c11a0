import { expect, test } from 'vitest'
import { FirehoseWorld, NAME } from './firehose-world.ts'

const limits = { streamBytesMax: 10, totalBytesMax: 1_000, queuedBytesMax: 1_000 }

test('a batch answers one outcome per record, in order, and its bytes arrive', async () => {
  const firehose = await FirehoseWorld.open()
  await firehose.create()
  const answer = await firehose.call('PutRecordBatch', { DeliveryStreamName: NAME, Records: records('a', 'b', 'c') })
  expect(answer).toMatchObject({ FailedPutCount: 0, Encrypted: false })
  const ids = answer.RequestResponses.map(({ RecordId = '' }) => RecordId)
  expect(new Set(ids).size).toBe(3)
  expect(Math.min(...ids.map((id) => id.length))).toBeGreaterThanOrEqual(220)
  await firehose.world.drain()
  expect(firehose.world.bodies()).toEqual(['abc'])
})

test('records without room are refused one by one, the others are kept', async () => {
  const firehose = await FirehoseWorld.open({ limits })
  await firehose.create()
  const answer = await firehose.call('PutRecordBatch', {
    DeliveryStreamName: NAME,
    Records: records('12345678', '9abcdef'),
  })
  expect(answer.FailedPutCount).toBe(1)
  expect(answer.RequestResponses[0]).toEqual({ RecordId: expect.any(String) })
  expect(answer.RequestResponses[1]).toEqual({ ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' })
})

test('a call without room for anything is refused whole', async () => {
  const firehose = await FirehoseWorld.open({ limits })
  await firehose.create()
  const putting = firehose.call('PutRecordBatch', { DeliveryStreamName: NAME, Records: records('12345678901') })
  await expect(putting).rejects.toMatchObject({
    code: 'ServiceUnavailableException',
    status: 503,
    message: 'Slow down.',
  })
})

test('a batch of 4 MiB is taken, one byte more is refused and nothing of it kept', async () => {
  const firehose = await FirehoseWorld.open()
  await firehose.create()
  const full = Array.from({ length: 4 }, () => ({ Data: Buffer.alloc(1_000_000) }))
  const rest = { Data: Buffer.alloc(4 * 1024 * 1024 - 4_000_000) }
  const over = [...full, rest, { Data: Buffer.alloc(1) }]
  const putting = firehose.call('PutRecordBatch', { DeliveryStreamName: NAME, Records: over })
  await expect(putting).rejects.toMatchObject({
    code: 'InvalidArgumentException',
    message: 'Records size exceeds 4 MB limit',
  })
  expect(firehose.world.streams.progress()[0]?.bufferedBytes).toBe(0)
  const answer = await firehose.call('PutRecordBatch', { DeliveryStreamName: NAME, Records: [...full, rest] })
  expect(answer.FailedPutCount).toBe(0)
})

test('a stream that is not there takes nothing', async () => {
  const firehose = await FirehoseWorld.open()
  const putting = firehose.call('PutRecordBatch', { DeliveryStreamName: 'nobody', Records: records('a') })
  await expect(putting).rejects.toMatchObject({ code: 'ResourceNotFoundException' })
})

function records(...texts: string[]) {
  return texts.map((text) => ({ Data: Buffer.from(text) }))
}
