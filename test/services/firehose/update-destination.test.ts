import { expect, test } from 'vitest'
import type { UpdateDestinationInput } from '../../../src/wire/model/firehose.ts'
import { FirehoseWorld, NAME, ROLE, S3 } from './firehose-world.ts'

const present = {
  DeliveryStreamName: NAME,
  CurrentDeliveryStreamVersionId: '1',
  DestinationId: 'destinationId-000000000001',
}

test('members that are not sent stay, blocks are replaced whole, and the version grows', async () => {
  const firehose = await FirehoseWorld.open()
  await firehose.create({
    Prefix: 'p/',
    CompressionFormat: 'GZIP',
    BufferingHints: { SizeInMBs: 2, IntervalInSeconds: 60 },
    FileExtension: '.gz2',
    CustomTimeZone: 'Asia/Tokyo',
  })
  await firehose.world.clock.advance(5_000)
  const ExtendedS3DestinationUpdate = { BufferingHints: { SizeInMBs: 3, IntervalInSeconds: 90 }, FileExtension: '' }
  expect(await firehose.call('UpdateDestination', { ...present, ExtendedS3DestinationUpdate })).toEqual({})
  const description = await firehose.describe()
  expect(description).toMatchObject({
    VersionId: '2',
    DeliveryStreamStatus: 'ACTIVE',
    LastUpdateTimestamp: new Date(firehose.world.clock.nowMs()),
  })
  expect(description.Destinations[0]?.ExtendedS3DestinationDescription).toEqual({
    ...S3,
    Prefix: 'p/',
    CompressionFormat: 'GZIP',
    BufferingHints: { SizeInMBs: 3, IntervalInSeconds: 90 },
    CustomTimeZone: 'Asia/Tokyo',
    EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
    CloudWatchLoggingOptions: { Enabled: false },
    S3BackupMode: 'Disabled',
  })
})

test('the plain update changes the same destination', async () => {
  const firehose = await FirehoseWorld.open()
  await firehose.create({ Prefix: 'p/' })
  await firehose.call('UpdateDestination', { ...present, S3DestinationUpdate: { CompressionFormat: 'GZIP' } })
  expect((await firehose.describe()).Destinations[0]?.S3DestinationDescription).toMatchObject({
    Prefix: 'p/',
    CompressionFormat: 'GZIP',
  })
})

const refused: [string, Partial<UpdateDestinationInput>, string, string][] = [
  [
    'a stream that is not there',
    { DeliveryStreamName: 'nobody', S3DestinationUpdate: {} },
    'ResourceNotFoundException',
    'not found.',
  ],
  [
    'an old version',
    { CurrentDeliveryStreamVersionId: '7', S3DestinationUpdate: {} },
    'ConcurrentModificationException',
    'Cannot update firehose: clicks since the current version id: 1 and specified version id: 7 do not match',
  ],
  [
    'an unknown destination',
    { DestinationId: 'destinationId-000000000002', S3DestinationUpdate: {} },
    'InvalidArgumentException',
    'Destination Id destinationId-000000000002 not found',
  ],
  ['no update at all', {}, 'InvalidArgumentException', 'Exactly one destination configuration'],
  [
    'two updates',
    { S3DestinationUpdate: {}, ExtendedS3DestinationUpdate: {} },
    'InvalidArgumentException',
    'Exactly one destination configuration',
  ],
  [
    'another kind of destination',
    { IcebergDestinationUpdate: {} },
    'InvalidArgumentException',
    'IcebergDestinationUpdate is not offered by lakelet',
  ],
  [
    'a change to a backup that is not there',
    { ExtendedS3DestinationUpdate: { S3BackupUpdate: {} } },
    'InvalidArgumentException',
    'S3 backup destination configuration is required when enabling S3 backup.',
  ],
  [
    'dynamic partitioning, which only a new stream can have',
    { ExtendedS3DestinationUpdate: { DynamicPartitioningConfiguration: { Enabled: true } } },
    'InvalidArgumentException',
    'Enabling Dynamic Partitioning is only supported when the delivery stream is created.',
  ],
  [
    'expressions without an error prefix',
    { ExtendedS3DestinationUpdate: { Prefix: '!{timestamp:yyyy}' } },
    'InvalidArgumentException',
    'Ths supplied prefix(es)',
  ],
  [
    'a role that is not there',
    { ExtendedS3DestinationUpdate: { RoleARN: `${ROLE}-gone` } },
    'InvalidArgumentException',
    'Firehose is unable to assume role',
  ],
]

for (const [what, input, code, message] of refused) {
  test(`an update with ${what} is refused and changes nothing`, async () => {
    const firehose = await FirehoseWorld.open()
    firehose.world.roles = (arn) => arn === ROLE
    await firehose.create()
    const updating = firehose.call('UpdateDestination', { ...present, ...input })
    await expect(updating).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
    expect((await firehose.describe()).VersionId).toBe('1')
  })
}
