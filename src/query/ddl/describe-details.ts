/**
 * What DESCRIBE FORMATTED and DESCRIBE EXTENDED tell below the columns: the entry of a table or of one of its partitions,
 * for people in Hive's tables of padded fields, for machines as Thrift prints its structures (layout of Hive 2).
 */
import type { Column, Partition, Storage, Table } from '../../catalog/types.ts'
import { FIELD_WIDTH } from './show.ts'

export const BLANK_LINE = '\t \t '

export interface Described {
  readonly table: Table
  /** The one of the statement's PARTITION. */
  readonly partition: Partition | undefined
}

export function formattedLines({ table, partition }: Described): string[] {
  const { storage } = partition ?? table
  const about = partition === undefined ? tableFacts(table) : partitionFacts(table, partition)
  const parameters = (partition ?? table).parameters
  return [
    BLANK_LINE,
    ...title(partition === undefined ? '# Detailed Table Information' : '# Detailed Partition Information'),
    ...about.map(([name, value]) => fact(name, value)),
    ...title(partition === undefined ? 'Table Parameters:' : 'Partition Parameters:'),
    ...pairs(parameters),
    BLANK_LINE,
    ...title('# Storage Information'),
    ...storageFacts(storage).map(([name, value]) => fact(name, value)),
    ...title('Storage Desc Params:'),
    ...pairs(storage?.serde?.parameters ?? {}),
  ]
}

export function extendedLines({ table, partition }: Described): string[] {
  const [name, text] =
    partition === undefined
      ? ['Detailed Table Information', tableText(table)]
      : ['Detailed Partition Information', partitionText(table, partition)]
  return [BLANK_LINE, `${name}\t${text}\t `]
}

type Fact = readonly [name: string, value: string]

function tableFacts(table: Table): readonly Fact[] {
  return [
    ['Database:', table.database],
    ['Owner:', table.owner ?? ''],
    ['CreateTime:', timeText(table.createdAtMs)],
    ['LastAccessTime:', timeText(table.lastAccessMs)],
    ['Retention:', String(table.retention)],
    ['Location:', table.storage?.location ?? ''],
    ['Table Type:', table.tableType ?? ''],
  ]
}

function partitionFacts(table: Table, partition: Partition): readonly Fact[] {
  return [
    ['Partition Value:', `[${partition.values.join(', ')}]`],
    ['Database:', table.database],
    ['Table:', table.name],
    ['CreateTime:', timeText(partition.createdAtMs)],
    ['LastAccessTime:', timeText(partition.lastAccessMs)],
    ['Location:', partition.storage?.location ?? ''],
  ]
}

function storageFacts(storage: Storage | undefined): readonly Fact[] {
  const sorted = storage?.sortColumns.map(({ column, sortOrder }) => `Order(col:${column}, order:${sortOrder})`) ?? []
  return [
    ['SerDe Library:', storage?.serde?.library ?? ''],
    ['InputFormat:', storage?.inputFormat ?? ''],
    ['OutputFormat:', storage?.outputFormat ?? ''],
    ['Compressed:', storage?.compressed === true ? 'Yes' : 'No'],
    ['Num Buckets:', String(storage?.numberOfBuckets ?? -1)],
    ['Bucket Columns:', `[${storage?.bucketColumns.join(', ') ?? ''}]`],
    ['Sort Columns:', `[${sorted.join(', ')}]`],
  ]
}

const padded = (text: string) => text.padEnd(FIELD_WIDTH)
const title = (text: string) => [`${padded(text)}${BLANK_LINE}`]
const fact = (name: string, value: string) => `${padded(name)}\t${padded(value)}\t `

function pairs(parameters: Readonly<Record<string, string>>): string[] {
  return sortedEntries(parameters).map(([name, value]) => `\t${padded(name)}\t${padded(value)}`)
}

/** As Java's Date prints itself. */
function timeText(ms: number | undefined): string {
  if (ms === undefined || ms === 0) return 'UNKNOWN'
  const [day = '', date = '', month = '', year = '', time = ''] = new Date(ms).toUTCString().replace(',', '').split(' ')
  return `${day} ${month} ${date} ${time} UTC ${year}`
}

const seconds = (ms: number | undefined) => Math.floor((ms ?? 0) / 1000)

function sortedEntries(map: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1))
}

function tableText(table: Table): string {
  const members = {
    tableName: table.name,
    dbName: table.database,
    owner: table.owner ?? null,
    createTime: seconds(table.createdAtMs),
    lastAccessTime: seconds(table.lastAccessMs),
    retention: table.retention,
    sd: storageText(table.storage),
    partitionKeys: columnsText(table.partitionKeys),
    parameters: mapText(table.parameters),
    viewOriginalText: table.viewOriginalText ?? null,
    viewExpandedText: table.viewExpandedText ?? null,
    tableType: table.tableType ?? null,
  }
  return structText('Table', members)
}

function partitionText(table: Table, partition: Partition): string {
  return structText('Partition', {
    values: `[${partition.values.join(', ')}]`,
    dbName: table.database,
    tableName: table.name,
    createTime: seconds(partition.createdAtMs),
    lastAccessTime: seconds(partition.lastAccessMs),
    sd: storageText(partition.storage),
    parameters: mapText(partition.parameters),
  })
}

function storageText(storage: Storage | undefined): string {
  if (storage === undefined) return 'null'
  const { serde } = storage
  return structText('StorageDescriptor', {
    cols: columnsText(storage.columns),
    location: storage.location ?? null,
    inputFormat: storage.inputFormat ?? null,
    outputFormat: storage.outputFormat ?? null,
    compressed: storage.compressed,
    numBuckets: storage.numberOfBuckets,
    serdeInfo: structText('SerDeInfo', {
      name: serde?.name ?? null,
      serializationLib: serde?.library ?? null,
      parameters: mapText(serde?.parameters ?? {}),
    }),
    bucketCols: `[${storage.bucketColumns.join(', ')}]`,
    sortCols: `[${storage.sortColumns.map(({ column, sortOrder }) => `Order(col:${column}, order:${sortOrder})`).join(', ')}]`,
    parameters: mapText(storage.parameters),
    storedAsSubDirectories: storage.storedAsSubDirectories,
  })
}

function columnsText(columns: readonly Column[]): string {
  const fields = columns.map(({ name, type, comment }) =>
    structText('FieldSchema', { name, type, comment: comment ?? null }),
  )
  return `[${fields.join(', ')}]`
}

function mapText(map: Readonly<Record<string, string>>): string {
  return `{${sortedEntries(map)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')}}`
}

function structText(name: string, members: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(members).map(([member, value]) => `${member}:${String(value)}`)
  return `${name}(${parts.join(', ')})`
}
