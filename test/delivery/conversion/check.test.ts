import { expect, test } from 'vitest'
import { checkConversion } from '../../../src/delivery/conversion/check.ts'
import type { Conversion } from '../../../src/delivery/destination.ts'
import { hive, openX, parquet } from './conversion-world.ts'

const fine: Conversion = {
  schema: {
    roleArn: 'arn:aws:iam::000000000000:role/r',
    catalogId: undefined,
    database: 'lake',
    table: 'events',
    region: undefined,
    version: 'LATEST',
  },
  deserializer: openX,
  serializer: parquet,
}

test.each<[string, Partial<Conversion>]>([
  ['the defaults', {}],
  ['a version by its number', { schema: { ...fine.schema, version: '12' } }],
  ['formats of timestamps', { deserializer: hive("yyyy-MM-dd'T'HH:mm:ss", 'millis') }],
])('%s are accepted', (_, change) => {
  expect(() => checkConversion({ ...fine, ...change })).not.toThrow()
})

test.each<[string, Partial<Conversion>]>([
  ['DatabaseName must not be null', { schema: { ...fine.schema, database: '' } }],
  ['TableName must not be null', { schema: { ...fine.schema, table: '' } }],
  [
    'VersionId must be LATEST or the number of a version, not newest.',
    { schema: { ...fine.schema, version: 'newest' } },
  ],
  ['Invalid deserializer option(s): Illegal pattern component: Q', { deserializer: hive('Q') }],
  ['BlockSizeBytes must be at least 67108864.', { serializer: { ...parquet, blockBytes: 1 } }],
  ['PageSizeBytes must be at least 65536.', { serializer: { ...parquet, pageBytes: 1 } }],
])('refused: %s', (message, change) => {
  expect(() => checkConversion({ ...fine, ...change })).toThrow(
    expect.objectContaining({ code: 'invalidDestination', message }),
  )
})
