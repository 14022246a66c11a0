/** SHOW CREATE TABLE: the statement that would make the table, laid out as Hive does, blanks at line ends included. */
import type { Column, Storage, Table } from '../../catalog/types.ts'

/** Written by the catalog, not by the user. */
const OWN_PROPERTIES = new Set(['EXTERNAL'])

export function createTableLines(table: Table): readonly string[] {
  const { storage } = table
  const properties = Object.entries(table.parameters).filter(([name]) => !OWN_PROPERTIES.has(name))
  const { comment } = table.parameters
  const tableProperties = properties.filter(([name]) => name !== 'comment')
  const serdeProperties = Object.entries(storage?.serde?.parameters ?? {}).filter(
    ([name, value]) => !(name === 'serialization.format' && value === '1'),
  )
  return [
    `CREATE EXTERNAL TABLE \`${table.name}\`(`,
    ...columnLines(storage?.columns ?? []),
    ...(comment === undefined ? [] : [`COMMENT ${text(comment)}`]),
    ...(table.partitionKeys.length === 0 ? [] : ['PARTITIONED BY ( ', ...columnLines(table.partitionKeys)]),
    ...bucketLines(storage),
    'ROW FORMAT SERDE ',
    `  ${text(storage?.serde?.library ?? '')} `,
    ...(serdeProperties.length === 0 ? [] : ['WITH SERDEPROPERTIES ( ', ...propertyLines(serdeProperties, ') ')]),
    'STORED AS INPUTFORMAT ',
    `  ${text(storage?.inputFormat ?? '')} `,
    'OUTPUTFORMAT ',
    `  ${text(storage?.outputFormat ?? '')}`,
    'LOCATION',
    `  ${text(storage?.location ?? '')}`,
    'TBLPROPERTIES (',
    ...propertyLines(tableProperties, ')'),
  ]
}

function bucketLines(storage: Storage | undefined): string[] {
  if (storage === undefined || storage.bucketColumns.length === 0) return []
  const sorted = storage.sortColumns.map(({ column, sortOrder }) => `${column} ${sortOrder === 0 ? 'DESC' : 'ASC'}`)
  return [
    'CLUSTERED BY ( ',
    ...listLines(storage.bucketColumns),
    ...(sorted.length === 0 ? [] : ['SORTED BY ( ', ...listLines(sorted)]),
    `INTO ${storage.numberOfBuckets} BUCKETS`,
  ]
}

function listLines(items: readonly string[]): string[] {
  return items.map((item, index) => `  ${item}${index === items.length - 1 ? ') ' : ', '}`)
}

function columnLines(columns: readonly Column[]): string[] {
  return columns.map((column, index) => {
    const end = index === columns.length - 1 ? ')' : ', '
    const comment = column.comment === undefined ? '' : ` COMMENT ${text(column.comment)}`
    return `  \`${column.name}\` ${column.type}${comment}${end}`
  })
}

function propertyLines(entries: readonly (readonly [string, string])[], close: string): string[] {
  const sorted = [...entries].sort(([left], [right]) => (left < right ? -1 : 1))
  return sorted.map(([name, value], index) => {
    const end = index === sorted.length - 1 ? close : ', '
    return `  ${text(name)}=${text(value)}${end}`
  })
}

function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\t', '\\t')}'`
}
