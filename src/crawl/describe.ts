/**
 * What the crawler writes of a table and its partitions, entry for entry as AWS's crawler does (C8 of the behaviour
 * sheet). Pure. All parameters are strings.
 */

import type { Column, PartitionInput, SerDe, Storage, TableInput } from '../catalog/types.ts'
import { typeText } from '../formats/inferred-type.ts'
import type { DataSchema } from './data-schema.ts'
import type { ProposedPartition, ProposedTable } from './group.ts'
import { s3Url } from './include-path.ts'

export type Parameters = Readonly<Record<string, string>>

export interface Described {
  readonly crawler: string
  readonly crawledAtMs: number
  /** Full s3 URLs of the crawler's exclusions. */
  readonly exclusions: readonly string[]
}

/** Change with every new object, without the table meaning anything else. */
export const STATISTICS = ['averageRecordSize', 'objectCount', 'recordCount', 'sizeKey'] as const

/** Written by crawlers and only by them: replaced as a whole, unlike parameters that a user added. */
export const CRAWLER_PARAMETERS: readonly string[] = [
  ...STATISTICS,
  'CrawlerSchemaDeserializerVersion',
  'CrawlerSchemaSerializerVersion',
  'UPDATED_BY_CRAWLER',
  'DEPRECATED_BY_CRAWLER',
  'CRAWL_RUN_ID',
  'classification',
  'compressionType',
  'typeOfData',
  'areColumnsQuoted',
  'columnsOrdered',
  'delimiter',
  'skip.header.line.count',
  'exclusions',
]

const TEXT = {
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
}

interface Layout {
  readonly inputFormat: string
  readonly outputFormat: string
  readonly serde: (schema: DataSchema) => SerDe
  readonly parameters: (schema: DataSchema) => Parameters
}

const LAYOUTS: Readonly<Record<DataSchema['format'], Layout>> = {
  json: {
    ...TEXT,
    serde: ({ paths = [] }) => ({
      library: 'org.openx.data.jsonserde.JsonSerDe',
      parameters: { paths: [...paths].sort().join(',') },
    }),
    parameters: () => ({}),
  },
  csv: {
    ...TEXT,
    serde: ({ csv }) => ({
      library: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
      parameters: { 'field.delim': csv?.delimiter ?? ',' },
    }),
    parameters: ({ csv }) => ({
      areColumnsQuoted: 'false',
      columnsOrdered: 'true',
      delimiter: csv?.delimiter ?? ',',
      ...(csv?.hasHeader && { 'skip.header.line.count': '1' }),
    }),
  },
  parquet: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    serde: () => ({
      library: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
      parameters: { 'serialization.format': '1' },
    }),
    parameters: () => ({}),
  },
}

export function describeTable(name: string, table: ProposedTable, by: Described): TableInput {
  const parameters: Parameters = {
    CrawlerSchemaDeserializerVersion: '1.0',
    CrawlerSchemaSerializerVersion: '1.0',
    UPDATED_BY_CRAWLER: by.crawler,
    ...dataParameters(table.schema, table),
    ...(by.exclusions.length > 0 && { exclusions: JSON.stringify(by.exclusions) }),
  }
  return {
    name,
    owner: 'owner',
    lastAccessMs: by.crawledAtMs,
    retention: 0,
    tableType: 'EXTERNAL_TABLE',
    partitionKeys: table.partitionKeys.map((key) => ({ name: key, type: 'string' })),
    storage: storageOf(table.schema, s3Url(table.bucket, table.path), parameters),
    parameters,
  }
}

/** `inherited`: the table's storage, when partitions take columns, formats and SerDe from it. */
export function describePartition(
  bucket: string,
  partition: ProposedPartition,
  { crawledAtMs, inherited }: { crawledAtMs: number; inherited?: Storage | undefined },
): PartitionInput {
  const location = s3Url(bucket, partition.path)
  const own = dataParameters(partition.schema, partition)
  const storage =
    inherited === undefined
      ? storageOf(partition.schema, location, own)
      : { ...inherited, location, parameters: { ...own, ...layoutParameters(inherited.parameters) } }
  return { values: partition.values, lastAccessMs: crawledAtMs, storage, parameters: {} }
}

function storageOf(schema: DataSchema, location: string, parameters: Parameters): Storage {
  const layout = LAYOUTS[schema.format]
  return {
    columns: schema.columns.map(({ name, type }): Column => ({ name, type: typeText(type) })),
    location,
    inputFormat: layout.inputFormat,
    outputFormat: layout.outputFormat,
    compressed: false,
    numberOfBuckets: -1,
    serde: layout.serde(schema),
    bucketColumns: [],
    sortColumns: [],
    parameters,
    storedAsSubDirectories: false,
  }
}

function dataParameters(schema: DataSchema, size: { objectCount: number; bytes: number }): Parameters {
  const { averageRecordSize, recordCount } = estimate(schema, size.bytes)
  return {
    ...LAYOUTS[schema.format].parameters(schema),
    averageRecordSize: String(averageRecordSize),
    classification: schema.format,
    compressionType: schema.compression,
    objectCount: String(size.objectCount),
    recordCount: String(recordCount),
    sizeKey: String(size.bytes),
    typeOfData: 'file',
  }
}

/** From the sampled records and the bytes they take as stored, so that count and size agree for compressed files too. */
function estimate({ records, storedBytes }: DataSchema, bytes: number) {
  if (records === 0 || storedBytes === 0) return { averageRecordSize: 0, recordCount: 0 }
  return {
    averageRecordSize: Math.max(1, Math.floor(storedBytes / records)),
    recordCount: Math.floor((bytes * records) / storedBytes),
  }
}

/** Of a table's parameters those that say how to read its data; a partition's statistics are its own. */
function layoutParameters(parameters: Parameters): Parameters {
  const names = [
    'classification',
    'compressionType',
    'typeOfData',
    'areColumnsQuoted',
    'columnsOrdered',
    'delimiter',
    'skip.header.line.count',
  ]
  return Object.fromEntries(names.flatMap((name) => (parameters[name] === undefined ? [] : [[name, parameters[name]]])))
}
