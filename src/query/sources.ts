/**
 * The files of a scanned table: partitions pruned before any object is listed, one listing for each partition that is
 * left, files handed to the engine as local paths.
 */

import type { PartitionFilter } from '../catalog/partition-filter.ts'
import type { Partition, Table } from '../catalog/types.ts'
import { EngineFailure, type ScanFile, type ScanFormat, type ScanSource } from '../engine/engine.ts'
import type { MaterialisedObjects, ObjectVersion } from '../objects/object-store.ts'
import { isRefusal } from '../platform/refusal.ts'
import { bucketsOfFiles, tableBuckets } from './buckets.ts'
import type { QueryCatalog } from './guarded-catalog.ts'
import type { QueryObjects } from './guarded-objects.ts'
import { PartitionSchemas } from './partition-schema.ts'
import { projectedPartitions } from './projection/projected-partitions.ts'
import { isProjected, projectionOf } from './projection/projection.ts'
import { folderPrefix, parseS3Location } from './s3-location.ts'
import { hasSameSerde, readable } from './serde.ts'
import { typedColumns } from './tables.ts'

/** One folder to list: the values of its partition, or undefined for a table without partitions. */
interface Folder {
  readonly location: string
  readonly values: readonly (string | null)[] | undefined
}

interface ListedFile {
  readonly version: ObjectVersion
  readonly partition: number
  readonly bucket?: number
}

interface ListedSource {
  readonly table: Table
  readonly partitions: readonly (readonly (string | null)[])[]
  readonly files: readonly ListedFile[]
}

export interface MaterialisedSources {
  readonly sources: ReadonlyMap<number, ScanSource>
  release(): void
}

const DEFAULT_PARTITION = '__HIVE_DEFAULT_PARTITION__'
const LIST_PAGE = 1_000
/** More files than this in one query are refused by name. */
const FILES_MAX = 200_000

export interface WantedScan {
  readonly scanId: number
  readonly table: Table
  /** undefined: all partitions. */
  readonly filter: PartitionFilter | undefined
  /** Data columns that the query reads, lower-case. */
  readonly columns: ReadonlySet<string>
  /** What `NOW` of projected dates is. */
  readonly nowMs: number
}

export async function openSources(
  scans: readonly WantedScan[],
  catalog: QueryCatalog,
  objects: QueryObjects,
  signal: AbortSignal,
): Promise<MaterialisedSources> {
  const listed = new Map<number, ListedSource>()
  for (const scan of scans) listed.set(scan.scanId, await list(scan, catalog, objects, signal))
  const versions = new Map<string, ObjectVersion>()
  for (const { files } of listed.values()) for (const { version } of files) versions.set(versionKey(version), version)
  const local = await materialise(objects, [...versions.values()])
  const paths = new Map([...versions.keys()].map((key, index) => [key, local.paths[index] ?? '']))
  const sources = new Map([...listed].map(([scanId, source]) => [scanId, scanSource(source, paths)]))
  return { sources, release: () => local.release() }
}

async function materialise(objects: QueryObjects, versions: readonly ObjectVersion[]): Promise<MaterialisedObjects> {
  if (versions.length === 0) return { paths: [], release: () => undefined }
  return objects.materialise(versions)
}

async function list(
  scan: WantedScan,
  catalog: QueryCatalog,
  objects: QueryObjects,
  signal: AbortSignal,
): Promise<ListedSource> {
  const { table } = scan
  const partitions: (readonly (string | null)[])[] = []
  const buckets = tableBuckets(table)
  const files: ListedFile[] = []
  for await (const folder of foldersOf(scan, catalog)) {
    signal.throwIfAborted()
    let partition = -1
    const first = files.length
    for await (const version of objectsBelow(folder.location, objects, table)) {
      if (folder.values !== undefined && partition < 0) partition = partitions.push(folder.values) - 1
      files.push({ version, partition })
      if (files.length > FILES_MAX)
        throw new EngineFailure('NOT_SUPPORTED', `A query may read at most ${FILES_MAX} files of a table`)
    }
    if (buckets !== undefined) files.push(...inBuckets(files.splice(first), buckets.count, table, folder.values))
  }
  return { table, partitions, files }
}

function inBuckets(
  files: readonly ListedFile[],
  count: number,
  table: Table,
  values: Folder['values'],
): readonly ListedFile[] {
  const buckets = bucketsOfFiles(
    files.map(({ version }) => version.key),
    count,
    {
      table: `${table.database}.${table.name}`,
      partition: values && partitionName(table, { values: values.map((value) => value ?? DEFAULT_PARTITION) }),
    },
  )
  return files.map((file, index) => ({ ...file, bucket: buckets[index] ?? 0 }))
}

