/**
 * What AWS's request framework checks before Firehose sees anything: every limit at its bound and one past it, with the
 * framework's words. The constraints are those of AWS's model; the words and paths were recorded on AWS.
 */
import { expect, test } from 'vitest'
import { dialectOf } from '../../../src/wire/aws-json/dialects.ts'
import { firehoseModel } from '../../../src/wire/model/firehose.ts'
import { validationErrors } from '../../../src/wire/validation.ts'
import { NAME, S3 } from './firehose-world.ts'

const extended = (part: object) => ({
  DeliveryStreamName: NAME,
  ExtendedS3DestinationConfiguration: { ...S3, ...part },
})
const processor = (part: object) =>
  extended({ ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'Lambda', ...part }] } })
const parquet = (part: object) => converted({ OutputFormatConfiguration: { Serializer: { ParquetSerDe: part } } })
const converted = (part: object) => extended({ DataFormatConversionConfiguration: part })
const update = (part: object) => ({
  DeliveryStreamName: NAME,
  CurrentDeliveryStreamVersionId: '1',
  DestinationId: 'destinationId-000000000001',
  ...part,
})
const letters = (count: number) => 'a'.repeat(count)
const tags = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `k${index}` }))
const records = (count: number) => Array.from({ length: count }, () => ({ Data: new Uint8Array() }))
const data = (bytes: number) => ({ DeliveryStreamName: NAME, Record: { Data: new Uint8Array(bytes) } })

const CREATE = 'CreateDeliveryStreamInput'
const EXTENDED = 'extendedS3DestinationConfiguration'
const PARQUET = `${EXTENDED}.dataFormatConversionConfiguration.outputFormatConfiguration.serializer.parquetSerDe`

const longest = (count: number) => `Member must have length less than or equal to ${count}`
const shortest = (count: number) => `Member must have length greater than or equal to ${count}`
const most = (value: number) => `Member must have value less than or equal to ${value}`
const least = (value: number) => `Member must have value greater than or equal to ${value}`
const oneOf = (...words: string[]) => `Member must satisfy enum value set: [${words.join(', ')}]`
const like = (pattern: string) => `Member must satisfy regular expression pattern: ${pattern}`

/** [shape, request from a value, value at the bound, value past it, where, what must be] */
type Bound<Value> = [string, (value: Value) => object, Value, Value, string, string]

function bound<Value>(...[shape, request, within, past, where, what]: Bound<Value>) {
  return { shape, within: request(within), past: request(past), where, what }
}

const hint = (name: 'SizeInMBs' | 'IntervalInSeconds') => (value: number) =>
  extended({ BufferingHints: { [name]: value } })
const text = (name: string) => (value: string) => extended({ [name]: value })

