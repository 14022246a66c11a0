/**
 * INSERT INTO: new files beside those that the table has, and partitions for those it does not have. What the table's
 * files are like, its entry in the catalog says.
 */
import type { PartitionInput, Table } from '../../catalog/types.ts'
import { SqlFailure } from '../../sql/failure.ts'
import type { Position, TrinoStatement } from '../../sql/tree.ts'
import { tableBuckets } from '../buckets.ts'
import type { Outcome } from '../outcome.ts'
import { partitionFolder } from '../partition-path.ts'
import { isProjected, projectionOf } from '../projection/projection.ts'
import { folderPrefix, parseS3Location, type S3Location } from '../s3-location.ts'
import type { SelectParts, SelectRequest } from '../select.ts'
import { typedColumns } from '../tables.ts'
import { isView } from '../view.ts'
import { assigned, type TargetColumn } from './assigned.ts'
import { stage, writeOutcome } from './stage.ts'
import { fullName, type TableName, writtenTable } from './table-name.ts'
import { fileSuffix, formatOfTable } from './write-format.ts'
import { partitionValues, writtenObjects } from './written-objects.ts'

type Insert = Extract<TrinoStatement, { kind: 'Insert' }>

export async function insert(
  statement: Insert,
  request: SelectRequest,
  parts: SelectParts,
  signal: AbortSignal,
): Promise<Outcome> {
  const name = writtenTable(statement.target, request.session)
  const table = await existingTable(name, statement.at, parts)
  const columns = columnsOf(table, statement.at)
  const given = givenColumns(statement, columns)
  const format = formatOfTable(table, statement.at)
  const staged = await stage(
    request,
    parts,
    {
      format,
      partitionColumns: table.partitionKeys.length,
      shape: (query) => assigned(query, columns, given, statement.at),
    },
    signal,
  )
  const { files } = staged.written
  const partitions = await partitionsOf(table, [...new Set(files.map(({ partition }) => partition))], parts)
  const names = { executionId: request.id, startedAtMs: parts.clock.nowMs(), suffix: fileSuffix(format) }
  const made = partitions.flatMap(({ input }) => input ?? [])
  return writeOutcome(staged, {
    files: writtenObjects(files, (partition) => folderAt(partitions.find((one) => one.of === partition)), names),
    ...(made.length > 0 && { partitions: { database: name.database, table: name.table, inputs: made } }),
  })
}

async function existingTable(name: TableName, at: Position, { catalog }: SelectParts): Promise<Table> {
  if ((await catalog.findDatabase(name.database)) === undefined)
    throw new SqlFailure('SCHEMA_NOT_FOUND', `Schema '${name.database}' does not exist`, at)
  const table = await catalog.findTable(name.database, name.table)
  if (table === undefined) throw new SqlFailure('TABLE_NOT_FOUND', `Table '${fullName(name)}' does not exist`, at)
  if (isView(table)) throw new SqlFailure('NOT_SUPPORTED', 'Inserting into views is not supported', at)
  if (tableBuckets(table) !== undefined)
    throw new SqlFailure('NOT_SUPPORTED', 'INSERT INTO a bucketed table is not supported', at)
  return table
}

function columnsOf(table: Table, at: Position): readonly TargetColumn[] {
  const { known, unknown } = typedColumns(table)
  if (unknown !== undefined) throw new SqlFailure('NOT_SUPPORTED', unknown, at)
  return known
}

/** Those that the statement names, or all. */
function givenColumns({ columns: named, at }: Insert, columns: readonly TargetColumn[]): readonly TargetColumn[] {
  if (named === undefined) return columns
  const given: TargetColumn[] = []
  for (const { value } of named) {
    const column = columns.find(({ name }) => name === value.toLowerCase())
    if (column === undefined)
      throw new SqlFailure('COLUMN_NOT_FOUND', `Insert column name does not exist in target table: ${value}`, at)
    if (given.includes(column))
      throw new SqlFailure('DUPLICATE_COLUMN_NAME', `Insert column name is specified more than once: ${value}`, at)
    given.push(column)
  }
  return given
}

interface Place {
  readonly of: readonly (string | null)[]
  readonly location: string
  /** Of a partition that the catalog does not have yet. */
  readonly input: PartitionInput | undefined
}

async function partitionsOf(
  table: Table,
  wanted: readonly (readonly (string | null)[])[],
  { catalog }: SelectParts,
): Promise<readonly Place[]> {
  const base = (table.storage?.location ?? '').replace(/\/+$/, '')
  if (table.partitionKeys.length === 0) return wanted.map((of) => ({ of, location: `${base}/`, input: undefined }))
  if (isProjected(table)) {
    const projection = projectionOf(table)
    return wanted.map((of) => ({ of, location: projection.locationOf(partitionValues(of)), input: undefined }))
  }
  const places: Place[] = []
  for (const of of wanted) {
    const values = partitionValues(of)
    const found = await catalog.findPartition(table.database, table.name, values)
    const location = found?.storage?.location || `${base}/${partitionFolder(table, values)}`
    const storage = table.storage && { ...table.storage, location }
    const input = found === undefined ? { values, parameters: {}, ...(storage && { storage }) } : undefined
    places.push({ of, location, input })
  }
  return places
}

function folderAt(place: Place | undefined): S3Location {
  const found = parseS3Location(place?.location ?? '')
  if (found === undefined)
    throw new SqlFailure('NOT_SUPPORTED', `The table has no location in S3: '${place?.location}'`)
  return { bucket: found.bucket, key: folderPrefix(found.key) }
}
