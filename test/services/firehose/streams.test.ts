/** Listing, deleting, tagging and encryption: operations too small for a file each. */
import { expect, test } from 'vitest'
import { firehoseService } from '../../../src/services/firehose/index.ts'
import { firehoseModel } from '../../../src/wire/model/firehose.ts'
import { ACCOUNT, FirehoseWorld, NAME, S3 } from './firehose-world.ts'

test('every operation of the model is in the table', async () => {
  const { world, metrics } = await FirehoseWorld.open()
  const { streams, clock, customerKeys: keys } = world
  const service = firehoseService({ streams, keys, metrics, clock, region: 'eu-west-1', accountId: ACCOUNT })
  expect(Object.keys(service.operations).sort()).toEqual(Object.keys(firehoseModel.operations).sort())
  expect(service.signingName).toBe(firehoseModel.signingName)
})

test('streams are listed alphabetically, ten at a time, and by type', async () => {
  const firehose = await FirehoseWorld.open()
  for (let index = 11; index > 0; index--)
    await firehose.call('CreateDeliveryStream', {
      DeliveryStreamName: `s${String(index).padStart(2, '0')}`,
      S3DestinationConfiguration: S3,
    })
  const first = await firehose.call('ListDeliveryStreams', {})
  expect(first).toMatchObject({ HasMoreDeliveryStreams: true })
  expect(first.DeliveryStreamNames).toHaveLength(10)
  expect(await firehose.call('ListDeliveryStreams', { ExclusiveStartDeliveryStreamName: 's10' })).toEqual({
    DeliveryStreamNames: ['s11'],
    HasMoreDeliveryStreams: false,
  })
  expect(await firehose.call('ListDeliveryStreams', { DeliveryStreamType: 'MSKAsSource' })).toEqual({
    DeliveryStreamNames: [],
    HasMoreDeliveryStreams: false,
  })
  expect(
    (await firehose.call('ListDeliveryStreams', { DeliveryStreamType: 'DirectPut', Limit: 3 })).DeliveryStreamNames,
  ).toEqual(['s01', 's02', 's03'])
})

test('a stream is deleted once it is ACTIVE, and then is gone', async () => {
  const firehose = await FirehoseWorld.open()
  await firehose.call('CreateDeliveryStream', { DeliveryStreamName: NAME, S3DestinationConfiguration: S3 })
  await expect(firehose.call('DeleteDeliveryStream', { DeliveryStreamName: NAME })).rejects.toMatchObject({
    code: 'ResourceInUseException',
  })
  await firehose.world.clock.advance(1_000)
  expect(await firehose.call('DeleteDeliveryStream', { DeliveryStreamName: NAME, AllowForceDelete: true })).toEqual({})
  await firehose.world.clock.advance(1)
  await expect(firehose.call('DeleteDeliveryStream', { DeliveryStreamName: NAME })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  })
})

test('tags are given at creation, added, listed page by page and removed', async () => {
  const firehose = await FirehoseWorld.open()
  await firehose.call('CreateDeliveryStream', {
    DeliveryStreamName: NAME,
    S3DestinationConfiguration: S3,
    Tags: [{ Key: 'b', Value: '1' }, { Key: 'empty' }],
  })
  expect(
    await firehose.call('TagDeliveryStream', { DeliveryStreamName: NAME, Tags: [{ Key: 'a', Value: '2' }] }),
  ).toEqual({})
  expect(await firehose.call('ListTagsForDeliveryStream', { DeliveryStreamName: NAME, Limit: 2 })).toEqual({
    Tags: [
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '1' },
    ],
    HasMoreTags: true,
  })
  await firehose.call('UntagDeliveryStream', { DeliveryStreamName: NAME, TagKeys: ['a', 'unknown'] })
  expect(
    await firehose.call('ListTagsForDeliveryStream', { DeliveryStreamName: NAME, ExclusiveStartTagKey: 'b' }),
  ).toEqual({ Tags: [{ Key: 'empty', Value: '' }], HasMoreTags: false })
})
