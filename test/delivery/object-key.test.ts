import { expect, test } from 'vitest'
import type { Conversion, S3Destination } from '../../src/delivery/destination.ts'
import { backupKey, checkKeyLength, errorKey, isKey, objectKey } from '../../src/delivery/object-key.ts'
import type { PartitionKeys } from '../../src/delivery/processing/record.ts'
import { Ids } from '../../src/platform/ids.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { destinationWith } from '../simulation/delivery-world.ts'

const firstRecordAtMs = Date.UTC(2026, 6, 13, 14, 15, 16)
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'
const NAME = `clicks-3-2026-07-13-14-15-16-${UUID}`

/** [destination, expression that the key matches] */
const cases: [Partial<S3Destination>, string][] = [
  [{}, `2026/07/13/14/${NAME}`],
  [{ prefix: '' }, `2026/07/13/14/${NAME}`],
  [{ prefix: 'legacy' }, `legacy2026/07/13/14/${NAME}`],
  [{ prefix: 'legacy/' }, `legacy/2026/07/13/14/${NAME}`],
  [{ prefix: 'data/dt=!{timestamp:yyyy-MM-dd}' }, `data/dt=2026-07-13${NAME}`],
  [{ prefix: 'data/dt=!{timestamp:yyyy-MM-dd}/' }, `data/dt=2026-07-13/${NAME}`],
  [{ prefix: 'r/!{firehose:random-string}/' }, `r/[A-Za-z0-9]{11}/${NAME}`],
  [{ compression: 'GZIP' }, `2026/07/13/14/${NAME}\\.gz`],
  [{ compression: 'GZIP', fileExtension: '.json.gz' }, `2026/07/13/14/${NAME}\\.json\\.gz`],
  [{ fileExtension: '.jsonl' }, `2026/07/13/14/${NAME}\\.jsonl`],
  [{ timeZone: 'Asia/Tokyo' }, `2026/07/13/23/clicks-3-2026-07-13-23-15-16-${UUID}`],
  [
    { timeZone: 'Pacific/Kiritimati', prefix: '!{timestamp:yyyy/MM/dd/}' },
    `2026/07/14/clicks-3-2026-07-14-04-15-16-${UUID}`,
  ],
]

for (const [destination, expected] of cases) {
  test(`${JSON.stringify(destination)} names an object ${expected.replace(UUID, '<uuid>')}`, () => {
    const key = objectKey(destinationWith(destination), { stream: 'clicks', version: 3, firstRecordAtMs }, ids())
    expect(key).toMatch(new RegExp(`^${expected}$`))
  })
}

const converted: Conversion = {
  schema: { roleArn: undefined, catalogId: undefined, database: 'd', table: 't', region: undefined, version: 'LATEST' },
  deserializer: { kind: 'hive', timestampFormats: [] },
  serializer: {
    kind: 'parquet',
    compression: 'SNAPPY',
    blockBytes: 1,
    pageBytes: 1,
    usesDictionary: false,
    paddingBytesMax: 0,
    writerVersion: 'V1',
  },
}

test('rows go into objects that say so, unless the stream has an extension of its own', () => {
  const nameOf = (destination: Partial<S3Destination>) =>
    objectKey(destinationWith(destination), { stream: 'clicks', version: 3, firstRecordAtMs }, ids())
  expect(nameOf({ conversion: converted })).toMatch(new RegExp(`^2026/07/13/14/${NAME}\\.parquet$`))
  expect(nameOf({ conversion: converted, fileExtension: '.pq' })).toMatch(new RegExp(`^2026/07/13/14/${NAME}\\.pq$`))
})

test('each set of partition keys has objects of its own', () => {
  const prefix = 'c=!{partitionKeyFromQuery:customer}/!{partitionKeyFromLambda:kind}/!{timestamp:yyyy}/'
  const partitionKeys: PartitionKeys = { fromQuery: { customer: '42' }, fromLambda: { kind: 'order' } }
  const batch = { stream: 'clicks', version: 3, firstRecordAtMs, partitionKeys }
  expect(objectKey(destinationWith({ prefix }), batch, ids())).toMatch(new RegExp(`^c=42/order/2026/${NAME}$`))
})

/** [destination, expression that the key of a failed record's object matches] */
const errorCases: [Partial<S3Destination>, string][] = [
  [{}, `processing-failed/2026/07/13/14/${NAME}`],
  [{ prefix: 'data/' }, `data/processing-failed/2026/07/13/14/${NAME}`],
  [{ prefix: 'data', errorOutputPrefix: '' }, `dataprocessing-failed/2026/07/13/14/${NAME}`],
  [{ prefix: 'data/', errorOutputPrefix: 'errors/' }, `errors/processing-failed/2026/07/13/14/${NAME}`],
  [{ prefix: '!{timestamp:yyyy}/', errorOutputPrefix: 'errors' }, `errorsprocessing-failed/2026/07/13/14/${NAME}`],
  [
    { errorOutputPrefix: 'e/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/' },
    `e/processing-failed/2026-07-13/${NAME}`,
  ],
  [{ errorOutputPrefix: '!{firehose:error-output-type}' }, `processing-failed${NAME}`],
  [{ compression: 'GZIP', fileExtension: '.json.gz' }, `processing-failed/2026/07/13/14/${NAME}`],
  [{ timeZone: 'Asia/Tokyo' }, `processing-failed/2026/07/13/23/clicks-3-2026-07-13-23-15-16-${UUID}`],
]

