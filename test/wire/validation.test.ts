import { expect, test } from 'vitest'
import { decodeJson } from '../../src/wire/aws-json/decode.ts'
import { dialectOf } from '../../src/wire/aws-json/dialects.ts'
import { athenaModel } from '../../src/wire/model/athena.ts'
import { firehoseModel } from '../../src/wire/model/firehose.ts'
import { glueModel } from '../../src/wire/model/glue.ts'
import { validationErrors } from '../../src/wire/validation.ts'

const MODELS = { firehose: firehoseModel, glue: glueModel, athena: athenaModel } as const

const ARNS = { RoleARN: 'arn:aws:iam::000000000000:role/r', BucketARN: 'arn:aws:s3:::b' }
const stream = (extended: object) => ({
  DeliveryStreamName: 's',
  ExtendedS3DestinationConfiguration: { ...ARNS, ...extended },
})

const cases: [keyof typeof MODELS, string, object, string | undefined][] = [
  ['firehose', 'CreateDeliveryStreamInput', stream({}), undefined],
  [
    'firehose',
    'CreateDeliveryStreamInput',
    stream({ CompressionFormat: 'gzip' }),
    "1 validation error detected: Value at 'extendedS3DestinationConfiguration.compressionFormat' failed to satisfy constraint: Member must satisfy enum value set: [ZIP, HADOOP_SNAPPY, Snappy, GZIP, UNCOMPRESSED]",
  ],
  [
    'firehose',
    'CreateDeliveryStreamInput',
    { DeliveryStreamName: 's', S3DestinationConfiguration: { RoleARN: ARNS.RoleARN } },
    "1 validation error detected: Value at 's3DestinationConfiguration.bucketARN' failed to satisfy constraint: Member must not be null",
  ],
  [
    'firehose',
    'CreateDeliveryStreamInput',
    stream({ FileExtension: '.LOG' }),
    "1 validation error detected: Value at 'extendedS3DestinationConfiguration.fileExtension' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(|\\.[0-9a-z!\\-_.*'()]+)$",
  ],
  [
    'firehose',
    'CreateDeliveryStreamInput',
    stream({ BufferingHints: { SizeInMBs: 129, IntervalInSeconds: 901 } }),
    "2 validation errors detected: Value at 'extendedS3DestinationConfiguration.bufferingHints.sizeInMBs' failed to satisfy constraint: Member must have value less than or equal to 128; Value at 'extendedS3DestinationConfiguration.bufferingHints.intervalInSeconds' failed to satisfy constraint: Member must have value less than or equal to 900",
  ],
  [
    'firehose',
    'PutRecordBatchInput',
    { DeliveryStreamName: 's', Records: [{ Data: '' }, { Data: Buffer.alloc(1_024_001).toString('base64') }] },
    "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1024001 cap=1024001]' at 'records.2.member.data' failed to satisfy constraint: Member must have length less than or equal to 1024000",
  ],
  [
    'firehose',
    'PutRecordBatchInput',
    { DeliveryStreamName: 's', Records: Array.from({ length: 500 }, () => ({ Data: '' })) },
    undefined,
  ],
  [
    'firehose',
    'PutRecordBatchInput',
    { DeliveryStreamName: 's', Records: Array.from({ length: 501 }, () => ({ Data: '' })) },
    "1 validation error detected: Value at 'records' failed to satisfy constraint: Member must have length less than or equal to 500",
  ],
  [
    'glue',
    'CreateTableRequest',
    { DatabaseName: 'd', TableInput: {} },
    "1 validation error detected: Value null at 'tableInput.name' failed to satisfy constraint: Member must not be null",
  ],
  [
    'glue',
    'GetDatabaseRequest',
    { Name: '' },
    "1 validation error detected: Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    'glue',
    'BatchDeleteTableRequest',
    { DatabaseName: 'd', TablesToDelete: ['ok', ''] },
    "1 validation error detected: Value '[ok, ]' at 'tablesToDelete' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 255, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\t]*]",
  ],
  [
    'athena',
    'GetQueryExecutionInput',
    {},
    "1 validation error detected: Value null at 'queryExecutionId' failed to satisfy constraint: Member must not be null",
  ],
]

test.each(cases)('%s %s %#: AWS’s words for what is wrong', (service, shape, body, expected) => {
  const model = MODELS[service]
  const input = decodeJson(model, shape, Buffer.from(JSON.stringify(body)))
  expect(validationErrors(model, shape, input, dialectOf(service).validationStyle)).toBe(expected)
})
