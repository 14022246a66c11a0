import { expect, test } from 'vitest'
import { checkDestination, type KeysOfQuery, rolesOf } from '../../src/delivery/check-destination.ts'
import { type Conversion, MEBIBYTE, type ProcessingStep, type S3Destination } from '../../src/delivery/destination.ts'
import { Ids } from '../../src/platform/ids.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { destinationWith } from '../simulation/delivery-world.ts'

const ROLE = 'arn:aws:iam::000000000000:role/'
const FUNCTION = 'arn:aws:lambda:eu-west-1:000000000000:function:f'
const buffering = { bytesMax: 64 * MEBIBYTE, intervalMs: 60_000 }

const lambda: ProcessingStep = {
  kind: 'lambda',
  functionArn: FUNCTION,
  bufferBytes: MEBIBYTE,
  bufferIntervalMs: 60_000,
  retries: 3,
}
const query: ProcessingStep = { kind: 'extractMetadata', query: '{a:.a,b:.b}' }
const lines: ProcessingStep = { kind: 'appendDelimiter', delimiter: '\n' }
const deaggregation: ProcessingStep = { kind: 'deaggregate', subRecord: { kind: 'json' } }

const partitioned: Partial<S3Destination> = {
  partitioning: { retryMs: 300_000 },
  buffering,
  prefix: '!{partitionKeyFromQuery:a}/!{partitionKeyFromQuery:b}/',
  errorOutputPrefix: 'e/',
  processing: [query],
}

const conversion: Conversion = {
  schema: {
    roleArn: `${ROLE}schema`,
    catalogId: undefined,
    database: 'd',
    table: 't',
    region: undefined,
    version: 'LATEST',
  },
  deserializer: { kind: 'hive', timestampFormats: [] },
  serializer: {
    kind: 'parquet',
    compression: 'SNAPPY',
    blockBytes: 256 * MEBIBYTE,
    pageBytes: MEBIBYTE,
    usesDictionary: false,
    paddingBytesMax: 0,
    writerVersion: 'V1',
  },
}

const CONSTRAINT = 'Ths supplied prefix(es) do not satisfy the following constraint: '
const WITHOUT = (name: string) =>
  `class com.amazonaws.services.firehose.internal.model.${name} can only be present when Dynamic Partitioning is enabled.`
const keysInPrefix = (count: number) =>
  Array.from({ length: count }, (_, index) => `!{partitionKeyFromLambda:k${index}}/`).join('')

