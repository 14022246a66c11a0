/** MSCK REPAIR TABLE: finds `key=value` folders below the table and adds those the catalog does not have. It never removes. */

import type { Table } from '../../catalog/types.ts'
import { isRefusal } from '../../platform/refusal.ts'
import type { HiveStatement } from '../../sql/tree.ts'
import { HiveFailure } from '../failure.ts'
import type { QueryObjects } from '../guarded-objects.ts'
import { type Outcome, textOutcome } from '../outcome.ts'
import { partitionFolder, unescapePath } from '../partition-path.ts'
import { folderPrefix, parseS3Location } from '../s3-location.ts'
import { type DdlContext, existingTable } from './context.ts'
import { partitionEntry } from './partitions.ts'

type RepairTable = Extract<HiveStatement, { kind: 'RepairTable' }>

const LIST_PAGE = 1_000
const ADD_BATCH = 100

export async function repairTable(statement: RepairTable, context: DdlContext, signal: AbortSignal): Promise<Outcome> {
  const table = await existingTable(statement.table, context)
  const place = parseS3Location(table.storage?.location ?? '')
  if (place === undefined) throw new HiveFailure(`FAILED: SemanticException table ${table.name} has no location in S3`)
  const root = folderPrefix(place.key)
  if (!(await holdsAnything(context.objects, place.bucket, root)))
    return textOutcome([], [`Tables missing on filesystem:\t${table.name}`])

  const known = new Set<string>()
  for await (const partition of context.catalog.partitions(table.database, table.name))
    known.add(partitionFolder(table, partition.values))
  const found: (readonly string[])[] = []
  for await (const values of partitionsBelow(table, context.objects, place.bucket, root, [])) {
    signal.throwIfAborted()
    if (!known.has(partitionFolder(table, values))) found.push(values)
  }
  for (let start = 0; start < found.length; start += ADD_BATCH) {
    signal.throwIfAborted()
    const inputs = found
      .slice(start, start + ADD_BATCH)
      .map((values) => partitionEntry(table, values, undefined, context))
    await context.catalog.createPartitions(table.database, table.name, inputs)
  }
  if (found.length === 0) return textOutcome([], [])
  const names = found.map((values) => `${table.name}:${partitionFolder(table, values)}`)
  return textOutcome(
    [],
    [
      `Partitions not in metastore:\t${names.join('\t')}`,
      ...names.map((name) => `Repair: Added partition to metastore ${name}`),
    ],
  )
}

async function holdsAnything(objects: QueryObjects, bucket: string, prefix: string): Promise<boolean> {
  try {
    return (await objects.list(bucket, { prefix, limit: 1 })).objects.length > 0
  } catch (error) {
    if (isRefusal(error) && error.code === 'noSuchBucket') return false
    throw error
  }
}

/** Folders of the next partition column only: `key=` must be that column's name, in lower case. */
async function* partitionsBelow(
  table: Table,
  objects: QueryObjects,
  bucket: string,
  prefix: string,
  values: readonly string[],
): AsyncGenerator<readonly string[]> {
  const key = table.partitionKeys[values.length]
  if (key === undefined) {
    if (values.length > 0) yield values
    return
  }
  let startAfter: string | undefined
  do {
    const page = await objects.list(bucket, {
      prefix: `${prefix}${key.name}=`,
      delimiter: '/',
      limit: LIST_PAGE,
      ...(startAfter !== undefined && { startAfter }),
    })
    for (const folder of page.commonPrefixes) {
      const value = unescapePath(folder.slice(prefix.length + key.name.length + 1, -1))
      yield* partitionsBelow(table, objects, bucket, folder, [...values, value])
    }
    startAfter = page.next
  } while (startAfter !== undefined)
}
