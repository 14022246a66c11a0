/** What the operations on statistics of tables and of partitions do alike. Columns are found whatever their case. */
import type { Catalog, StatisticsOf } from '../../../catalog/catalog.ts'
import type { Table } from '../../../catalog/types.ts'
import type { ColumnError, ColumnStatistics, ColumnStatisticsError } from '../../../wire/model/glue.ts'
import { tableNamed } from './found.ts'
import { fromColumnStatistics, toColumnStatistics } from './statistics-shape.ts'

/** Columns without statistics come back as Errors. */
export async function readStatistics(
  catalog: Catalog,
  of: StatisticsOf,
  columns: readonly string[],
): Promise<{ ColumnStatisticsList: readonly ColumnStatistics[]; Errors: readonly ColumnError[] }> {
  const all = new Map((await catalog.columnStatistics(of)).map((one) => [one.column.toLowerCase(), one]))
  const found: ColumnStatistics[] = []
  const errors: ColumnError[] = []
  for (const ColumnName of columns) {
    const one = all.get(ColumnName.toLowerCase())
    if (one !== undefined) found.push(fromColumnStatistics(one))
    else errors.push({ ColumnName, Error: notFound('Statistics do not exist for this column') })
  }
  return { ColumnStatisticsList: found, Errors: errors }
}

/** Each column on its own: those that the table does not have, or whose data are of another type, come back as Errors. */
export async function writeStatistics(
  catalog: Catalog,
  of: StatisticsOf,
  statistics: readonly ColumnStatistics[],
): Promise<{ Errors: readonly ColumnStatisticsError[] }> {
  const table = await tableNamed(catalog, of.database, of.table)
  const errors: ColumnStatisticsError[] = []
  const taken = statistics.flatMap((wire) => {
    const column = columnNamed(table, wire.ColumnName)
    const one = toColumnStatistics(wire)
    if (column !== undefined && one !== undefined) return { ...one, column }
    const text = `Statistics of type ${wire.StatisticsData.Type} need the data of that type.`
    const detail = one === undefined ? invalid(text) : notFound(`Column ${wire.ColumnName} not found.`)
    errors.push({ ColumnStatistics: wire, Error: detail })
    return []
  })
  await catalog.putColumnStatistics(of, taken)
  return { Errors: errors }
}

/** Also when there are none, as on AWS. */
export async function removeStatistics(catalog: Catalog, of: StatisticsOf, name: string): Promise<object> {
  const table = await tableNamed(catalog, of.database, of.table)
  await catalog.deleteColumnStatistics(of, columnNamed(table, name) ?? name)
  return {}
}

function columnNamed(table: Table, name: string): string | undefined {
  const columns = [...(table.storage?.columns ?? []), ...table.partitionKeys]
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.name
}

const notFound = (text: string) => ({ ErrorCode: 'EntityNotFoundException', ErrorMessage: text })
const invalid = (text: string) => ({ ErrorCode: 'InvalidInputException', ErrorMessage: text })