/** [what, destination, why it is refused; undefined: it is taken] */
const cases: [string, Partial<S3Destination>, string | undefined][] = [
  ['nothing but the defaults', {}, undefined],
  ['partitioning by a query', partitioned, undefined],
  [
    'partitioning by a function',
    { ...partitioned, prefix: '!{partitionKeyFromLambda:x}/', processing: [lambda] },
    undefined,
  ],
  [
    'partitioning by both, of records taken apart',
    {
      ...partitioned,
      prefix: `${partitioned.prefix}!{partitionKeyFromLambda:x}/`,
      processing: [deaggregation, lambda, query, lines],
    },
    undefined,
  ],
  [
    'partitions of 64 MiB less a byte',
    { ...partitioned, buffering: { ...buffering, bytesMax: 64 * MEBIBYTE - 1 } },
    'BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.',
  ],
  [
    'partitions of a millisecond less than 60 s',
    { ...partitioned, buffering: { ...buffering, intervalMs: 59_999 } },
    'BufferingHints.IntervalInSeconds must be at least 60 seconds when Dynamic Partitioning is enabled.',
  ],
  [
    'partitioning without an error prefix',
    { ...partitioned, errorOutputPrefix: undefined },
    `${CONSTRAINT}ErrorOutputPrefix cannot be null or empty when Prefix contains expressions`,
  ],
  [
    'partitioning without processors',
    { ...partitioned, processing: undefined },
    'Processing Configuration is not enabled when DataPartitioning is enabled',
  ],
  [
    'partitioning without keys in the prefix',
    { ...partitioned, prefix: 'p/' },
    'S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled',
  ],
  [
    'partitioning without any prefix',
    { ...partitioned, prefix: undefined },
    'S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled',
  ],
  [
    'keys of a function that is not there',
    { ...partitioned, prefix: `${partitioned.prefix}!{partitionKeyFromLambda:x}/` },
    'Lambda should be present when S3 Prefix contains keys from partitionKeyFromLambda namespace',
  ],
  [
    'keys of a query that is not there',
    { ...partitioned, processing: [lambda, lines] },
    'MetadataExtraction processor should be present when S3 Prefix has partitionKeyFromQuery namespace',
  ],
  [
    'a key of the query that the prefix leaves out',
    { ...partitioned, prefix: '!{partitionKeyFromQuery:a}/' },
    "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression",
  ],
  [
    'a query whose keys are all left out beside those of a function',
    { ...partitioned, prefix: '!{partitionKeyFromLambda:a}/', processing: [lambda, query] },
    "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression",
  ],
  [
    'a key in the prefix that the query does not give',
    { ...partitioned, prefix: `${partitioned.prefix}!{partitionKeyFromQuery:c}/` },
    "S3 Prefix expression can't contain keys that are not present in the MetaDataExtraction JQ Query",
  ],
  [
    'a query whose keys nobody can tell',
    { ...partitioned, processing: [{ kind: 'extractMetadata', query: '.keys' }] },
    undefined,
  ],
  ['50 partition keys', { ...partitioned, prefix: keysInPrefix(50), processing: [lambda] }, undefined],
  [
    '50 partition keys, some of them twice',
    { ...partitioned, prefix: `${keysInPrefix(50)}!{partitionKeyFromLambda:k0}`, processing: [lambda] },
    undefined,
  ],
  [
    '51 partition keys',
    { ...partitioned, prefix: keysInPrefix(51), processing: [lambda] },
    "S3 Prefix can't contain more than 50 Dynamic Partitioning keys",
  ],
  ['a query without partitioning', { processing: [query] }, WITHOUT('MetadataExtractionProcessor')],
  ['taking apart without partitioning', { processing: [deaggregation] }, WITHOUT('RecordDeAggregationProcessor')],
  [
    'other steps without partitioning',
    { processing: [{ kind: 'decompress' }, { kind: 'extractLogMessages' }, lambda, lines] },
    undefined,
  ],
  [
    'keys in the prefix without partitioning',
    { ...partitioned, partitioning: undefined },
    `${CONSTRAINT}Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.`,
  ],
  ['conversion of 64 MiB', { conversion, buffering }, undefined],
  ['conversion as soon as records come', { conversion, buffering: { ...buffering, intervalMs: 0 } }, undefined],
  [
    'conversion of a byte less than 64 MiB',
    { conversion, buffering: { ...buffering, bytesMax: 64 * MEBIBYTE - 1 } },
    'BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled.',
  ],
  [
    'conversion into compressed objects',
    { conversion, buffering, compression: 'GZIP' },
    "The S3 destination's compression format must be set to UNCOMPRESSED when data format conversion is enabled",
  ],
  ['conversion and partitioning', { ...partitioned, conversion }, undefined],
  [
    'a backup with dates in its folders',
    { backup: destinationWith({ prefix: '!{timestamp:yyyy}/', errorOutputPrefix: 'e' }) },
    undefined,
  ],
  [
    'a backup by partition keys',
    { ...partitioned, backup: destinationWith({ prefix: '!{partitionKeyFromQuery:a}/', errorOutputPrefix: 'e' }) },
    `${CONSTRAINT}Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.`,
  ],
  [
    'a backup with expressions and no error prefix',
    { backup: destinationWith({ prefix: '!{timestamp:yyyy}/' }) },
    `${CONSTRAINT}ErrorOutputPrefix cannot be null or empty when Prefix contains expressions`,
  ],
  ['a short time zone', { timeZone: 'EST' }, 'CustomTimeZone EST is not supported'],
  ['a prefix that grows too long', { prefix: 'p'.repeat(513) }, `${CONSTRAINT}Length of evaluated prefix`],
]

const keysOfQuery: KeysOfQuery = (text) => (text === '.keys' ? undefined : ['a', 'b'])

for (const [what, part, why] of cases) {
  test(`${what} is ${why === undefined ? 'taken' : 'refused'}`, () => {
    const check = () =>
      checkDestination(destinationWith(part), {
        stream: 'clicks',
        nowMs: Date.UTC(2026, 6, 13),
        ids: new Ids(seededRandom(1)),
        keysOfQuery,
      })
    if (why === undefined) expect(check).not.toThrow()
    else
      expect(check).toThrow(
        expect.objectContaining({ code: 'invalidDestination', message: expect.stringContaining(why) }),
      )
  })
}

test('a stream acts in every role that its destination names', () => {
  const destination = destinationWith({
    roleArn: `${ROLE}main`,
    processing: [{ ...lambda, roleArn: `${ROLE}invoke` }, lines],
    backup: destinationWith({ roleArn: `${ROLE}backup` }),
    conversion,
  })
  expect([...rolesOf(destination)].sort()).toEqual(['backup', 'invoke', 'main', 'schema'].map((name) => ROLE + name))
  expect(
    rolesOf(destinationWith({ roleArn: ROLE, backup: destinationWith({ roleArn: ROLE }), processing: [lambda] })),
  ).toEqual([ROLE])
})
