/**
 * A query's rows into files. Rows of partitions and buckets are first held in a table of the engine's, which goes to its folder for
 * what does not fit into memory: which partitions and buckets there are is known only when all rows are, and each is
 * written by itself.
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { EngineFailure, type EngineWrite, type WrittenFile } from '../engine.ts'
import { bucketNumber } from './bucket.ts'
import type { AvroOrder } from './child-protocol.ts'
import type { PrintedColumn, PrintedQuery } from './print/query.ts'
import { literal, type SqlText } from './print/text.ts'
import { avroName, avroType, copyInto, fileColumns, folderColumns } from './write-files.ts'

interface WriteParts {
  /** Exists, and is empty. */
  readonly folder: string
  rows(sql: SqlText): Promise<readonly (readonly unknown[])[]>
}

/** A folder of files below the one given, and the partition and bucket that they hold. */
type Folder = Pick<WrittenFile, 'partition' | 'bucket'> & { readonly name: string }

/** The names are the engine's own: no query can say them. */
const HELD = 'lake_written'
const BUCKET = 'lake_bucket'

export async function writeFiles(
  write: EngineWrite,
  printed: PrintedQuery,
  { folder, rows }: WriteParts,
): Promise<{ readonly rowCount: number; readonly folders: readonly Folder[] }> {
  const { format, buckets } = write
  const inFiles = printed.columns.slice(0, printed.columns.length - write.partitionColumns)
  const inFolders = printed.columns.slice(inFiles.length)
  const copied = async (name: string, source: SqlText) => {
    // A bucket is one file.
    const [answer] = await rows(copyInto(join(folder, name), source, { format, isOneFile: buckets !== undefined }))
    return Number(answer?.[0] ?? 0)
  }
  if (inFolders.length === 0 && buckets === undefined) {
    const rowCount = await copied('0', `SELECT ${fileColumns(inFiles, format)} FROM (${printed.sql}) AS r`)
    return { rowCount, folders: rowCount === 0 ? [] : [{ name: '0', partition: [] }] }
  }
  const held = inFiles.map(({ column }) => `r.${column}`)
  const values: SqlText[] = inFolders.map(({ column }) => column)
  if (inFolders.length > 0) held.push(folderColumns(inFolders))
  if (buckets !== undefined) {
    held.push(`${bucketOf(inFiles, buckets)} AS ${BUCKET}`)
    values.push(BUCKET)
  }
  try {
    await rows(`CREATE TEMP TABLE ${HELD} AS SELECT ${held.join(', ')} FROM (${printed.sql}) AS r`)
    const limit = write.partitionsMax + 1
    const found = (await rows(
      `SELECT DISTINCT ${values.join(', ')} FROM ${HELD} LIMIT ${limit}`,
    )) as readonly (readonly (string | number | null)[])[]
    if (found.length === limit) {
      throw new EngineFailure(
        'HIVE_TOO_MANY_OPEN_PARTITIONS',
        `Exceeded limit of ${write.partitionsMax} open writers for partitions/buckets`,
      )
    }
    let rowCount = 0
    const folders: Folder[] = []
    const partitions = new Map<string, Folder['partition']>()
    for (const [index, one] of found.entries()) {
      const isIt = values.map((column, at) => `r.${column} IS NOT DISTINCT FROM ${valueText(one[at])}`)
      const source = `SELECT ${fileColumns(inFiles, format)} FROM ${HELD} AS r WHERE ${isIt.join(' AND ')}`
      rowCount += await copied(String(index), source)
      const own = one.slice(0, inFolders.length) as Folder['partition']
      const partition = partitions.get(JSON.stringify(own)) ?? own
      partitions.set(JSON.stringify(own), partition)
      folders.push({
        name: String(index),
        partition,
        ...(buckets !== undefined && { bucket: Number(one[inFolders.length]) }),
      })
    }
    return { rowCount, folders }
  } finally {
    await rows(`DROP TABLE IF EXISTS ${HELD}`)
  }
}

function bucketOf(inFiles: readonly PrintedColumn[], buckets: NonNullable<EngineWrite['buckets']>): SqlText {
  const columns = buckets.columns.map((name) => {
    const found = inFiles.find(({ label }) => label === name)
    if (found === undefined) throw new Error(`There is no column ${name} to make buckets of.`)
    return { value: `r.${found.column}`, type: found.type }
  })
  return bucketNumber(columns, buckets.count)
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
  for (const { name, partition, bucket } of folders) {
    for (const file of (await readdir(join(directory, name))).sort()) {
      const path = join(directory, name, file)
      const sizeBytes = (await stat(path)).size
      files.push({ path, sizeBytes, partition, ...(bucket !== undefined && { bucket }) })
    }
  }
  return files
}

function valueText(value: string | number | null | undefined): SqlText {
  return value === null || value === undefined ? 'NULL' : literal(String(value))
}
