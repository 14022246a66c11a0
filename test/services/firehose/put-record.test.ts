import { expect, test } from 'vitest'
import { FirehoseWorld, NAME } from './firehose-world.ts'

test('one record is answered with its id and arrives', async () => {
  const firehose = await FirehoseWorld.open()
  await firehose.create()
  const answer = await firehose.call('PutRecord', { DeliveryStreamName: NAME, Record: { Data: Buffer.from('a\n') } })
  expect(answer).toEqual({ RecordId: expect.stringMatching(/^[A-Za-z0-9]{220,}$/), Encrypted: false })
  await firehose.world.drain()
  expect(firehose.world.bodies()).toEqual(['a\n'])
})

test('a disk that is full is answered as a reason to try again', async () => {
  const firehose = await FirehoseWorld.open()
  await firehose.create()
  firehose.world.disk.faults.push('fullDisk')
  const putting = firehose.call('PutRecord', { DeliveryStreamName: NAME, Record: { Data: Buffer.from('a') } })
  await expect(putting).rejects.toMatchObject({ code: 'ServiceUnavailableException', message: 'Slow down.' })
})
