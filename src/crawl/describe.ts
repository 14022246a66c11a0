/**
 * What the crawler writes of a table and its partitions, entry for entry as AWS's crawler does (C8 of the behaviour
 * sheet). Pure. All parameters are strings.
 */

import type { Column, PartitionInput, SerDe, Storage, TableInput } from '../catalog/types.ts'
import type { Layout } from '../formats/file-schema.ts'
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
  /** Tables with partitions say that their partition index may be used. */
  readonly partitionFiltering: boolean
}

/** Change with every new object, without the table meaning anything else. */
const STATISTICS = ['averageRecordSize', 'objectCount', 'recordCount', 'sizeKey'] as const

/** Say how to read the data. */
const LAYOUT_PARAMETERS: readonly string[] = [
  'classification',
  'compressionType',
  'typeOfData',
  'areColumnsQuoted',
  'columnsOrdered',
  'delimiter',
  'skip.header.line.count',
  'avro.schema.literal',
  'jsonPath',
  'rowTag',
  'grokPattern',
  'grokCustomPatterns',
]

/** Written by crawlers and only by them: replaced as a whole, unlike parameters that a user added. */
export const CRAWLER_PARAMETERS: readonly string[] = [
  ...STATISTICS,
  ...LAYOUT_PARAMETERS,
  'CrawlerSchemaDeserializerVersion',
  'CrawlerSchemaSerializerVersion',
  'UPDATED_BY_CRAWLER',
  'DEPRECATED_BY_CRAWLER',
  'CRAWL_RUN_ID',
  'exclusions',
]

const TEXT = {
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
}

interface Description {
  readonly inputFormat: string
  readonly outputFormat: string
  readonly serde: SerDe
  readonly parameters: Parameters
}

/** Per layout, as in the table of C8. */
export function describeLayout(layout: Layout): Description {
  switch (layout.kind) {
    case 'json':
      return {
        ...TEXT,
        serde: {
          library: 'org.openx.data.jsonserde.JsonSerDe',
          parameters: { paths: [...layout.paths].sort().join(',') },
        },
        parameters: layout.jsonPath === undefined ? {} : { jsonPath: layout.jsonPath },
      }
    case 'csv':
      return {
        ...TEXT,
        serde: csvSerDe(layout),
        parameters: {
          areColumnsQuoted: 'false',
          columnsOrdered: 'true',
          delimiter: layout.delimiter,
          ...(layout.hasHeader && { 'skip.header.line.count': '1' }),
        },
      }
    case 'parquet':
      return {
        inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
        serde: {
          library: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
          parameters: { 'serialization.format': '1' },
        },
        parameters: {},
      }
    case 'avro': {
      const literal = { 'avro.schema.literal': layout.schemaText }
      return {
        inputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat',
        serde: {
          library: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe',
          parameters: { ...literal, 'serialization.format': '1' },
        },
        parameters: literal,
      }
    }
    case 'xml':
      // No SerDe of Athena's reads XML; Spark does, by the row tag.
      return { ...TEXT, serde: { parameters: { rowTag: layout.rowTag } }, parameters: { rowTag: layout.rowTag } }
    case 'grok': {
      const { pattern, customPatterns } = layout
      return {
        ...TEXT,
        serde: {
          library: 'com.amazonaws.glue.serde.GrokSerDe',
          parameters: {
            'input.format': pattern,
            ...(customPatterns !== undefined && { 'input.grokCustomPatterns': customPatterns }),
          },
        },
        parameters: {
          grokPattern: pattern,
          ...(customPatterns !== undefined && { grokCustomPatterns: customPatterns }),
        },
      }
    }
  }
}

function csvSerDe({ delimiter, quoteSymbol = '"', serde }: Extract<Layout, { kind: 'csv' }>): SerDe {
  return serde === 'LazySimpleSerDe'
    ? { library: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe', parameters: { 'field.delim': delimiter } }
    : {
        library: 'org.apache.hadoop.hive.serde2.OpenCSVSerde',
        parameters: { quoteChar: quoteSymbol, separatorChar: delimiter, 'serialization.format': '1' },
      }
}

export function describeTable(name: string, table: ProposedTable, by: Described): TableInput {
  const parameters: Parameters = {
    CrawlerSchemaDeserializerVersion: '1.0',
    CrawlerSchemaSerializerVersion: '1.0',
    UPDATED_BY_CRAWLER: by.crawler,
    ...dataParameters(table.schema, table),
    ...(by.exclusions.length > 0 && { exclusions: JSON.stringify(by.exclusions) }),
    ...(by.partitionFiltering && table.partitionKeys.length > 0 && { 'partition_filtering.enabled': 'true' }),
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
  const layout = describeLayout(schema.layout)
  return {
    columns: columnsOf(schema),
    location,
    inputFormat: layout.inputFormat,
    outputFormat: layout.outputFormat,
    compressed: false,
    numberOfBuckets: -1,
    serde: layout.serde,
    bucketColumns: [],
    sortColumns: [],
    parameters,
    storedAsSubDirectories: false,
  }
}

const described = new WeakMap<DataSchema['columns'], readonly Column[]>()

/** Thousands of partitions share their columns: they are written once. */
export function columnsOf({ columns }: Pick<DataSchema, 'columns'>): readonly Column[] {
  let known = described.get(columns)
  if (known === undefined) {
    known = columns.map(({ name, type }) => ({ name, type: typeText(type) }))
    described.set(columns, known)
  }
  return known
}

function dataParameters(schema: DataSchema, size: { objectCount: number; bytes: number }): Parameters {
  const { averageRecordSize, recordCount } = estimate(schema, size.bytes)
  return {
    ...describeLayout(schema.layout).parameters,
    averageRecordSize: String(averageRecordSize),
    classification: schema.classification,
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
  return Object.fromEntries(
    LAYOUT_PARAMETERS.flatMap((name) => (parameters[name] === undefined ? [] : [[name, parameters[name]]])),
  )
}

/** What remains of a table when its figures do not count. */
export function withoutStatistics(input: TableInput): TableInput {
  const { storage, parameters } = input
  return {
    ...input,
    parameters: withoutFigures(parameters),
    ...(storage && { storage: { ...storage, parameters: withoutFigures(storage.parameters) } }),
  }
}

function withoutFigures(parameters: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).filter(([name]) => !STATISTICS.some((statistic) => statistic === name)),
  )
}
