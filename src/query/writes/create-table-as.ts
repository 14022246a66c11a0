/** CREATE TABLE AS: a query's rows as the files of a new table (D8). */
import type { Column, TableInput } from '../../catalog/types.ts'
import type { WriteFormat } from '../../engine/engine.ts'
import { analyse } from '../../sql/analyser/index.ts'
import { SqlFailure } from '../../sql/failure.ts'
import { hiveTypeText } from '../../sql/hive-type.ts'
import type { Position, TrinoStatement } from '../../sql/tree.ts'
import type { TypedQuery } from '../../sql/typed-tree.ts'
import { type SqlType, typeText } from '../../sql/types.ts'
import { type Buckets, bucketsOf, checkBuckets } from '../buckets.ts'
import { ReportedFailure } from '../failure.ts'
import type { Outcome } from '../outcome.ts'
import { partitionFolder } from '../partition-path.ts'
import type { SelectParts, SelectRequest } from '../select.ts'
import { loadTables } from '../tables.ts'
import { emptyLocation } from './empty-location.ts'
import { Properties } from './properties.ts'
import { ROWS_COLUMN, stage, writeOutcome } from './stage.ts'
import { fullName, type TableName, writtenTable } from './table-name.ts'
import { fileSuffix, storageFormat, writeFormat } from './write-format.ts'
import { partitionValues, writtenObjects } from './written-objects.ts'

type CreateTableAs = Extract<TrinoStatement, { kind: 'CreateTableAs' }>

export interface WriteRequest extends SelectRequest {
  /** Of the execution: `…/tables/<id>`. */
  readonly outputLocation: string
  /** The workgroup says where results go, whatever the statement says. */
  readonly isLocationEnforced: boolean
}

const ENFORCED =
  "The Create Table As Select query failed because it was submitted with an 'external_location' property to an Athena Workgroup that enforces a centralized output location for all queries. Please remove the 'external_location' property and resubmit the query."
const REJECTED_TYPE = 1008

export async function createTableAs(
  statement: CreateTableAs,
  request: WriteRequest,
  parts: SelectParts,
  signal: AbortSignal,
): Promise<Outcome> {
  const { at } = statement
  const name = writtenTable(statement.name, request.session)
  const options = optionsOf(statement)
  if (options.externalLocation !== undefined && request.isLocationEnforced)
    throw new ReportedFailure(ENFORCED, { category: 2, type: REJECTED_TYPE })
  const location = options.externalLocation ?? `${request.outputLocation}/`
  if (await isThere(name, location, at, parts)) {
    if (statement.ifNotExists) return NOTHING_WRITTEN
    throw alreadyThere(name, location, at)
  }
  const place = await emptyLocation(location, `directory for table '${name.database}.${name.table}'`, parts, at)
  const entryOf = (query: TypedQuery) =>
    tableEntry(query, { statement, name, location, ...options }, parts.clock.nowMs())

  if (!statement.withData) {
    const { context } = await loadTables(parts.catalog, statement.query, request.session, request.parameters)
    const input = entryOf(named(analyse(statement.query, context), statement, options))
    return { ...NOTHING_WRITTEN, table: { database: name.database, input } }
  }
  let input: TableInput | undefined
  const staged = await stage(
    request,
    parts,
    {
      format: options.format,
      partitionColumns: options.partitionedBy.length,
      buckets: options.buckets,
      shape: (query) => {
        const shaped = named(query, statement, options)
        input = entryOf(shaped)
        return shaped
      },
    },
    signal,
  )
  if (input === undefined) throw new Error('The query was run without being analysed.')
  const entry = input
  const { files } = staged.written
  const folderOf = (partition: readonly (string | null)[]) =>
    partition.length === 0 ? '' : `${partitionFolder(entry, partitionValues(partition))}/`
  const names = { executionId: request.id, startedAtMs: parts.clock.nowMs(), suffix: fileSuffix(options.format) }
  const partitions = [...new Set(files.map(({ partition }) => partition))].filter(({ length }) => length > 0)
  const inputs = partitions.map((partition) => ({
    values: partitionValues(partition),
    parameters: {},
    ...(entry.storage && {
      storage: { ...entry.storage, location: `${trimmed(location)}/${folderOf(partition).slice(0, -1)}` },
    }),
  }))
  return writeOutcome(staged, {
    files: writtenObjects(files, (of) => ({ ...place, key: `${place.key}${folderOf(of)}` }), names),
    table: { database: name.database, input: entry },
    ...(inputs.length > 0 && { partitions: { database: name.database, table: name.table, inputs } }),
  })
}

const NOTHING_WRITTEN = {
  kind: 'write',
  columns: [ROWS_COLUMN],
  rowCount: 0,
  files: [],
  directory: undefined,
  bytesScanned: 0,
  planningMs: 0,
  engineMs: 0,
} as const satisfies Outcome

interface Options {
  readonly format: WriteFormat
  readonly partitionedBy: readonly string[]
  readonly buckets: Buckets | undefined
  readonly externalLocation: string | undefined
}

function optionsOf({ properties: list, at }: CreateTableAs): Options {
  const properties = new Properties(list, 'Table property')
  properties.refuse(['partitioning', 'location'])
  const tableType = properties.text('table_type')
  if (tableType !== undefined && tableType.toUpperCase() !== 'HIVE')
    throw new SqlFailure(
      'NOT_SUPPORTED',
      `Tables of type ${tableType.toUpperCase()} are not supported by this lake`,
      at,
    )
  if (properties.flag('is_external') === false)
    throw new SqlFailure('NOT_SUPPORTED', 'Managed Hive tables are not supported', at)
  const format = properties.text('format') ?? 'PARQUET'
  const options = {
    format: writeFormat({
      format,
      compression: compressionOf(properties, format, at),
      compressionLevel: properties.integer('compression_level'),
      fieldDelimiter: properties.text('field_delimiter'),
      at,
    }),
    partitionedBy: properties.texts('partitioned_by') ?? [],
    buckets: bucketsOf(properties, at),
    externalLocation: properties.text('external_location'),
  }
  properties.end()
  return options
}

