/** What is configured is read back, and what updates make of it. Terraform reads every one of these members. */
import { expect, test } from 'vitest'
import type {
  ExtendedS3DestinationConfiguration,
  ExtendedS3DestinationDescription,
  ExtendedS3DestinationUpdate,
  ProcessingConfiguration,
} from '../../../src/wire/model/firehose.ts'
import { FirehoseWorld, NAME, ROLE, S3 } from './firehose-world.ts'

type Sent = Partial<ExtendedS3DestinationConfiguration>

const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:f'
const LARGE = { SizeInMBs: 128, IntervalInSeconds: 300 }
const LOGGED = { Enabled: true, LogGroupName: '/aws/kinesisfirehose/clicks', LogStreamName: 'DestinationDelivery' }

const defaults = {
  ...S3,
  BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
  CompressionFormat: 'UNCOMPRESSED',
  EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
  CloudWatchLoggingOptions: { Enabled: false },
} as const

const conversion = {
  SchemaConfiguration: { RoleARN: ROLE, DatabaseName: 'd', TableName: 't', VersionId: 'LATEST' },
  InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
  OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'GZIP' } } },
} as const

const byQuery: ProcessingConfiguration = {
  Enabled: true,
  Processors: [
    { Type: 'RecordDeAggregation', Parameters: [{ ParameterName: 'SubRecordType', ParameterValue: 'JSON' }] },
    { Type: 'AppendDelimiterToRecord' },
    {
      Type: 'MetadataExtraction',
      Parameters: [
        { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
        { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{customer:.customer}' },
      ],
    },
  ],
}

const partitioned = {
  DynamicPartitioningConfiguration: { Enabled: true },
  ProcessingConfiguration: byQuery,
  Prefix: '!{partitionKeyFromQuery:customer}/',
  ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
} as const

const withFunction: ProcessingConfiguration = {
  Enabled: true,
  Processors: [{ Type: 'Lambda', Parameters: [{ ParameterName: 'LambdaArn', ParameterValue: FUNCTION }] }],
}
const withFunctionInFull: ProcessingConfiguration = {
  Enabled: true,
  Processors: [
    {
      Type: 'Lambda',
      Parameters: [
        { ParameterName: 'LambdaArn', ParameterValue: FUNCTION },
        { ParameterName: 'NumberOfRetries', ParameterValue: '3' },
        { ParameterName: 'RoleArn', ParameterValue: ROLE },
        { ParameterName: 'BufferSizeInMBs', ParameterValue: '1' },
        { ParameterName: 'BufferIntervalInSeconds', ParameterValue: '60' },
      ],
    },
  ],
}

/** [what, sent, what is described beside the defaults] */
const described: [string, Sent, Partial<ExtendedS3DestinationDescription>][] = [
  ['nothing', {}, {}],
  ['a Lambda function', { ProcessingConfiguration: withFunction }, { ProcessingConfiguration: withFunctionInFull }],
  [
    'dynamic partitioning',
    partitioned,
    {
      ...partitioned,
      BufferingHints: LARGE,
      DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 300 } },
    },
  ],
  [
    'dynamic partitioning without retries, in small batches',
    {
      ...partitioned,
      BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
      DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 0 } },
    },
    {
      ...partitioned,
      BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
      DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 0 } },
    },
  ],
  [
    'conversion',
    { DataFormatConversionConfiguration: conversion },
    { BufferingHints: LARGE, DataFormatConversionConfiguration: { ...conversion, Enabled: true } },
  ],
  [
    'conversion that is switched off',
    { DataFormatConversionConfiguration: { ...conversion, Enabled: false } },
    { DataFormatConversionConfiguration: { ...conversion, Enabled: false } },
  ],
  [
    'a backup',
    { S3BackupMode: 'Enabled', S3BackupConfiguration: { ...S3, Prefix: 'source/' } },
    { S3BackupMode: 'Enabled', S3BackupDescription: { ...defaults, Prefix: 'source/' } },
  ],
  [
    'a backup in full',
    {
      S3BackupMode: 'Enabled',
      S3BackupConfiguration: {
        ...S3,
        Prefix: 'source/',
        ErrorOutputPrefix: 'e/',
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
        CompressionFormat: 'GZIP',
        EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: KEY } },
        CloudWatchLoggingOptions: LOGGED,
      },
    },
    {
      S3BackupMode: 'Enabled',
      S3BackupDescription: {
        ...S3,
        Prefix: 'source/',
        ErrorOutputPrefix: 'e/',
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
        CompressionFormat: 'GZIP',
        EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: KEY } },
        CloudWatchLoggingOptions: LOGGED,
      },
    },
  ],
  [
    'a place for a backup that is off',
    { S3BackupMode: 'Disabled', S3BackupConfiguration: S3 },
    { S3BackupDescription: defaults },
  ],
  [
    'a key of KMS and a log',
    {
      EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: KEY } },
      CloudWatchLoggingOptions: LOGGED,
    },
    {
      EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: KEY } },
      CloudWatchLoggingOptions: LOGGED,
    },
  ],
  [
    'features that are named and not switched on',
    {
      ProcessingConfiguration: { Processors: [] },
      DynamicPartitioningConfiguration: {},
      CloudWatchLoggingOptions: { LogGroupName: 'g' },
    },
    {
      ProcessingConfiguration: { Enabled: false, Processors: [] },
      DynamicPartitioningConfiguration: { Enabled: false },
      CloudWatchLoggingOptions: { Enabled: false, LogGroupName: 'g' },
    },
  ],
]