async function* foldersOf(
  { table, filter, columns, nowMs }: WantedScan,
  catalog: QueryCatalog,
): AsyncGenerator<Folder> {
  if (table.partitionKeys.length === 0) {
    yield { location: table.storage?.location ?? '', values: undefined }
    return
  }
  if (isProjected(table)) {
    const projection = projectionOf(table)
    for (const values of projectedPartitions(projection, filter, nowMs))
      yield { location: projection.locationOf(values), values: values.map(knownValue) }
    return
  }
  const schemas = new PartitionSchemas(table, columns, formatOf(table))
  for await (const partition of catalog.partitions(table.database, table.name, filter && { filter })) {
    if (!hasSameSerde(table.storage, partition.storage))
      throw new EngineFailure(
        'NOT_SUPPORTED',
        `Partition ${partitionName(table, partition)} has another SerDe than its table ${table.database}.${table.name}`,
      )
    schemas.check(partition, partitionName(table, partition))
    yield { location: partitionLocation(table, partition), values: partition.values.map(knownValue) }
  }
}

function knownValue(value: string): string | null {
  return value === DEFAULT_PARTITION ? null : value
}

/** Without a location of its own a partition lies below its table. */
function partitionLocation(table: Table, partition: Partition): string {
  const own = partition.storage?.location
  if (own !== undefined && own !== '') return own
  return `${(table.storage?.location ?? '').replace(/\/$/, '')}/${partitionName(table, partition)}/`
}

export function partitionName(table: Table, partition: Pick<Partition, 'values'>): string {
  return table.partitionKeys.map((key, index) => `${key.name}=${partition.values[index] ?? ''}`).join('/')
}

async function* objectsBelow(location: string, objects: QueryObjects, table: Table): AsyncGenerator<ObjectVersion> {
  const place = parseS3Location(location)
  if (place === undefined)
    throw new EngineFailure(
      'HIVE_METASTORE_ERROR',
      `Table ${table.database}.${table.name} has no location in S3: '${location}'`,
    )
  const prefix = folderPrefix(place.key)
  let startAfter: string | undefined
  do {
    const page = await listPage(objects, place.bucket, prefix, startAfter)
    for (const version of page.objects) if (isData(version, prefix)) yield version
    startAfter = page.next
  } while (startAfter !== undefined)
}

async function listPage(objects: QueryObjects, bucket: string, prefix: string, startAfter: string | undefined) {
  try {
    return await objects.list(bucket, { prefix, limit: LIST_PAGE, ...(startAfter !== undefined && { startAfter }) })
  } catch (error) {
    if (isRefusal(error) && error.code === 'noSuchBucket')
      throw new EngineFailure(
        'PERMISSION_DENIED',
        `Access Denied: the bucket ${bucket} of the table's location does not exist`,
        error,
      )
    throw error
  }
}

/** Names that begin with `_` or `.` are hidden, at every level below the location; folders' markers hold nothing. */
function isData(version: ObjectVersion, prefix: string): boolean {
  if (version.size === 0) return false
  const below = version.key.slice(prefix.length).split('/')
  return below.every((part) => part !== '' && !part.startsWith('_') && !part.startsWith('.'))
}

function versionKey(version: ObjectVersion): string {
  const { bucket, key, versionId, etag, lastModifiedMs, size } = version
  return [bucket, key, versionId, etag, lastModifiedMs, size].join('\u0000')
}

function formatOf(table: Table): ScanFormat {
  const format = readable(table)
  if ('unreadable' in format) throw new EngineFailure('NOT_SUPPORTED', format.unreadable)
  if ('invalid' in format) throw new EngineFailure('HIVE_INVALID_METADATA', format.invalid)
  return format.format
}

function scanSource({ table, partitions, files }: ListedSource, paths: ReadonlyMap<string, string>): ScanSource {
  const format = formatOf(table)
  const columns = typedColumns(table).known
  const scanFiles = files.map(({ version, partition, bucket }): ScanFile => {
    const key = versionKey(version)
    return {
      path: paths.get(key) ?? '',
      location: `s3://${version.bucket}/${version.key}`,
      sizeBytes: version.size,
      modifiedAtMs: version.lastModifiedMs,
      versionKey: key,
      partition,
      ...(bucket !== undefined && { bucket }),
    }
  })
  return {
    format,
    dataColumns: columns.filter((column) => !column.isPartition),
    partitionColumns: columns.filter((column) => column.isPartition),
    partitions,
    files: scanFiles,
  }
}
