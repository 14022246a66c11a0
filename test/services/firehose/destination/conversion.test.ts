import { expect, test } from 'vitest'
import type { Conversion } from '../../../../src/delivery/destination.ts'
import { toConversion } from '../../../../src/services/firehose/destination/conversion.ts'
import type {
  DataFormatConversionConfiguration,
  Deserializer,
  Serializer,
} from '../../../../src/wire/model/firehose.ts'

const MEMBER = 'ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration'
const ROLE = 'arn:aws:iam::000000000000:role/r'
const MEBIBYTE = 1024 * 1024

const smallest: DataFormatConversionConfiguration = {
  SchemaConfiguration: { RoleARN: ROLE, DatabaseName: 'd', TableName: 't' },
  InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
  OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
}

const defaults: Conversion = {
  schema: { roleArn: ROLE, catalogId: undefined, database: 'd', table: 't', region: undefined, version: 'LATEST' },
  deserializer: { kind: 'openx', isCaseInsensitive: true, convertsDots: false, keyOfColumn: {} },
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

const reading = (Deserializer: Deserializer): DataFormatConversionConfiguration => ({
  ...smallest,
  InputFormatConfiguration: { Deserializer },
})
const writing = (Serializer: Serializer): DataFormatConversionConfiguration => ({
  ...smallest,
  OutputFormatConfiguration: { Serializer },
})

test("conversion is on unless said, with AWS's defaults", () => {
  expect(toConversion(smallest, MEMBER)).toEqual(defaults)
  expect(toConversion({ ...smallest, Enabled: true }, MEMBER)).toEqual(defaults)
})

test('every option is understood', () => {
  const full: DataFormatConversionConfiguration = {
    SchemaConfiguration: {
      RoleARN: ROLE,
      CatalogId: '000000000000',
      DatabaseName: 'd',
      TableName: 't',
      Region: 'eu-west-1',
      VersionId: '7',
    },
    InputFormatConfiguration: {
      Deserializer: {
        OpenXJsonSerDe: {
          CaseInsensitive: false,
          ConvertDotsInJsonKeysToUnderscores: true,
          ColumnToJsonKeyMappings: { ts: 'timestamp' },
        },
      },
    },
    OutputFormatConfiguration: {
      Serializer: {
        ParquetSerDe: {
          BlockSizeBytes: 64 * MEBIBYTE,
          PageSizeBytes: 65_536,
          Compression: 'GZIP',
          EnableDictionaryCompression: true,
          MaxPaddingBytes: 8,
          WriterVersion: 'V2',
        },
      },
    },
  }
  expect(toConversion(full, MEMBER)).toEqual({
    schema: {
      roleArn: ROLE,
      catalogId: '000000000000',
      database: 'd',
      table: 't',
      region: 'eu-west-1',
      version: '7',
    },
    deserializer: { kind: 'openx', isCaseInsensitive: false, convertsDots: true, keyOfColumn: { ts: 'timestamp' } },
    serializer: {
      kind: 'parquet',
      compression: 'GZIP',
      blockBytes: 64 * MEBIBYTE,
      pageBytes: 65_536,
      usesDictionary: true,
      paddingBytesMax: 8,
      writerVersion: 'V2',
    },
  })
})

test("Hive's reader is understood, with formats and without", () => {
  const hive = (TimestampFormats?: string[]) =>
    toConversion(reading({ HiveJsonSerDe: { TimestampFormats } }), MEMBER)?.deserializer
  expect(hive()).toEqual({ kind: 'hive', timestampFormats: [] })
  expect(hive(['millis', 'yyyy-MM-dd'])).toEqual({ kind: 'hive', timestampFormats: ['millis', 'yyyy-MM-dd'] })
})

test('conversion that is switched off may hold anything', () => {
  expect(toConversion({ Enabled: false }, MEMBER)).toBe(undefined)
  expect(toConversion({ ...writing({ OrcSerDe: {} }), Enabled: false }, MEMBER)).toBe(undefined)
})

const without = (name: keyof DataFormatConversionConfiguration) => ({ ...smallest, [name]: undefined })
const schemaWithout = (name: 'RoleARN' | 'DatabaseName' | 'TableName') => ({
  ...smallest,
  SchemaConfiguration: { ...smallest.SchemaConfiguration, [name]: undefined },
})
const NO_DESERIALIZER = 'Deserializer must not be null'
const NO_SERIALIZER = 'Serializer must not be null'

/** [what, configuration, AWS's words] */
const refused: [string, DataFormatConversionConfiguration, string][] = [
  ['nothing', {}, 'InputFormatConfiguration must not be null'],
  ['no input', without('InputFormatConfiguration'), 'InputFormatConfiguration must not be null'],
  ['no output', without('OutputFormatConfiguration'), 'OutputFormatConfiguration must not be null'],
  ['no schema', without('SchemaConfiguration'), 'SchemaConfiguration must not be null'],
  ['an empty input', { ...smallest, InputFormatConfiguration: {} }, NO_DESERIALIZER],
  ['no reader', reading({}), NO_DESERIALIZER],
  [
    'two readers',
    reading({ OpenXJsonSerDe: {}, HiveJsonSerDe: {} }),
    'More than one deserializer specified. Only one may be chosen.',
  ],
  ['an empty output', { ...smallest, OutputFormatConfiguration: {} }, NO_SERIALIZER],
  ['no writer', writing({}), NO_SERIALIZER],
  [
    'two writers',
    writing({ ParquetSerDe: {}, OrcSerDe: {} }),
    'More than one serializer specified. Only one may be chosen.',
  ],
  [
    'ORC',
    writing({ OrcSerDe: {} }),
    `${MEMBER}.OutputFormatConfiguration.Serializer.OrcSerDe is not offered by lakelet: leave it out.`,
  ],
  ['a schema without a role', schemaWithout('RoleARN'), 'RoleARN must not be null'],
  ['a schema without a database', schemaWithout('DatabaseName'), 'DatabaseName must not be null'],
  ['a schema without a table', schemaWithout('TableName'), 'TableName must not be null'],
]

for (const [what, config, message] of refused)
  test(`conversion with ${what} is refused`, () =>
    expect(() => toConversion(config, MEMBER)).toThrow(
      expect.objectContaining({ code: 'InvalidArgumentException', message }),
    ))