const bounds = [
  bound(CREATE, (name) => ({ DeliveryStreamName: name }), letters(64), letters(65), 'deliveryStreamName', longest(64)),
  bound(
    CREATE,
    (name) => ({ DeliveryStreamName: name }),
    'a_.-9',
    'a b',
    'deliveryStreamName',
    like('[a-zA-Z0-9_.-]+'),
  ),
  bound(CREATE, hint('SizeInMBs'), 128, 129, `${EXTENDED}.bufferingHints.sizeInMBs`, most(128)),
  bound(CREATE, hint('SizeInMBs'), 1, 0, `${EXTENDED}.bufferingHints.sizeInMBs`, least(1)),
  bound(CREATE, hint('IntervalInSeconds'), 900, 901, `${EXTENDED}.bufferingHints.intervalInSeconds`, most(900)),
  bound(CREATE, hint('IntervalInSeconds'), 0, -1, `${EXTENDED}.bufferingHints.intervalInSeconds`, least(0)),
  bound(CREATE, text('Prefix'), letters(1024), letters(1025), `${EXTENDED}.prefix`, longest(1024)),
  bound(
    CREATE,
    text('ErrorOutputPrefix'),
    letters(1024),
    letters(1025),
    `${EXTENDED}.errorOutputPrefix`,
    longest(1024),
  ),
  bound(CREATE, text('CustomTimeZone'), letters(50), letters(51), `${EXTENDED}.customTimeZone`, longest(50)),
  bound(CREATE, text('CustomTimeZone'), '', 'UTC+1', `${EXTENDED}.customTimeZone`, like('^$|[a-zA-Z/_]+')),
  bound(
    CREATE,
    text('FileExtension'),
    `.${letters(127)}`,
    `.${letters(128)}`,
    `${EXTENDED}.fileExtension`,
    longest(128),
  ),
  ...['.', '.Custom.LOG', 'nodot', '. '].map((past) =>
    bound(CREATE, text('FileExtension'), '..', past, `${EXTENDED}.fileExtension`, like("^(|\\.[0-9a-z!\\-_.*'()]+)$")),
  ),
  ...['gzip', 'SNAPPY', 'Gzip'].map((past) =>
    bound(
      CREATE,
      text('CompressionFormat'),
      'Snappy',
      past,
      `${EXTENDED}.compressionFormat`,
      oneOf('ZIP', 'HADOOP_SNAPPY', 'Snappy', 'GZIP', 'UNCOMPRESSED'),
    ),
  ),
  bound(CREATE, text('S3BackupMode'), 'Enabled', 'enabled', `${EXTENDED}.s3BackupMode`, oneOf('Disabled', 'Enabled')),
  bound(
    CREATE,
    text('RoleARN'),
    S3.RoleARN,
    S3.BucketARN,
    `${EXTENDED}.roleARN`,
    like('arn:.*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+'),
  ),
  bound(
    CREATE,
    text('BucketARN'),
    S3.BucketARN,
    S3.RoleARN,
    `${EXTENDED}.bucketARN`,
    like('arn:.*:s3:::[\\w\\.\\-]{1,255}'),
  ),
  bound(
    CREATE,
    (DurationInSeconds: number) =>
      extended({ DynamicPartitioningConfiguration: { RetryOptions: { DurationInSeconds } } }),
    7200,
    7201,
    `${EXTENDED}.dynamicPartitioningConfiguration.retryOptions.durationInSeconds`,
    most(7200),
  ),
  bound(
    CREATE,
    (Type: string) => processor({ Type }),
    'Decompression',
    'NotLambda',
    `${EXTENDED}.processingConfiguration.processors.1.member.type`,
    oneOf(
      'RecordDeAggregation',
      'Decompression',
      'CloudWatchLogProcessing',
      'Lambda',
      'MetadataExtraction',
      'AppendDelimiterToRecord',
    ),
  ),
  bound(
    CREATE,
    (ParameterValue: string) => processor({ Parameters: [{ ParameterName: 'LambdaArn', ParameterValue }] }),
    letters(5120),
    letters(5121),
    `${EXTENDED}.processingConfiguration.processors.1.member.parameters.1.member.parameterValue`,
    longest(5120),
  ),
  bound(
    CREATE,
    (ParameterValue: string) => processor({ Parameters: [{ ParameterName: 'Delimiter', ParameterValue }] }),
    '\\n',
    ' ',
    `${EXTENDED}.processingConfiguration.processors.1.member.parameters.1.member.parameterValue`,
    like('^(?!\\s*$).+'),
  ),
  bound(
    CREATE,
    (BlockSizeBytes: number) => parquet({ BlockSizeBytes }),
    67_108_864,
    67_108_863,
    `${PARQUET}.blockSizeBytes`,
    least(67_108_864),
  ),
  bound(
    CREATE,
    (PageSizeBytes: number) => parquet({ PageSizeBytes }),
    65_536,
    65_535,
    `${PARQUET}.pageSizeBytes`,
    least(65_536),
  ),
  bound(
    CREATE,
    (MaxPaddingBytes: number) => parquet({ MaxPaddingBytes }),
    0,
    -1,
    `${PARQUET}.maxPaddingBytes`,
    least(0),
  ),
  bound(
    CREATE,
    (Compression: string) => parquet({ Compression }),
    'GZIP',
    'ZSTD',
    `${PARQUET}.compression`,
    oneOf('UNCOMPRESSED', 'GZIP', 'SNAPPY'),
  ),
  bound(
    CREATE,
    (WriterVersion: string) => parquet({ WriterVersion }),
    'V2',
    'V3',
    `${PARQUET}.writerVersion`,
    oneOf('V1', 'V2'),
  ),
  bound(
    CREATE,
    (TableName: string) => converted({ SchemaConfiguration: { TableName } }),
    't',
    'a table',
    `${EXTENDED}.dataFormatConversionConfiguration.schemaConfiguration.tableName`,
    like('^\\S+$'),
  ),
  bound(
    CREATE,
    (KeyType: string) => ({ DeliveryStreamName: NAME, DeliveryStreamEncryptionConfigurationInput: { KeyType } }),
    'AWS_OWNED_CMK',
    'AWS_MANAGED_CMK',
    'deliveryStreamEncryptionConfigurationInput.keyType',
    oneOf('AWS_OWNED_CMK', 'CUSTOMER_MANAGED_CMK'),
  ),
  bound(CREATE, (Tags: object[]) => ({ DeliveryStreamName: NAME, Tags }), tags(50), tags(51), 'tags', longest(50)),
  bound(CREATE, (Tags: object[]) => ({ DeliveryStreamName: NAME, Tags }), tags(1), tags(0), 'tags', shortest(1)),
  bound(
    CREATE,
    (Key: string) => ({ DeliveryStreamName: NAME, Tags: [{ Key }] }),
    letters(128),
    letters(129),
    'tags.1.member.key',
    longest(128),
  ),
  bound(
    CREATE,
    (Value: string) => ({ DeliveryStreamName: NAME, Tags: [{ Key: 'k', Value }] }),
    letters(256),
    letters(257),
    'tags.1.member.value',
    longest(256),
  ),
  bound('ListDeliveryStreamsInput', (Limit: number) => ({ Limit }), 10_000, 10_001, 'limit', most(10_000)),
  bound('ListDeliveryStreamsInput', (Limit: number) => ({ Limit }), 1, 0, 'limit', least(1)),
  bound(
    'ListTagsForDeliveryStreamInput',
    (Limit: number) => ({ DeliveryStreamName: NAME, Limit }),
    50,
    51,
    'limit',
    most(50),
  ),
  bound(
    'UpdateDestinationInput',
    (id: string) => update({ CurrentDeliveryStreamVersionId: id }),
    '1'.repeat(50),
    '1'.repeat(51),
    'currentDeliveryStreamVersionId',
    longest(50),
  ),
  bound(
    'UpdateDestinationInput',
    (id: string) => update({ CurrentDeliveryStreamVersionId: id }),
    '1',
    'one',
    'currentDeliveryStreamVersionId',
    like('[0-9]+'),
  ),
  bound(
    'UpdateDestinationInput',
    (SizeInMBs: number) =>
      update({ ExtendedS3DestinationUpdate: { S3BackupUpdate: { BufferingHints: { SizeInMBs } } } }),
    128,
    129,
    'extendedS3DestinationUpdate.s3BackupUpdate.bufferingHints.sizeInMBs',
    most(128),
  ),
  bound(
    'PutRecordBatchInput',
    (Records: object[]) => ({ DeliveryStreamName: NAME, Records }),
    records(500),
    records(501),
    'records',
    longest(500),
  ),
  bound(
    'PutRecordBatchInput',
    (Records: object[]) => ({ DeliveryStreamName: NAME, Records }),
    records(1),
    [],
    'records',
    shortest(1),
  ),
  bound('PutRecordInput', data, 1_024_000, 1_024_001, 'record.data', longest(1_024_000)),
]

