/**
 * DataFormatConversionConfiguration: on unless it says otherwise, and then all of it is needed. What was configured
 * stays when it is switched off, and an update replaces only the members that it sends (tried on AWS, 2026-09).
 *
 * Refused by name: ORC.
 */
import { type Conversion, MEBIBYTE } from '../../../delivery/destination.ts'
import type {
  DataFormatConversionConfiguration,
  Deserializer,
  ParquetSerDe,
  SchemaConfiguration,
  Serializer,
} from '../../../wire/model/firehose.ts'
import { invalidArgument, notOffered } from '../errors.ts'

/** undefined: switched off. `member` is the request's name for the block. */
export function toConversion(config: DataFormatConversionConfiguration, member: string): Conversion | undefined {
  if (!isConversionOn(config)) return undefined
  const input = required(config.InputFormatConfiguration, 'InputFormatConfiguration')
  const output = required(config.OutputFormatConfiguration, 'OutputFormatConfiguration')
  const schema = required(config.SchemaConfiguration, 'SchemaConfiguration')
  return {
    deserializer: toDeserializer(required(input.Deserializer, 'Deserializer')),
    serializer: toSerializer(required(output.Serializer, 'Serializer'), member),
    schema: toSchema(schema),
  }
}

export function isConversionOn(config: DataFormatConversionConfiguration | undefined): boolean {
  return config !== undefined && config.Enabled !== false
}

const VERSION_DEFAULT = 'LATEST'

function toSchema(schema: SchemaConfiguration): Conversion['schema'] {
  return {
    roleArn: required(schema.RoleARN, 'RoleARN'),
    catalogId: schema.CatalogId,
    database: required(schema.DatabaseName, 'DatabaseName'),
    table: required(schema.TableName, 'TableName'),
    region: schema.Region,
    version: schema.VersionId ?? VERSION_DEFAULT,
  }
}

function toDeserializer({ OpenXJsonSerDe: openx, HiveJsonSerDe: hive }: Deserializer): Conversion['deserializer'] {
  if (openx !== undefined && hive !== undefined)
    throw invalidArgument('More than one deserializer specified. Only one may be chosen.')
  if (hive !== undefined) return { kind: 'hive', timestampFormats: hive.TimestampFormats ?? [] }
  const { CaseInsensitive, ConvertDotsInJsonKeysToUnderscores, ColumnToJsonKeyMappings } = required(
    openx,
    'Deserializer',
  )
  return {
    kind: 'openx',
    isCaseInsensitive: CaseInsensitive ?? true,
    convertsDots: ConvertDotsInJsonKeysToUnderscores ?? false,
    keyOfColumn: ColumnToJsonKeyMappings ?? {},
  }
}

function toSerializer({ ParquetSerDe: parquet, OrcSerDe: orc }: Serializer, member: string): Conversion['serializer'] {
  if (parquet !== undefined && orc !== undefined)
    throw invalidArgument('More than one serializer specified. Only one may be chosen.')
  if (orc !== undefined) throw notOffered(`${member}.OutputFormatConfiguration.Serializer.OrcSerDe`)
  return toParquet(required(parquet, 'Serializer'))
}

function toParquet(parquet: ParquetSerDe): Conversion['serializer'] {
  return {
    kind: 'parquet',
    compression: parquet.Compression ?? 'SNAPPY',
    blockBytes: parquet.BlockSizeBytes ?? 256 * MEBIBYTE,
    pageBytes: parquet.PageSizeBytes ?? MEBIBYTE,
    usesDictionary: parquet.EnableDictionaryCompression ?? false,
    paddingBytesMax: parquet.MaxPaddingBytes ?? 0,
    writerVersion: parquet.WriterVersion ?? 'V1',
  }
}

function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw invalidArgument(`${name} must not be null`)
  return value
}
