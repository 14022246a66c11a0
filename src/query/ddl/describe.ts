/** DESCRIBE a table or a view (D5): three fields, each padded to twenty characters, partition columns once more below. */
import type { Column, Table } from '../../catalog/types.ts'
import { SqlFailure } from '../../sql/failure.ts'
import type { HiveStatement } from '../../sql/tree.ts'
import { HiveFailure } from '../failure.ts'
import { type Outcome, textOutcome } from '../outcome.ts'
import { utilityColumn } from '../result-column.ts'
import { isView, viewDefinition } from '../view.ts'
import { type DdlContext, existingTable } from './context.ts'
import { FIELD_WIDTH } from './show.ts'

type Describe = Extract<HiveStatement, { kind: 'Describe' }>

const BLANK_LINE = '\t \t '

export async function describe(statement: Describe, context: DdlContext): Promise<Outcome> {
  if (statement.style !== undefined)
    throw new SqlFailure('NOT_SUPPORTED', `DESCRIBE ${statement.style} is not supported by this lake`)
  if (statement.partition !== undefined)
    throw new SqlFailure('NOT_SUPPORTED', 'DESCRIBE … PARTITION is not supported by this lake')
  const table = await existingTable(statement.table, context)
  if (isView(table)) {
    const lines = viewDefinition(table).columns.map((column) => `${column.name}\t${column.type}`)
    return textOutcome(['column', 'type'].map(utilityColumn), lines)
  }
  const columns = ['col_name', 'data_type', 'comment'].map(utilityColumn)
  return textOutcome(
    columns,
    statement.column === undefined ? tableLines(table) : [columnLine(table, statement.column)],
  )
}

function tableLines(table: Table): string[] {
  const all = [...(table.storage?.columns ?? []), ...table.partitionKeys].map(fieldLine)
  if (table.partitionKeys.length === 0) return all
  return [
    ...all,
    BLANK_LINE,
    '# Partition Information\t \t ',
    padded('# col_name', 'data_type', 'comment'),
    BLANK_LINE,
    ...table.partitionKeys.map(fieldLine),
  ]
}

function columnLine(table: Table, name: string): string {
  const wanted = name.toLowerCase()
  const found = [...(table.storage?.columns ?? []), ...table.partitionKeys].find((column) => column.name === wanted)
  if (found === undefined)
    throw new HiveFailure(
      `FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. cannot find field ${wanted}`,
    )
  return fieldLine(found)
}

function fieldLine(column: Column): string {
  return padded(column.name, column.type, column.comment ?? '')
}

function padded(...fields: string[]): string {
  return fields.map((field) => field.padEnd(FIELD_WIDTH)).join('\t')
}
