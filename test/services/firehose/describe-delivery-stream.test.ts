import { expect, test } from 'vitest'
import { ACCOUNT, BUCKET, FirehoseWorld, NAME, ROLE, S3 } from './firehose-world.ts'

const plainDefaults = {
  RoleARN: ROLE,
  BucketARN: BUCKET,
  BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
  CompressionFormat: 'UNCOMPRESSED',
  EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
  CloudWatchLoggingOptions: { Enabled: false },
}

test('a stream is described in full, with the defaults filled in and both S3 descriptions', async () => {
  const firehose = await FirehoseWorld.open()
  await firehose.call('CreateDeliveryStream', { DeliveryStreamName: NAME, S3DestinationConfiguration: S3 })
  const createdAtMs = firehose.world.clock.nowMs()
  expect(await firehose.describe()).toEqual({
    DeliveryStreamName: NAME,
    DeliveryStreamARN: `arn:aws:firehose:eu-west-1:${ACCOUNT}:deliverystream/clicks`,
    DeliveryStreamStatus: 'CREATING',
    DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' },
    DeliveryStreamType: 'DirectPut',
    VersionId: '1',
    CreateTimestamp: new Date(createdAtMs),
    Destinations: [
      {
        DestinationId: 'destinationId-000000000001',
        S3DestinationDescription: plainDefaults,
        ExtendedS3DestinationDescription: { ...plainDefaults, S3BackupMode: 'Disabled', CustomTimeZone: 'UTC' },
      },
    ],
    HasMoreDestinations: false,
  })
})

test('what was configured is read back, and features that were switched off as they were sent', async () => {
  const firehose = await FirehoseWorld.open()
  const sent = {
    Prefix: 'p/!{timestamp:yyyy}/',
    ErrorOutputPrefix: 'error',
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 0 },
    CompressionFormat: 'GZIP',
    EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
    CloudWatchLoggingOptions: { Enabled: false, LogGroupName: 'g' },
    ProcessingConfiguration: { Enabled: false, Processors: [] },
    S3BackupMode: 'Disabled',
    DynamicPartitioningConfiguration: { Enabled: false },
    DataFormatConversionConfiguration: { Enabled: false },
    FileExtension: '.json.gz',
    CustomTimeZone: 'Europe/Berlin',
  } as const
  await firehose.create(sent)
  const [destination] = (await firehose.describe()).Destinations
  expect(destination?.ExtendedS3DestinationDescription).toEqual({ ...S3, ...sent })
  const { Prefix, ErrorOutputPrefix, BufferingHints, CompressionFormat, EncryptionConfiguration } = sent
  expect(destination?.S3DestinationDescription).toEqual({
    ...S3,
    Prefix,
    ErrorOutputPrefix,
    BufferingHints,
    CompressionFormat,
    EncryptionConfiguration,
    CloudWatchLoggingOptions: sent.CloudWatchLoggingOptions,
  })
  await firehose.world.restart()
  expect((await firehose.describe()).Destinations[0]).toEqual(destination)
})

test('a name that nobody has is answered as AWS does', async () => {
  const firehose = await FirehoseWorld.open()
  await expect(firehose.describe()).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: `Firehose clicks under account ${ACCOUNT} not found.`,
  })
})

test('behind the only destination there is none', async () => {
  const firehose = await FirehoseWorld.open()
  await firehose.create()
  const { DeliveryStreamDescription } = await firehose.call('DescribeDeliveryStream', {
    DeliveryStreamName: NAME,
    ExclusiveStartDestinationId: 'destinationId-000000000001',
  })
  expect(DeliveryStreamDescription.Destinations).toEqual([])
})
