/** DROP TABLE and the ALTER TABLE statements that change a table's own entry. Objects in S3 are never touched. */
import type { Table, TableInput } from '../../catalog/types.ts'
import type { HiveStatement } from '../../sql/tree.ts'
import { HiveFailure } from '../failure.ts'
import { nothing, type Outcome } from '../outcome.ts'
import { isView } from '../view.ts'
import {
  type DdlContext,
  ddlTime,
  existingDatabase,
  existingTable,
  tableName,
  tableNotFound,
  taskFailure,
} from './context.ts'
import { catalogColumn } from './create-table.ts'
import { existingPartition, fullValues } from './partitions.ts'

type Of<Kind extends HiveStatement['kind']> = Extract<HiveStatement, { kind: Kind }>

export async function dropTable(statement: Of<'DropTable'>, context: DdlContext): Promise<Outcome> {
  const { database, table } = tableName(statement.name, context)
  if (!statement.ifExists) await existingDatabase(database, context)
  const found = await context.catalog.findTable(database, table)
  if (found === undefined) {
    if (statement.ifExists) return nothing()
    throw tableNotFound(table)
  }
  if (isView(found))
    throw new HiveFailure('FAILED: SemanticException [Error 10001]: Cannot drop a view with DROP TABLE')
  await context.catalog.deleteTable(database, table)
  return nothing()
}

export async function setLocation(statement: Of<'SetLocation'>, context: DdlContext): Promise<Outcome> {
  const table = await existingTable(statement.table, context)
  const { location, partition: terms } = statement
  if (terms === undefined) {
    await update(table, context, (current) => ({
      ...current,
      ...(current.storage !== undefined && { storage: { ...current.storage, location } }),
    }))
    return nothing()
  }
  const values = fullValues(table, terms)
  const { createdAtMs: _, ...partition } = await existingPartition(table, values, context)
  await context.catalog.updatePartition(table.database, table.name, values, {
    ...partition,
    ...(partition.storage !== undefined && { storage: { ...partition.storage, location } }),
  })
  return nothing()
}

export async function setTableProperties(statement: Of<'SetTableProperties'>, context: DdlContext): Promise<Outcome> {
  const table = await existingTable(statement.table, context)
  await update(table, context, (current) => ({
    ...current,
    parameters: {
      ...current.parameters,
      ...statement.properties,
      last_modified_by: 'hadoop',
      last_modified_time: ddlTime(context),
    },
  }))
  return nothing()
}

export async function changeColumns(
  statement: Of<'AddColumns' | 'ReplaceColumns'>,
  context: DdlContext,
): Promise<Outcome> {
  const table = await existingTable(statement.table, context)
  const added = statement.columns.map(catalogColumn)
  const kept = statement.kind === 'AddColumns' ? (table.storage?.columns ?? []) : []
  const names = [...kept, ...added, ...table.partitionKeys].map((column) => column.name)
  const repeated = names.find((name, index) => names.indexOf(name) < index)
  if (repeated !== undefined) throw taskFailure(`Duplicate column name: ${repeated}`)
  await update(table, context, (current) => ({
    ...current,
    ...(current.storage !== undefined && { storage: { ...current.storage, columns: [...kept, ...added] } }),
  }))
  return nothing()
}

export async function changeColumn(statement: Of<'ChangeColumn'>, context: DdlContext): Promise<Outcome> {
  const table = await existingTable(statement.table, context)
  const from = statement.column.toLowerCase()
  const columns = table.storage?.columns ?? []
  if (!columns.some((column) => column.name === from)) throw taskFailure(`Invalid column reference ${from}`)
  const to = catalogColumn(statement.to)
  await update(table, context, (current) => ({
    ...current,
    ...(current.storage !== undefined && {
      storage: { ...current.storage, columns: columns.map((column) => (column.name === from ? to : column)) },
    }),
  }))
  return nothing()
}

async function update(table: Table, context: DdlContext, change: (current: TableInput) => TableInput): Promise<void> {
  await context.catalog.updateTable(table.database, table.name, (current) => {
    const { database: _d, createdAtMs: _c, updatedAtMs: _u, createdBy: _b, versionId: _v, ...input } = current
    return change(input)
  })
}
