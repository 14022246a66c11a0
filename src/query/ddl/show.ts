/** SHOW …: one row a line, columns of Hive's `string` (D5). */
import type { Table } from '../../catalog/types.ts'
import type { HiveStatement } from '../../sql/tree.ts'
import { HiveFailure } from '../failure.ts'
import { type Outcome, textOutcome } from '../outcome.ts'
import { partitionFolder } from '../partition-path.ts'
import { utilityColumn } from '../result-column.ts'
import { isView } from '../view.ts'
import { type DdlContext, existingDatabase, existingTable } from './context.ts'
import { createTableLines } from './show-create-table.ts'

type Of<Kind extends HiveStatement['kind']> = Extract<HiveStatement, { kind: Kind }>

/** Hive pads the fields of DESCRIBE and SHOW COLUMNS. */
export const FIELD_WIDTH = 20

function shown(columns: readonly string[], lines: readonly string[]): Outcome {
  return textOutcome(columns.map(utilityColumn), lines, { updateCount: 0 })
}

export async function showDatabases(statement: Of<'ShowDatabases'>, context: DdlContext): Promise<Outcome> {
  const names = (await context.catalog.databases()).map((database) => database.name)
  return shown(['database_name'], names.filter(pattern(statement.pattern)))
}

export async function showTables(statement: Of<'ShowTables'>, context: DdlContext): Promise<Outcome> {
  const tables = await tablesOf(statement.database, context)
  return shown(['tab_name'], tables.map((table) => table.name).filter(pattern(statement.pattern)))
}

export async function showViews(statement: Of<'ShowViews'>, context: DdlContext): Promise<Outcome> {
  const views = (await tablesOf(statement.database, context)).filter(isView)
  return shown(['views'], views.map((table) => table.name).filter(pattern(statement.pattern)))
}

async function tablesOf(database: string | undefined, context: DdlContext): Promise<readonly Table[]> {
  const name = (database ?? context.schema).toLowerCase()
  await existingDatabase(name, context)
  return context.catalog.tables(name)
}

export async function showColumns(statement: Of<'ShowColumns'>, context: DdlContext): Promise<Outcome> {
  const table = await existingTable(statement.table, context)
  const columns = [...(table.storage?.columns ?? []), ...table.partitionKeys]
  return shown(
    ['field'],
    columns.map((column) => column.name.padEnd(FIELD_WIDTH)),
  )
}

export async function showPartitions(statement: Of<'ShowPartitions'>, context: DdlContext): Promise<Outcome> {
  const table = await existingTable(statement.table, context)
  if (table.partitionKeys.length === 0)
    throw new HiveFailure(
      `FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. Table ${table.name} is not a partitioned table`,
    )
  const wanted = (statement.partition ?? []).map((term) => ({
    index: table.partitionKeys.findIndex((key) => key.name === term.column.toLowerCase()),
    value: term.value,
  }))
  const lines: string[] = []
  for await (const { values } of context.catalog.partitions(table.database, table.name)) {
    if (wanted.every(({ index, value }) => values[index] === value)) lines.push(partitionFolder(table, values))
  }
  return shown(['partition'], lines)
}

export async function showTableProperties(statement: Of<'ShowTableProperties'>, context: DdlContext): Promise<Outcome> {
  const table = await existingTable(statement.table, context)
  const columns = ['prpt_name', 'prpt_value']
  const { property } = statement
  if (property !== undefined) {
    const value = table.parameters[property]
    const line = value ?? `Table ${table.database}.${table.name} does not have property: ${property}`
    return shown(columns, [`${line}\t`])
  }
  const entries = Object.entries(table.parameters).sort(([left], [right]) => (left < right ? -1 : 1))
  return shown(
    columns,
    entries.map(([name, value]) => `${name}\t${value}`),
  )
}

export async function showCreateTable(statement: Of<'ShowCreateTable'>, context: DdlContext): Promise<Outcome> {
  const table = await existingTable(statement.table, context)
  return shown(['createtab_stmt'], createTableLines(table))
}

/** A Java regular expression that must match all of the name; `*` also stands for anything. */
function pattern(text: string | undefined): (name: string) => boolean {
  if (text === undefined) return () => true
  const anything = text.replace(/(?<!\.)\*/g, '.*')
  try {
    const expression = new RegExp(`^(?:${anything})$`, 'i')
    return (name) => expression.test(name)
  } catch {
    throw new HiveFailure(`FAILED: SemanticException the pattern '${text}' is no regular expression`)
  }
}
