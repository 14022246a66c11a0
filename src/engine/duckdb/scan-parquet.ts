/**
 * Parquet by column name (or by place, when the table says so). Files are read together when they have the same
 * columns; a column that a file does not have is NULL there, a narrower type is widened.
 */
import type { SqlType } from '../../sql/types.ts'
import type { ScanFile, ScanFormat, ScanSource } from '../engine.ts'
import { toPrecision } from './cell.ts'
import type { ParquetColumn } from './facts.ts'
import { literal, quoted, type SqlText } from './print/text.ts'
import { storageType } from './representation.ts'
import { type FactsOf, FILE_COLUMN, type FileReader } from './scan.ts'

type ParquetFormat = Extract<ScanFormat, { kind: 'parquet' }>

export function readParquet(format: ParquetFormat, columns: ScanSource['dataColumns'], factsOf: FactsOf): FileReader {
  return (files, wanted) => {
    const groups = new Map<string, { files: ScanFile[]; columns: readonly ParquetColumn[] }>()
    for (const file of files) {
      const facts = factsOf(file)
      const present = facts.kind === 'parquet' ? facts.columns : []
      const id = present.map((column) => `${column.name}\u0000${column.signature}`).join('\u0001')
      const group = groups.get(id) ?? { files: [], columns: present }
      group.files.push(file)
      groups.set(id, group)
    }
    const reads = [...groups.values()].map((group) => {
      const outputs = columns.flatMap(({ name, type }, index) => {
        if (!wanted.includes(name)) return []
        return [`${columnValue(columnInFile(format, group.columns, name, index), type)} AS ${quoted(name)}`]
      })
      const paths = group.files.map((file) => literal(file.path)).join(', ')
      const source = `read_parquet([${paths}], hive_partitioning = false, filename = '${FILE_COLUMN}')`
      return `SELECT ${[...outputs, `s.${FILE_COLUMN}`].join(', ')} FROM ${source} AS s`
    })
    return reads.join(' UNION ALL ')
  }
}

/** Shared with the count of bytes: which column of the file a table's column is. */
export function columnInFile(
  format: ParquetFormat,
  present: readonly ParquetColumn[],
  name: string,
  index: number,
): ParquetColumn | undefined {
  if (format.byIndex) return present[index]
  return present.find((column) => column.name.toLowerCase() === name.toLowerCase())
}

function columnValue(column: ParquetColumn | undefined, type: SqlType): SqlText {
  const target = storageType(type)
  if (column === undefined) return `NULL::${target}`
  const value = `s.${quoted(column.name)}`
  if (type.kind === 'varchar' || type.kind === 'char') {
    const text = column.isRawBytes ? `decode(${value})` : `CAST(${value} AS VARCHAR)`
    return type.length === undefined ? text : `left(${text}, ${type.length})`
  }
  if (type.kind === 'timestamp') return toPrecision(`CAST(${value} AS TIMESTAMP)`, type.precision)
  return `CAST(${value} AS ${target})`
}
