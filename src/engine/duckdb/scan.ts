/**
 * A table's files as a relation of DuckDB: one SELECT whose columns are named by the symbols of the Scan node and held
 * as `representation.ts` says. Data columns come from the files, partition and hidden columns from a small list of
 * files joined by name, so that a thousand partitions are still one read.
 */
import type { Relation, ScanColumn } from '../../sql/typed-tree.ts'
import type { SqlType } from '../../sql/types.ts'
import { EngineFailure, type ScanFile, type ScanSource } from '../engine.ts'
import { partitionValue } from './cell.ts'
import type { FileFacts } from './facts.ts'
import { literal, quoted, type SqlText } from './print/text.ts'
import { storageType } from './representation.ts'
import { readCsv } from './scan-csv.ts'
import { readJson } from './scan-json.ts'
import { readParquet } from './scan-parquet.ts'

export type ScanNode = Extract<Relation, { kind: 'Scan' }>

/** Facts by `ScanFile.versionKey`. */
export type FactsOf = (file: ScanFile) => FileFacts

/** The column in which readers give the local path of the file a row comes from. */
export const FILE_COLUMN = 'lake_file'

/** A relation over `files` with the named data columns (typed) and FILE_COLUMN. */
export type FileReader = (files: readonly ScanFile[], columns: readonly string[]) => SqlText

/** `count(*)` asks for no columns; a relation needs one. */
const NO_COLUMNS = 'true AS lake_row'

export function printScan(node: ScanNode, source: ScanSource, factsOf: FactsOf): SqlText {
  if (source.files.length === 0) return emptyScan(node)
  const dataColumns = [...new Set(node.fields.filter(fromData).map((field) => field.column))]
  const files = distinctPaths(source.files)
  const relation = reader(source, factsOf)(files, dataColumns)
  const fromList = node.fields.filter((field) => !fromData(field))
  const fields = node.fields.map(
    (field) =>
      `${fromData(field) ? `d.${quoted(field.column)}` : `f.${quoted(field.symbol)}`} AS ${quoted(field.symbol)}`,
  )
  const outputs = fields.length === 0 ? NO_COLUMNS : fields.join(', ')
  // Two partitions may point at the same folder: then its rows stand in both, and only the join can say so.
  const sharedFiles = files.length < source.files.length
  if (fromList.length === 0 && !sharedFiles) return `SELECT ${outputs} FROM (${relation}) AS d`
  return `SELECT ${outputs} FROM (${relation}) AS d JOIN (${fileList(fromList, source)}) AS f ON d.${FILE_COLUMN} = f.${FILE_COLUMN}`
}

function fromData(field: ScanColumn): boolean {
  return field.source === 'data'
}

function emptyScan(node: ScanNode): SqlText {
  const columns = node.fields.map((field) => `NULL::${storageType(field.type)} AS ${quoted(field.symbol)}`)
  return `SELECT ${columns.length === 0 ? NO_COLUMNS : columns.join(', ')} WHERE false`
}

function distinctPaths(files: readonly ScanFile[]): readonly ScanFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()]
}

function reader(source: ScanSource, factsOf: FactsOf): FileReader {
  const { format, dataColumns } = source
  switch (format.kind) {
    case 'json':
      return readJson(format, dataColumns, factsOf)
    case 'csv':
      return readCsv(format, dataColumns)
    case 'parquet':
      return readParquet(format, dataColumns, factsOf)
    case 'avro':
    case 'cloudtrail':
      throw new Error('These files are converted before they are read.')
  }
}

function fileList(fields: readonly ScanColumn[], source: ScanSource): SqlText {
  const names = [FILE_COLUMN, ...fields.map((field) => quoted(field.symbol))]
  const rows = source.files.map((file) => {
    const values = fields.map((field) => fileValue(field, file, source))
    return `(${[literal(file.path), ...values].join(', ')})`
  })
  return `SELECT * FROM (VALUES ${rows.join(', ')}) AS v(${names.join(', ')})`
}

function fileValue(field: ScanColumn, file: ScanFile, source: ScanSource): SqlText {
  if (field.source === 'hidden') return hiddenValue(field, file, source)
  const index = source.partitionColumns.findIndex((column) => column.name === field.column)
  const column = source.partitionColumns[index]
  if (column === undefined) throw new Error(`Scan of ${field.column}: not a partition column of the source.`)
  return partitionValue(source.partitions[file.partition]?.[index] ?? null, column.name, column.type)
}

const HIDDEN: Readonly<Record<string, (file: ScanFile, source: ScanSource) => SqlText>> = {
  $path: (file) => literal(file.location),
  $partition: (file, source) => literal(partitionName(file, source)),
  $bucket: (file) => `${file.bucket ?? 0}::INTEGER`,
  $file_size: (file) => `${file.sizeBytes}::BIGINT`,
  $file_modified_time: (file) =>
    `{'instant': make_timestamp_ms(${Math.floor(file.modifiedAtMs)}::BIGINT), 'zone': 'UTC'}`,
}

/** `dt=2024-01-01/shard=7` */
function partitionName(file: ScanFile, source: ScanSource): string {
  const values = source.partitions[file.partition] ?? []
  return source.partitionColumns
    .map(({ name }, index) => `${name}=${values[index] ?? '__HIVE_DEFAULT_PARTITION__'}`)
    .join('/')
}

function hiddenValue(field: ScanColumn, file: ScanFile, source: ScanSource): SqlText {
  const value = HIDDEN[field.column]
  if (value === undefined) throw new EngineFailure('NOT_SUPPORTED', `Hidden column ${field.column} is not supported`)
  return value(file, source)
}

/** Types of the data columns by name; the last of several with one name wins, as the catalog allows none. */
export function typesOf(columns: ScanSource['dataColumns']): ReadonlyMap<string, SqlType> {
  return new Map(columns.map((column) => [column.name, column.type]))
}