/** That of `write_compression`, or of the property that the format has for itself. Two of them could contradict. */
function compressionOf(properties: Properties, format: string, at: Position): string | undefined {
  const compression = properties.text('write_compression')
  for (const owner of ['parquet', 'orc']) {
    const own = properties.text(`${owner}_compression`)
    if (own === undefined) continue
    const refuse = (why: string) => new SqlFailure('INVALID_TABLE_PROPERTY', `${owner}_compression ${why}`, at)
    if (format.toLowerCase() !== owner) throw refuse(`is for ${owner.toUpperCase()}, not for ${format.toUpperCase()}`)
    if (compression !== undefined) throw refuse('and write_compression are two names of one property: give one')
    return own
  }
  return compression
}

async function isThere(name: TableName, location: string, at: Position, { catalog }: SelectParts): Promise<boolean> {
  if ((await catalog.findDatabase(name.database)) === undefined)
    throw new SqlFailure('SCHEMA_NOT_FOUND', `Schema ${name.database} not found`, at)
  if (location === '') throw new SqlFailure('INVALID_TABLE_PROPERTY', 'external_location is empty', at)
  return (await catalog.findTable(name.database, name.table)) !== undefined
}

function alreadyThere(name: TableName, location: string, at: Position): SqlFailure {
  return new SqlFailure(
    'TABLE_ALREADY_EXISTS',
    `Destination table '${fullName(name)}' already exists. You may need to manually clean the data at location '${location}' before retrying. Athena will not delete data in your account.`,
    at,
  )
}

/** The query with the names that its columns have in the table: its own, or those that the statement lists. */
function named(query: TypedQuery, statement: CreateTableAs, { partitionedBy, buckets }: Options): TypedQuery {
  const { columns, at } = statement
  if (columns !== undefined && columns.length !== query.output.length)
    throw new SqlFailure(
      'MISMATCHED_COLUMN_ALIASES',
      `Column alias list has ${columns.length} entries but relation has ${query.output.length} columns`,
      at,
    )
  const output = query.output.map((field, index) => ({
    ...field,
    name: (columns?.[index]?.value ?? field.name).toLowerCase(),
  }))
  for (const [index, { name, type }] of output.entries()) {
    if (name === `_col${index}` && columns === undefined)
      throw new SqlFailure('MISSING_COLUMN_NAME', `Column name not specified at position ${index + 1}`, at)
    if (output.findIndex((other) => other.name === name) < index)
      throw new SqlFailure('DUPLICATE_COLUMN_NAME', `Column name '${name}' specified more than once`, at)
    checkType(name, type, index, at)
  }
  const last = output.slice(output.length - partitionedBy.length).map(({ name }) => name)
  if (partitionedBy.length >= output.length)
    throw new SqlFailure('INVALID_TABLE_PROPERTY', 'Table contains only partition columns', at)
  if (last.join('\0') !== partitionedBy.join('\0'))
    throw new SqlFailure(
      'HIVE_COLUMN_ORDER_MISMATCH',
      `Partition keys must be the last columns in the table and in the same order as the table properties: [${partitionedBy.join(', ')}]`,
      at,
    )
  if (buckets !== undefined) checkBuckets(buckets, output, partitionedBy, at)
  return { ...query, output }
}

function checkType(name: string, type: SqlType, index: number, at: Position): void {
  if (type.kind === 'unknown')
    throw new SqlFailure('COLUMN_TYPE_UNKNOWN', `Column type is unknown at position ${index + 1}`, at)
  if (type.kind === 'timestamp' && type.precision !== 3)
    throw new SqlFailure(
      'NOT_SUPPORTED',
      `Incorrect timestamp precision for ${typeText(type)}; the configured precision is MILLISECONDS; column name: ${name}`,
      at,
    )
  try {
    hiveTypeText(type)
  } catch (error) {
    throw error instanceof SqlFailure ? new SqlFailure(error.code, error.message, at) : error
  }
}

function tableEntry(
  query: TypedQuery,
  of: Options & { readonly statement: CreateTableAs; readonly name: TableName; readonly location: string },
  nowMs: number,
): TableInput {
  const columns: Column[] = query.output.map(({ name, type }) => ({ name, type: hiveTypeText(type) }))
  const data = columns.slice(0, columns.length - of.partitionedBy.length)
  const { comment } = of.statement
  const compression = of.format.compression.toUpperCase()
  return {
    name: of.name.table,
    owner: 'hadoop',
    lastAccessMs: 0,
    retention: 0,
    storage: {
      columns: data,
      location: trimmed(of.location),
      ...storageFormat(of.format),
      compressed: false,
      numberOfBuckets: of.buckets?.count ?? 0,
      bucketColumns: of.buckets?.columns ?? [],
      sortColumns: [],
      parameters: {},
      storedAsSubDirectories: false,
    },
    partitionKeys: columns.slice(data.length),
    tableType: 'EXTERNAL_TABLE',
    parameters: {
      EXTERNAL: 'TRUE',
      has_encrypted_data: 'false',
      transient_lastDdlTime: String(Math.floor(nowMs / 1000)),
      ...(of.format.kind === 'parquet' ? { 'parquet.compression': compression } : { 'write.compression': compression }),
      ...(comment !== undefined && { comment }),
    },
  }
}

function trimmed(location: string): string {
  return location.replace(/\/+$/, '')
}
