/** ALTER TABLE … PARTITION, and the specification `(k='v', …)` against a table's partition columns. */
import type { PartitionInput, Storage, Table } from '../../catalog/types.ts'
import type { HiveStatement, PartitionTerm } from '../../sql/tree.ts'
import { HiveFailure } from '../failure.ts'
import { nothing, type Outcome } from '../outcome.ts'
import { partitionFolder } from '../partition-path.ts'
import { type DdlContext, ddlTime, existingTable, taskFailure } from './context.ts'

type Of<Kind extends HiveStatement['kind']> = Extract<HiveStatement, { kind: Kind }>

export async function addPartitions(statement: Of<'AddPartitions'>, context: DdlContext): Promise<Outcome> {
  const table = await existingTable(statement.table, context)
  const inputs = statement.partitions.map(({ terms, location }) =>
    partitionEntry(table, fullValues(table, terms), location, context),
  )
  if (!statement.ifNotExists) {
    for (const { values } of inputs) {
      if ((await context.catalog.findPartition(table.database, table.name, values)) !== undefined)
        throw taskFailure('AlreadyExistsException(message:Partition already exists.)', 'Partition already exists.')
    }
  }
  const failures = await context.catalog.createPartitions(table.database, table.name, inputs)
  const refused = failures.find((failure) => failure.code !== 'partitionExists' || !statement.ifNotExists)
  if (refused !== undefined) throw taskFailure(`AlreadyExistsException(message:${refused.message})`, refused.message)
  return nothing()
}

/** A partition as ADD PARTITION and MSCK write it: the table's storage, at its own place. */
export function partitionEntry(
  table: Table,
  values: readonly string[],
  location: string | undefined,
  context: DdlContext,
): PartitionInput {
  const base = (table.storage?.location ?? '').replace(/\/+$/, '')
  const storage: Storage = {
    ...emptyStorage(table),
    location: location ?? `${base}/${partitionFolder(table, values)}`,
  }
  return { values, storage, lastAccessMs: 0, parameters: { transient_lastDdlTime: ddlTime(context) } }
}

function emptyStorage(table: Table): Storage {
  return (
    table.storage ?? {
      columns: [],
      compressed: false,
      numberOfBuckets: -1,
      bucketColumns: [],
      sortColumns: [],
      parameters: {},
      storedAsSubDirectories: false,
    }
  )
}

export async function dropPartitions(statement: Of<'DropPartitions'>, context: DdlContext): Promise<Outcome> {
  const table = await existingTable(statement.table, context)
  for (const terms of statement.partitions) {
    checkColumns(table, terms)
    const doomed: (readonly string[])[] = []
    for await (const { values } of context.catalog.partitions(table.database, table.name)) {
      if (terms.every((term) => matches(table, values, term))) doomed.push(values)
    }
    if (doomed.length === 0 && !statement.ifExists)
      throw new HiveFailure(`FAILED: SemanticException [Error 10006]: Partition not found (${specText(terms)})`)
    if (doomed.length > 0) await context.catalog.deletePartitions(table.database, table.name, doomed)
  }
  return nothing()
}

const COMPARISONS: Readonly<Record<PartitionTerm['operator'], (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

const NUMBER_TYPES = /^(?:tinyint|smallint|int|integer|bigint|float|double|decimal)/

function matches(table: Table, values: readonly string[], term: PartitionTerm): boolean {
  const index = keyIndex(table, term.column)
  const value = values[index] ?? ''
  const isNumber = NUMBER_TYPES.test(table.partitionKeys[index]?.type ?? '')
  const [left, right] = isNumber ? [Number(value), Number(term.value)] : [value, term.value]
  return COMPARISONS[term.operator](left < right ? -1 : left > right ? 1 : 0)
}

export async function renamePartition(statement: Of<'RenamePartition'>, context: DdlContext): Promise<Outcome> {
  const table = await existingTable(statement.table, context)
  const from = fullValues(table, statement.from)
  const to = fullValues(table, statement.to)
  const { createdAtMs: _, ...current } = await existingPartition(table, from, context)
  if ((await context.catalog.findPartition(table.database, table.name, to)) !== undefined)
    throw taskFailure('AlreadyExistsException(message:Partition already exists.)', 'Partition already exists.')
  await context.catalog.updatePartition(table.database, table.name, from, { ...current, values: to })
  return nothing()
}

export async function existingPartition(table: Table, values: readonly string[], context: DdlContext) {
  const found = await context.catalog.findPartition(table.database, table.name, values)
  if (found !== undefined) return found
  const spec = table.partitionKeys.map((key, index) => `${key.name}=${values[index]}`).join(', ')
  throw new HiveFailure(`FAILED: SemanticException [Error 10006]: Partition not found {${spec}}`)
}

/** One value for each partition column, in their order. */
export function fullValues(table: Table, terms: readonly PartitionTerm[]): readonly string[] {
  checkColumns(table, terms)
  const given = new Map(terms.map((term) => [term.column.toLowerCase(), term.value]))
  return table.partitionKeys.map((key) => {
    const value = given.get(key.name)
    if (value !== undefined) return value
    throw new HiveFailure(
      `FAILED: SemanticException partition spec {${specText(terms)}} doesn't contain all (${table.partitionKeys.length}) partition columns`,
    )
  })
}

function checkColumns(table: Table, terms: readonly PartitionTerm[]): void {
  for (const term of terms) {
    if (keyIndex(table, term.column) < 0)
      throw new HiveFailure(
        `FAILED: ValidationFailureSemanticException table is not partitioned by ${term.column.toLowerCase()}: Partition spec {${specText(terms)}} contains non-partition columns`,
      )
  }
}

function keyIndex(table: Table, column: string): number {
  return table.partitionKeys.findIndex((key) => key.name === column.toLowerCase())
}

function specText(terms: readonly PartitionTerm[]): string {
  return terms.map((term) => `${term.column.toLowerCase()}${term.operator}${term.value}`).join(', ')
}
