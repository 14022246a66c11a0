/**
 * DESCRIBE a table or a view (D5): three fields, each padded to twenty characters, partition columns once more below;
 * FORMATTED and EXTENDED tell more of the table or the partition.
 */
import type { Column, Table } from '../../catalog/types.ts'
import { hiveTypeText, parseHiveType } from '../../sql/hive-type.ts'
import type { HiveStatement } from '../../sql/tree.ts'
import type { SqlType } from '../../sql/types.ts'
import type { HiveFailure } from '../failure.ts'
import { type Outcome, textOutcome } from '../outcome.ts'
import { utilityColumn } from '../result-column.ts'
import { isView, viewDefinition } from '../view.ts'
import { type DdlContext, existingTable, taskFailure } from './context.ts'
import { BLANK_LINE, type Described, extendedLines, formattedLines } from './describe-details.ts'
import { existingPartition, fullValues } from './partitions.ts'
import { FIELD_WIDTH } from './show.ts'

type Describe = Extract<HiveStatement, { kind: 'Describe' }>

/** Two characters wider than its fields (recorded). */
const HEADER = padded('# col_name  '.padEnd(FIELD_WIDTH + 2), 'data_type', 'comment')

export async function describe(statement: Describe, context: DdlContext): Promise<Outcome> {
  const table = await existingTable(statement.table, context)
  if (isView(table)) {
    const lines = viewDefinition(table).columns.map((column) => `${column.name}\t${column.type}`)
    return textOutcome(['column', 'type'].map(utilityColumn), lines)
  }
  const terms = statement.partition
  const partition = terms && (await existingPartition(table, fullValues(table, terms), context))
  return textOutcome(['col_name', 'data_type', 'comment'].map(utilityColumn), lines(statement, { table, partition }))
}

function lines({ column, style }: Describe, described: Described): string[] {
  const { table, partition } = described
  const columns = partition?.storage?.columns ?? table.storage?.columns ?? []
  if (column !== undefined) {
    const line = fieldLine(columnAt([...columns, ...table.partitionKeys], column))
    return style === 'FORMATTED' ? [HEADER, BLANK_LINE, line] : [line]
  }
  switch (style) {
    case 'FORMATTED':
      return [HEADER, BLANK_LINE, ...columns.map(fieldLine), ...keyLines(table), ...formattedLines(described)]
    case 'EXTENDED':
      return [...allLines(columns, table), ...extendedLines(described)]
    case undefined:
      return allLines(columns, table)
  }
}

function allLines(columns: readonly Column[], table: Table): string[] {
  return [...[...columns, ...table.partitionKeys].map(fieldLine), ...keyLines(table)]
}

function keyLines({ partitionKeys }: Table): string[] {
  if (partitionKeys.length === 0) return []
  return [BLANK_LINE, `# Partition Information${BLANK_LINE}`, HEADER, BLANK_LINE, ...partitionKeys.map(fieldLine)]
}

/** `path`: `column`, or with fields of structs, `$elem$` of arrays, `$key$` and `$value$` of maps. */
function columnAt(columns: readonly Column[], path: string): Column {
  const [first = '', ...rest] = path.toLowerCase().split('.')
  const column = columns.find(({ name }) => name === first)
  if (column === undefined) throw unknownField(first)
  const last = rest.at(-1)
  if (last === undefined) return column
  const type = rest.reduce(partOf, parseHiveType(column.type))
  return { name: last, type: hiveTypeText(type), comment: 'from deserializer' }
}

function partOf(type: SqlType, part: string): SqlType {
  if (type.kind === 'array' && part === '$elem$') return type.element
  if (type.kind === 'map' && part === '$key$') return type.key
  if (type.kind === 'map' && part === '$value$') return type.value
  const field = type.kind === 'row' ? type.fields.find(({ name }) => name?.toLowerCase() === part) : undefined
  if (field === undefined) throw unknownField(part)
  return field.type
}

function unknownField(name: string): HiveFailure {
  return taskFailure(`cannot find field ${name}`)
}

function fieldLine(column: Column): string {
  return padded(column.name, column.type, column.comment ?? '')
}

function padded(...fields: string[]): string {
  return fields.map((field) => field.padEnd(FIELD_WIDTH)).join('\t')
}