for (const [what, sent, expected] of described) {
  test(`${what}: read back after creation and after a restart`, async () => {
    const firehose = await FirehoseWorld.open()
    await firehose.create(sent)
    const whole = { ...defaults, S3BackupMode: 'Disabled', CustomTimeZone: 'UTC', ...expected }
    expect(await extendedOf(firehose)).toEqual(whole)
    await firehose.world.restart()
    expect(await extendedOf(firehose)).toEqual(whole)
  })
}

test('the plain description knows nothing of what plain destinations do not have', async () => {
  const firehose = await FirehoseWorld.open()
  await firehose.create({ ...partitioned, S3BackupMode: 'Enabled', S3BackupConfiguration: S3 })
  const [destination] = (await firehose.describe()).Destinations
  const { Prefix, ErrorOutputPrefix } = partitioned
  expect(destination?.S3DestinationDescription).toEqual({
    ...defaults,
    BufferingHints: LARGE,
    Prefix,
    ErrorOutputPrefix,
  })
})

test('everything configured is understood', async () => {
  const firehose = await FirehoseWorld.open()
  await firehose.create({
    ...partitioned,
    DataFormatConversionConfiguration: conversion,
    EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: KEY } },
    CloudWatchLoggingOptions: LOGGED,
    S3BackupMode: 'Enabled',
    S3BackupConfiguration: { ...S3, BucketARN: 'arn:aws:s3:::backup', CompressionFormat: 'GZIP' },
  })
  expect(firehose.world.streams.streamNamed(NAME).destination).toMatchObject({
    processing: [
      { kind: 'deaggregate', subRecord: { kind: 'json' } },
      { kind: 'extractMetadata', query: '{customer:.customer}' },
      { kind: 'appendDelimiter', delimiter: '\n' },
    ],
    partitioning: { retryMs: 300_000 },
    conversion: { schema: { database: 'd', table: 't' }, serializer: { compression: 'GZIP' } },
    backup: { bucket: 'backup', compression: 'GZIP', buffering: { bytesMax: 5 * 1024 * 1024, intervalMs: 300_000 } },
    kmsKeyArn: KEY,
    errorLog: { group: '/aws/kinesisfirehose/clicks', stream: 'DestinationDelivery' },
    switchedOff: {},
  })
})

/** [what, sent at creation, update, what is described of it] */
const updates: [string, Sent, ExtendedS3DestinationUpdate, Partial<ExtendedS3DestinationDescription>][] = [
  [
    'an update of something else leaves everything as it was',
    { ...partitioned, DataFormatConversionConfiguration: conversion, CloudWatchLoggingOptions: LOGGED },
    { FileExtension: '.pq' },
    {
      ...partitioned,
      DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 300 } },
      DataFormatConversionConfiguration: { ...conversion, Enabled: true },
      CloudWatchLoggingOptions: LOGGED,
      FileExtension: '.pq',
    },
  ],
  [
    'processing is switched off, and forgotten',
    { ProcessingConfiguration: withFunction },
    { ProcessingConfiguration: { Enabled: false } },
    { ProcessingConfiguration: { Enabled: false } },
  ],
  [
    'processors are replaced whole',
    { ProcessingConfiguration: withFunction },
    { ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord' }] } },
    { ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord' }] } },
  ],
  [
    'conversion is switched off, and remembered',
    { DataFormatConversionConfiguration: conversion },
    { DataFormatConversionConfiguration: { Enabled: false } },
    { DataFormatConversionConfiguration: { ...conversion, Enabled: false } },
  ],
  [
    'conversion is switched on again',
    {
      DataFormatConversionConfiguration: { ...conversion, Enabled: false },
      BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 0 },
    },
    { DataFormatConversionConfiguration: { Enabled: true } },
    { DataFormatConversionConfiguration: { ...conversion, Enabled: true } },
  ],
  [
    'a backup is switched on',
    {},
    { S3BackupMode: 'Enabled', S3BackupUpdate: { ...S3, Prefix: 'source/' } },
    { S3BackupMode: 'Enabled', S3BackupDescription: { ...defaults, Prefix: 'source/' } },
  ],
  [
    'a backup whose place is known is switched on',
    { S3BackupConfiguration: S3 },
    { S3BackupMode: 'Enabled' },
    { S3BackupMode: 'Enabled', S3BackupDescription: defaults },
  ],
  [
    'members of a backup that are not sent stay',
    { S3BackupMode: 'Enabled', S3BackupConfiguration: { ...S3, Prefix: 'source/' } },
    { S3BackupUpdate: { CompressionFormat: 'GZIP' } },
    { S3BackupMode: 'Enabled', S3BackupDescription: { ...defaults, Prefix: 'source/', CompressionFormat: 'GZIP' } },
  ],
  [
    'a key of KMS is taken away',
    { EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: KEY } } },
    { EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' } },
    { EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' } },
  ],
  [
    'time between retries changes while partitioning stays on',
    partitioned,
    { DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 7200 } } },
    { DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 7200 } } },
  ],
]

