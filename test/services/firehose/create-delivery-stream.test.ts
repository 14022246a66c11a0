import { expect, test } from 'vitest'
import type { CreateDeliveryStreamInput } from '../../../src/wire/model/firehose.ts'
import { ACCOUNT, FirehoseWorld, NAME, ROLE, S3 } from './firehose-world.ts'

test('creating answers the ARN', async () => {
  const firehose = await FirehoseWorld.open()
  expect(
    await firehose.call('CreateDeliveryStream', { DeliveryStreamName: NAME, S3DestinationConfiguration: S3 }),
  ).toEqual({ DeliveryStreamARN: `arn:aws:firehose:eu-west-1:${ACCOUNT}:deliverystream/clicks` })
})

type Input = Omit<CreateDeliveryStreamInput, 'DeliveryStreamName'>
const withS3 = (extended: Partial<Input['ExtendedS3DestinationConfiguration']>): Input => ({
  ExtendedS3DestinationConfiguration: { ...S3, ...extended },
})
const elsewhere = { ...S3, IndexName: 'i', S3Configuration: S3 }

const refused: [string, Input, string][] = [
  ['no destination', {}, 'Exactly one destination configuration is supported for a Firehose'],
  [
    'two destinations',
    { S3DestinationConfiguration: S3, ExtendedS3DestinationConfiguration: S3 },
    'Exactly one destination configuration is supported for a Firehose',
  ],
  [
    'another kind of destination',
    { AmazonopensearchserviceDestinationConfiguration: elsewhere },
    'AmazonopensearchserviceDestinationConfiguration is not offered by lakelet',
  ],
  [
    'a Kinesis source',
    {
      ...withS3({}),
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: { KinesisStreamARN: 'arn:aws:kinesis:::stream/s', RoleARN: ROLE },
    },
    'KinesisStreamSourceConfiguration is not offered by lakelet',
  ],
  [
    'a Kinesis type',
    { ...withS3({}), DeliveryStreamType: 'KinesisStreamAsSource' },
    'DeliveryStreamType KinesisStreamAsSource',
  ],
  [
    'a throughput hint',
    { ...withS3({}), DirectPutSourceConfiguration: { ThroughputHintInMBs: 5 } },
    'DirectPutSourceConfiguration',
  ],
  [
    'a processor that lacks a parameter',
    withS3({ ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'Lambda' }] } }),
    'LambdaArn is required when Lambda processor is used.',
  ],
  [
    'dynamic partitioning of 64 MiB less one',
    withS3({
      DynamicPartitioningConfiguration: { Enabled: true },
      BufferingHints: { SizeInMBs: 63, IntervalInSeconds: 60 },
    }),
    'BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.',
  ],
  [
    'dynamic partitioning that does not say by what',
    withS3({ DynamicPartitioningConfiguration: { Enabled: true } }),
    'Processing Configuration is not enabled when DataPartitioning is enabled',
  ],
  [
    'format conversion, on unless said, that does not say how',
    withS3({ DataFormatConversionConfiguration: {} }),
    'InputFormatConfiguration must not be null',
  ],
  [
    'CloudWatch logging to no group',
    withS3({ CloudWatchLoggingOptions: { Enabled: true } }),
    'CloudWatch Log Group Name is required if CloudWatch Logging is enabled',
  ],
  [
    'S3 backup to no place',
    withS3({ S3BackupMode: 'Enabled' }),
    'S3 backup destination configuration is required when enabling S3 backup.',
  ],
  [
    'a role of a backup that is not there',
    withS3({ S3BackupMode: 'Enabled', S3BackupConfiguration: { ...S3, RoleARN: `${ROLE}-backup` } }),
    `Firehose is unable to assume role ${ROLE}-backup. Please check the role provided.`,
  ],
  ['a size without an interval', withS3({ BufferingHints: { SizeInMBs: 1 } }), 'BufferingHints needs both'],
  ['an interval without a size', withS3({ BufferingHints: { IntervalInSeconds: 60 } }), 'BufferingHints needs both'],
  ['an ARN of no possible bucket', withS3({ BucketARN: 'arn:aws:s3:::No_Bucket' }), 'does not name an S3 bucket'],
  [
    'expressions without an error prefix',
    withS3({ Prefix: '!{timestamp:yyyy}/' }),
    'Ths supplied prefix(es) do not satisfy the following constraint: ErrorOutputPrefix cannot be null or empty when Prefix contains expressions',
  ],
  ['a short time zone', withS3({ CustomTimeZone: 'EST' }), 'non-3-letter identifiers'],
  [
    'a role that is not there',
    withS3({ RoleARN: `${ROLE}-gone` }),
    `Firehose is unable to assume role ${ROLE}-gone. Please check the role provided.`,
  ],
]

for (const [what, input, message] of refused) {
  test(`${what} is refused by name, and nothing is made`, async () => {
    const firehose = await FirehoseWorld.open()
    firehose.world.roles = (arn) => arn === ROLE
    const creating = firehose.call('CreateDeliveryStream', { DeliveryStreamName: NAME, ...input })
    await expect(creating).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      status: 400,
      message: expect.stringContaining(message),
    })
    expect((await firehose.call('ListDeliveryStreams', {})).DeliveryStreamNames).toEqual([])
  })
}

for (const CompressionFormat of ['UNCOMPRESSED', 'GZIP', 'ZIP', 'Snappy', 'HADOOP_SNAPPY'] as const) {
  test(`${CompressionFormat} is taken by every kind of S3 destination, and read back`, async () => {
    const compressed = { ...S3, CompressionFormat }
    const inputs: Input[] = [
      { S3DestinationConfiguration: compressed },
      withS3(compressed),
      withS3({ S3BackupMode: 'Enabled', S3BackupConfiguration: compressed }),
    ]
    for (const [index, input] of inputs.entries()) {
      const firehose = await FirehoseWorld.open()
      await firehose.call('CreateDeliveryStream', { DeliveryStreamName: NAME, ...input })
      const [destination] = (await firehose.describe()).Destinations
      const { ExtendedS3DestinationDescription: extended } = destination ?? {}
      const described = index === 2 ? extended?.S3BackupDescription : destination?.S3DestinationDescription
      expect(described?.CompressionFormat).toBe(CompressionFormat)
    }
  })
}

test('a second stream of the name is refused', async () => {
  const firehose = await FirehoseWorld.open()
  await firehose.create()
  await expect(firehose.create()).rejects.toMatchObject({
    code: 'ResourceInUseException',
    message: `Firehose clicks under accountId ${ACCOUNT} already exists`,
  })
})

test('a bucket that does not exist is no error: delivery waits for it', async () => {
  const firehose = await FirehoseWorld.open()
  await firehose.create({ BucketARN: 'arn:aws:s3:::not-yet' })
  expect((await firehose.describe()).DeliveryStreamStatus).toBe('ACTIVE')
})
