/** CREATE EXTERNAL TABLE: exactly the entry that Athena writes into the catalog (D8). */
import type { Column, Storage, TableInput } from '../../catalog/types.ts'
import { isRefusal } from '../../platform/refusal.ts'
import { SqlFailure } from '../../sql/failure.ts'
import { parseHiveType } from '../../sql/hive-type.ts'
import type { DdlColumn, HiveStatement, RowFormat } from '../../sql/tree.ts'
import { HiveFailure } from '../failure.ts'
import { nothing, type Outcome } from '../outcome.ts'
import { parseS3Location } from '../s3-location.ts'
import { type DdlContext, ddlTime, existingDatabase, tableName, taskFailure } from './context.ts'

type CreateTable = Extract<HiveStatement, { kind: 'CreateTable' }>

export async function createTable(statement: CreateTable, context: DdlContext): Promise<Outcome> {
  const { database, table } = tableName(statement.name, context)
  await existingDatabase(database, context)
  checkColumns(statement)
  const input = tableEntry(statement, ddlTime(context))
  try {
    await context.catalog.createTable(database, input, context.callerArn)
  } catch (error) {
    if (!isRefusal(error) || error.code !== 'tableExists') throw error
    if (!statement.ifNotExists)
      throw taskFailure(
        `AlreadyExistsException(message:Table ${table} already exist)`,
        `Table ${table} already exists.`,
      )
  }
  return nothing()
}

function checkColumns({ columns, partitionedBy }: CreateTable): void {
  const seen = new Set<string>()
  for (const { name, type } of [...columns, ...partitionedBy]) {
    const lower = name.toLowerCase()
    if (seen.has(lower))
      throw new HiveFailure(`FAILED: SemanticException [Error 10036]: Duplicate column name: ${lower}`)
    seen.add(lower)
    checkType(type)
  }
}

function checkType(type: string): void {
  try {
    parseHiveType(type)
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error
    throw new HiveFailure(`FAILED: ParseException line 1:0 cannot recognize input near '${type}' in column type`, {
      category: 1,
      type: 1003,
    })
  }
}

/** `ddlTimeText`: seconds since 1970. */
export function tableEntry(statement: CreateTable, ddlTimeText: string): TableInput {
  return {
    name: statement.name.name.toLowerCase(),
    owner: 'hadoop',
    lastAccessMs: 0,
    retention: 0,
    storage: storageOf(statement),
    partitionKeys: statement.partitionedBy.map(catalogColumn),
    tableType: 'EXTERNAL_TABLE',
    parameters: {
      EXTERNAL: 'TRUE',
      transient_lastDdlTime: ddlTimeText,
      ...(statement.comment !== undefined && { comment: statement.comment }),
      ...statement.properties,
    },
  }
}

interface FileFormat {
  readonly inputFormat: string
  readonly outputFormat: string
  readonly serde: string
}

const LAZY_SIMPLE = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'

const TEXT: FileFormat = {
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  serde: LAZY_SIMPLE,
}

/** Without STORED AS: the same files, but an output format that is not Hive's own. */
const UNSAID: FileFormat = { ...TEXT, outputFormat: 'org.apache.hadoop.hive.ql.io.IgnoreKeyTextOutputFormat' }

const FILE_FORMATS: Readonly<Record<string, FileFormat>> = {
  TEXTFILE: TEXT,
  SEQUENCEFILE: {
    inputFormat: 'org.apache.hadoop.mapred.SequenceFileInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat',
    serde: LAZY_SIMPLE,
  },
  RCFILE: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.RCFileInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.RCFileOutputFormat',
    serde: 'org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe',
  },
  ORC: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat',
    serde: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde',
  },
  PARQUET: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    serde: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  },
  AVRO: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat',
    serde: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe',
  },
  ION: {
    inputFormat: 'com.amazon.ionhiveserde.formats.IonInputFormat',
    outputFormat: 'com.amazon.ionhiveserde.formats.IonOutputFormat',
    serde: 'com.amazon.ionhiveserde.IonHiveSerDe',
  },
}

function storageOf(statement: CreateTable): Storage {
  const { storedAs, rowFormat, clusteredBy } = statement
  const named = storedAs !== undefined && 'format' in storedAs ? fileFormat(storedAs.format) : UNSAID
  const formats = storedAs !== undefined && 'inputFormat' in storedAs ? storedAs : named
  return {
    columns: statement.columns.map(catalogColumn),
    location: tableLocation(statement.location),
    inputFormat: formats.inputFormat,
    outputFormat: formats.outputFormat,
    compressed: false,
    numberOfBuckets: clusteredBy?.buckets ?? -1,
    serde: { library: rowFormat?.serde?.className ?? named.serde, parameters: serdeParameters(rowFormat) },
    bucketColumns: (clusteredBy?.columns ?? []).map((column) => column.toLowerCase()),
    sortColumns: (clusteredBy?.sortedBy ?? []).map(({ column, descending }) => ({
      column: column.toLowerCase(),
      sortOrder: descending ? 0 : 1,
    })),
    parameters: {},
    storedAsSubDirectories: false,
    passThrough: {
      SkewedInfo: { SkewedColumnNames: [], SkewedColumnValues: [], SkewedColumnValueLocationMaps: {} },
    },
  }
}

function fileFormat(name: string): FileFormat {
  const format = FILE_FORMATS[name.toUpperCase()]
  if (format !== undefined) return format
  throw new HiveFailure(
    `FAILED: SemanticException Unrecognized file format in STORED AS clause: '${name.toLowerCase()}'`,
  )
}

function tableLocation(location: string | undefined): string {
  if (location === undefined || location === '')
    throw new HiveFailure('No location was specified for table. An S3 location must be specified')
  if (parseS3Location(location) === undefined)
    throw taskFailure(`MetaException(message:Got exception: the location ${location} is not in S3)`)
  return location.replace(/\/+$/, '')
}

const DEFAULT_SERIALIZATION = '1'

function serdeParameters(rowFormat: RowFormat | undefined): Readonly<Record<string, string>> {
  const delimited = rowFormat?.delimited
  const { fields, escaped, collectionItems, mapKeys, lines, nullDefinedAs } = delimited ?? {}
  return {
    'serialization.format': fields ?? DEFAULT_SERIALIZATION,
    ...(fields !== undefined && { 'field.delim': fields }),
    ...(escaped !== undefined && { 'escape.delim': escaped }),
    ...(collectionItems !== undefined && { 'collection.delim': collectionItems }),
    ...(mapKeys !== undefined && { 'mapkey.delim': mapKeys }),
    ...(lines !== undefined && { 'line.delim': lines }),
    ...(nullDefinedAs !== undefined && { 'serialization.null.format': nullDefinedAs }),
    ...rowFormat?.serde?.properties,
  }
}

export function catalogColumn({ name, type, comment }: DdlColumn): Column {
  return { name: name.toLowerCase(), type, ...(comment !== undefined && { comment }) }
}