for (const { shape, within, past, where, what } of bounds) {
  test(`${where}: ${what}`, () => {
    expect(textOf(shape, within)).toBe(undefined)
    const shown = where === 'record.data' ? " 'java.nio.HeapByteBuffer[pos=0 lim=1024001 cap=1024001]'" : ''
    const text = `1 validation error detected: Value${shown} at '${where}' failed to satisfy constraint: ${what}`
    expect(textOf(shape, past)).toBe(text)
  })
}

/** [shape, request, where] */
const missing: [string, object, string][] = [
  [CREATE, {}, 'deliveryStreamName'],
  [
    CREATE,
    { DeliveryStreamName: NAME, ExtendedS3DestinationConfiguration: { RoleARN: S3.RoleARN } },
    `${EXTENDED}.bucketARN`,
  ],
  [
    CREATE,
    { DeliveryStreamName: NAME, S3DestinationConfiguration: { BucketARN: S3.BucketARN } },
    's3DestinationConfiguration.roleARN',
  ],
  [CREATE, processor({ Type: undefined }), `${EXTENDED}.processingConfiguration.processors.1.member.type`],
  [
    CREATE,
    processor({ Parameters: [{ ParameterName: 'LambdaArn' }] }),
    `${EXTENDED}.processingConfiguration.processors.1.member.parameters.1.member.parameterValue`,
  ],
  [CREATE, extended({ S3BackupConfiguration: { RoleARN: S3.RoleARN } }), `${EXTENDED}.s3BackupConfiguration.bucketARN`],
  [
    CREATE,
    extended({ EncryptionConfiguration: { KMSEncryptionConfig: {} } }),
    `${EXTENDED}.encryptionConfiguration.kMSEncryptionConfig.aWSKMSKeyARN`,
  ],
  [
    'StartDeliveryStreamEncryptionInput',
    { DeliveryStreamName: NAME, DeliveryStreamEncryptionConfigurationInput: {} },
    'deliveryStreamEncryptionConfigurationInput.keyType',
  ],
  ['UpdateDestinationInput', { DeliveryStreamName: NAME, DestinationId: 'd' }, 'currentDeliveryStreamVersionId'],
]

for (const [shape, request, where] of missing)
  test(`${where} must be sent`, () =>
    expect(textOf(shape, request)).toBe(
      `1 validation error detected: Value at '${where}' failed to satisfy constraint: Member must not be null`,
    ))

function textOf(shape: string, request: object): string | undefined {
  return validationErrors(firehoseModel, shape, request, dialectOf('firehose').validationStyle)
}