for (const [destination, expected] of errorCases) {
  test(`${JSON.stringify(destination)} names an object of failed records ${expected.replace(UUID, '<uuid>')}`, () => {
    const batch = { stream: 'clicks', version: 3, firstRecordAtMs }
    const key = errorKey(destinationWith(destination), batch, 'processing-failed', ids())
    expect(key).toMatch(new RegExp(`^${expected}$`))
  })
}

test('the backup has its own prefix and extension, and its dates are UTC', () => {
  const backup = destinationWith({
    prefix: 'source/',
    compression: 'GZIP',
    timeZone: 'Asia/Tokyo',
    fileExtension: '.x',
  })
  const key = backupKey(backup, { stream: 'clicks', version: 3, firstRecordAtMs }, ids())
  expect(key).toMatch(new RegExp(`^source/2026/07/13/14/${NAME}\\.gz$`))
})

test('S3 takes a key of 1,024 bytes, and none longer', () => {
  expect(isKey('é'.repeat(512))).toBe(true)
  expect(isKey(`${'é'.repeat(512)}a`)).toBe(false)
})

test('two batches of the same second get different keys', () => {
  const same = ids()
  const batch = { stream: 'clicks', version: 1, firstRecordAtMs }
  expect(objectKey(destinationWith(), batch, same)).not.toBe(objectKey(destinationWith(), batch, same))
})

const TOO_LONG = 'Length of evaluated prefix cannot be greater than 512'
const TOO_LONG_ERRORS = 'Length of evaluated ErrorOutputPrefix cannot be greater than 512'

/** [claim, destination, why it is refused; undefined: it is not] */
const lengths: [string, Partial<S3Destination>, string | undefined][] = [
  ['a prefix of 512 characters', { prefix: 'p'.repeat(512) }, undefined],
  ['a prefix of 513 characters', { prefix: 'p'.repeat(513) }, TOO_LONG],
  ['a prefix of 512 characters of four bytes', { prefix: '𝒑'.repeat(256) }, 'an object key may have 1024 bytes'],
  [
    'a pattern that grows past 512 in other months',
    { prefix: '!{timestamp:MMMM}'.repeat(57), errorOutputPrefix: 'e' },
    undefined,
  ],
  [
    'a random string forty-seven times',
    { prefix: '!{firehose:random-string}'.repeat(47), errorOutputPrefix: 'e' },
    TOO_LONG,
  ],
  [
    'partition keys, whatever their values will be',
    { prefix: `${'p'.repeat(511)}!{partitionKeyFromQuery:k}`, errorOutputPrefix: 'e' },
    undefined,
  ],
  [
    'partition keys beside 512 characters',
    { prefix: `${'p'.repeat(512)}!{partitionKeyFromQuery:k}`, errorOutputPrefix: 'e' },
    TOO_LONG,
  ],
  ['an error prefix of 512 characters', { errorOutputPrefix: 'e'.repeat(512) }, undefined],
  ['an error prefix of 513 characters', { errorOutputPrefix: 'e'.repeat(513) }, TOO_LONG_ERRORS],
  [
    "an error prefix that the longest type's name makes 512",
    { errorOutputPrefix: `${'e'.repeat(512 - 'metadata-extraction-failed'.length)}!{firehose:error-output-type}` },
    undefined,
  ],
  [
    "an error prefix that the longest type's name makes 513",
    { errorOutputPrefix: `${'e'.repeat(513 - 'metadata-extraction-failed'.length)}!{firehose:error-output-type}` },
    TOO_LONG_ERRORS,
  ],
  ["a backup's prefix of 512 characters", { backup: destinationWith({ prefix: 'b'.repeat(512) }) }, undefined],
  ["a backup's prefix of 513 characters", { backup: destinationWith({ prefix: 'b'.repeat(513) }) }, TOO_LONG],
]

for (const [what, destination, why] of lengths) {
  test(`${what} is ${why === undefined ? 'taken' : 'refused'}`, () => {
    const batch = { stream: 'n'.repeat(64), version: 1, firstRecordAtMs }
    const check = () => checkKeyLength(destinationWith(destination), batch, ids())
    if (why === undefined) expect(check).not.toThrow()
    else expect(check).toThrow(why)
  })
}

function ids(): Ids {
  return new Ids(seededRandom(1))
}
