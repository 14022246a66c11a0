/**
 * A query's rows into files. Rows of partitions are first held in a table of the engine's, which goes to its folder for
 * what does not fit into memory: which partitions there are is known only when all rows are, and each is written by itself.
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { EngineFailure, type EngineWrite, type WrittenFile } from '../engine.ts'
import type { AvroOrder } from './child-protocol.ts'
import type { PrintedQuery } from './print/query.ts'
import { literal, type SqlText } from './print/text.ts'
import { avroName, avroType, copyInto, fileColumns, folderColumns } from './write-files.ts'

interface WriteParts {
  /** Exists, and is empty. */
  readonly folder: string
  rows(sql: SqlText): Promise<readonly (readonly unknown[])[]>
}

/** A folder of files below the one given, and the partition that they hold. */
type Folder = Pick<WrittenFile, 'partition'> & { readonly name: string }

/** The name is the engine's own: no query can say it. */
const HELD = 'lake_written'

export async function writeFiles(
  write: EngineWrite,
  printed: PrintedQuery,
  { folder, rows }: WriteParts,
): Promise<{ readonly rowCount: number; readonly folders: readonly Folder[] }> {
  const inFiles = printed.columns.slice(0, printed.columns.length - write.partitionColumns)
  const inFolders = printed.columns.slice(inFiles.length)
  const copied = async (name: string, source: SqlText) => {
    const [answer] = await rows(copyInto(join(folder, name), source, write.format))
    return Number(answer?.[0] ?? 0)
  }
  if (inFolders.length === 0) {
    const rowCount = await copied('0', `SELECT ${fileColumns(inFiles, write.format)} FROM (${printed.sql}) AS r`)
    return { rowCount, folders: rowCount === 0 ? [] : [{ name: '0', partition: [] }] }
  }
  const values = inFolders.map(({ column }) => column)
  const plain = inFiles.map(({ column }) => `r.${column}`)
  try {
    await rows(
      `CREATE TEMP TABLE ${HELD} AS SELECT ${[...plain, folderColumns(inFolders)].join(', ')} FROM (${printed.sql}) AS r`,
    )
    const limit = write.partitionsMax + 1
    const partitions = (await rows(
      `SELECT DISTINCT ${values.join(', ')} FROM ${HELD} LIMIT ${limit}`,
    )) as readonly (readonly (string | null)[])[]
    if (partitions.length === limit) {
      throw new EngineFailure(
        'HIVE_TOO_MANY_OPEN_PARTITIONS',
        `Exceeded limit of ${write.partitionsMax} open writers for partitions/buckets`,
      )
    }
    let rowCount = 0
    const folders: Folder[] = []
    for (const [index, partition] of partitions.entries()) {
      const isIt = values.map((column, at) => `r.${column} IS NOT DISTINCT FROM ${valueText(partition[at])}`)
      const source = `SELECT ${fileColumns(inFiles, write.format)} FROM ${HELD} AS r WHERE ${isIt.join(' AND ')}`
      rowCount += await copied(String(index), source)
      folders.push({ name: String(index), partition })
    }
    return { rowCount, folders }
  } finally {
    await rows(`DROP TABLE IF EXISTS ${HELD}`)
  }
}

/** Files of lines that become Avro's, next to each other. */
export async function avroOrders(
  directory: string,
  folders: readonly Folder[],
  printed: PrintedQuery,
  write: EngineWrite,
): Promise<AvroOrder[]> {
  const { format } = write
  if (format.kind !== 'avro') return []
  const inFiles = printed.columns.slice(0, printed.columns.length - write.partitionColumns)
  const fields = inFiles.map(({ label, type }) => ({ name: avroName(label), type: avroType(type) }))
  const codec = format.compression === 'none' ? 'null' : format.compression
  const orders: AvroOrder[] = []
  for (const { name } of folders) {
    for (const file of await readdir(join(directory, name))) {
      const path = join(directory, name, file)
      orders.push({ path, target: `${path}.avro`, fields, codec })
    }
  }
  return orders
}

export async function filesIn(directory: string, folders: readonly Folder[]): Promise<WrittenFile[]> {
  const files: WrittenFile[] = []
  for (const { name, partition } of folders) {
    for (const file of (await readdir(join(directory, name))).sort()) {
      const path = join(directory, name, file)
      files.push({ path, sizeBytes: (await stat(path)).size, partition })
    }
  }
  return files
}

function valueText(value: string | null | undefined): SqlText {
  return value === null || value === undefined ? 'NULL' : literal(value)
}