for (const [claim, sent, change, expected] of updates) {
  test(claim, async () => {
    const firehose = await FirehoseWorld.open()
    await firehose.create(sent)
    await update(firehose, change)
    const description = await extendedOf(firehose)
    for (const [member, value] of Object.entries(expected))
      expect(description?.[member as keyof ExtendedS3DestinationDescription]).toEqual(value)
  })
}

const OFF_NEVER = 'Disabling S3 backup is not currently supported.'

/** [what, sent at creation, update, AWS's words] */
const refusedUpdates: [string, Sent, ExtendedS3DestinationUpdate, string][] = [
  [
    'a backup is never switched off',
    { S3BackupMode: 'Enabled', S3BackupConfiguration: S3 },
    { S3BackupMode: 'Disabled' },
    OFF_NEVER,
  ],
  [
    'a backup needs a place',
    {},
    { S3BackupMode: 'Enabled', S3BackupUpdate: { RoleARN: ROLE } },
    'S3 backup destination configuration is required when enabling S3 backup.',
  ],
  [
    'partitioning is not switched on later',
    {},
    { ...partitioned, BufferingHints: LARGE },
    'Enabling Dynamic Partitioning is only supported when the delivery stream is created.',
  ],
  [
    'partitioning is never switched off',
    partitioned,
    { DynamicPartitioningConfiguration: { Enabled: false } },
    'Disabling Dynamic Partitioning is not supported.',
  ],
  [
    'partitioning goes on needing its keys',
    partitioned,
    { ProcessingConfiguration: { Enabled: false } },
    'Processing Configuration is not enabled when DataPartitioning is enabled',
  ],
  [
    'partitioning goes on needing large batches',
    partitioned,
    { BufferingHints: { SizeInMBs: 63, IntervalInSeconds: 60 } },
    'BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.',
  ],
  [
    'conversion needs large batches',
    {},
    { DataFormatConversionConfiguration: conversion },
    'BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled.',
  ],
  [
    'conversion looks at compression before anything else',
    { CompressionFormat: 'GZIP' },
    { DataFormatConversionConfiguration: {} },
    "The S3 destination's compression format must be set to UNCOMPRESSED when data format conversion is enabled",
  ],
  [
    'a log needs a stream',
    {},
    { CloudWatchLoggingOptions: { Enabled: true, LogGroupName: 'g' } },
    'CloudWatch Log Stream Name is required if CloudWatch Logging is enabled',
  ],
  [
    'objects are encrypted in one way',
    {},
    {
      EncryptionConfiguration: {
        NoEncryptionConfig: 'NoEncryption',
        KMSEncryptionConfig: { AWSKMSKeyARN: KEY },
      },
    },
    'ExtendedS3DestinationUpdate.EncryptionConfiguration takes NoEncryptionConfig or KMSEncryptionConfig, not both.',
  ],
]

for (const [claim, sent, change, message] of refusedUpdates) {
  test(claim, async () => {
    const firehose = await FirehoseWorld.open()
    await firehose.create(sent)
    const before = await firehose.describe()
    await expect(update(firehose, change)).rejects.toMatchObject({ code: 'InvalidArgumentException', message })
    expect(await firehose.describe()).toEqual(before)
  })
}

async function update(firehose: FirehoseWorld, ExtendedS3DestinationUpdate: ExtendedS3DestinationUpdate) {
  await firehose.call('UpdateDestination', {
    DeliveryStreamName: NAME,
    CurrentDeliveryStreamVersionId: '1',
    DestinationId: 'destinationId-000000000001',
    ExtendedS3DestinationUpdate,
  })
}

async function extendedOf(firehose: FirehoseWorld) {
  return (await firehose.describe()).Destinations[0]?.ExtendedS3DestinationDescription
}
