/**
 * Makes a write visible, all of it or nothing.
 *
 * The moment is that in which the store takes all objects at once. Before it nothing can be seen; what was staged is
 * wiped at the next start. From it on the write counts, and the catalog follows: a crash in between is found in the
 * journal, and the next start does the rest. When the catalog refuses, the objects go again.
 */
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { ObjectStore, ObjectVersion, Put } from '../../objects/object-store.ts'
import type { Log } from '../../platform/log.ts'
import { isRefusal, Refusal } from '../../platform/refusal.ts'
import { SqlFailure } from '../../sql/failure.ts'
import type { Execution } from '../execution.ts'
import type { QueryCatalog } from '../guarded-catalog.ts'
import type { QueryObjects } from '../guarded-objects.ts'
import type { Outcome } from '../outcome.ts'
import { locationIsInvalid } from '../result-files.ts'
import { resultMetadata } from '../result-metadata.ts'
import { parseS3Location } from '../s3-location.ts'
import { LAKE_CATALOG } from '../tables.ts'
import type { CatalogChange, JournalledWrite, WriteJournal } from './write-journal.ts'

type WriteOutcome = Extract<Outcome, { kind: 'write' }>

const OCTETS = 'application/octet-stream'
const BINARY = 'binary/octet-stream'

export interface CommitParts {
  /** As far as the caller may reach them. */
  readonly objects: QueryObjects
  readonly catalog: QueryCatalog
  /** To take back what was made, whatever the caller may do. */
  readonly undo: { readonly objects: Pick<ObjectStore, 'delete'>; readonly catalog: Pick<QueryCatalog, 'deleteTable'> }
  readonly journal: WriteJournal
  readonly log: Log
}

/** Where the list of written files is: clients read it to know what to read, so only an INSERT without rows has none. */
export function manifestLocation(
  { outputLocation, substatementType }: Pick<Execution, 'outputLocation' | 'substatementType'>,
  { files }: WriteOutcome,
): string | undefined {
  return files.length === 0 && substatementType === 'INSERT' ? undefined : `${outputLocation}-manifest.csv`
}

/** `execution`: as it will be. Its journal entry stays until the execution has ended. */
export async function commitWrite(execution: Execution, outcome: WriteOutcome, parts: CommitParts): Promise<void> {
  const { objects, catalog, undo, journal, log } = parts
  const puts = [...resultObjects(execution, outcome), ...outcome.files.map(dataObject)]
  const [first] = puts
  if (first === undefined) throw new Error('A write has at least its metadata to put.')
  const change: CatalogChange = {
    ...(outcome.table && { table: outcome.table }),
    ...(outcome.partitions && { partitions: outcome.partitions }),
  }
  await journal.add({ execution, object: first.ref, ...change })
  let versions: readonly ObjectVersion[] = []
  try {
    versions = await objects.putAll(puts)
    await changeCatalog(change, execution, catalog, undo.catalog)
  } catch (error) {
    for (const { bucket, key, versionId } of versions) {
      await undo.objects.delete({ bucket, key, versionId }).catch((failure: unknown) => {
        // What stays is an object that no table knows of; the failure that is told is the first one.
        log.error('WrittenObjectNotRemoved', { bucket, key, error: failure })
      })
    }
    await journal.remove(execution.id)
    throw isRefusal(error) && error.code === 'noSuchBucket' ? locationIsInvalid() : error
  }
}

/** After a crash: ends what had come to its moment. Answers the executions that have succeeded. */
export async function finishWrites(
  writes: readonly JournalledWrite[],
  { objects, catalog }: { readonly objects: Pick<ObjectStore, 'head'>; readonly catalog: QueryCatalog },
): Promise<readonly Execution[]> {
  const finished: Execution[] = []
  for (const write of writes) {
    if (!(await isStored(objects, write))) continue
    await changeCatalog(write, write.execution, catalog)
    finished.push(write.execution)
  }
  return finished
}

export async function removeStaged({ directory }: WriteOutcome): Promise<void> {
  if (directory !== undefined) await rm(directory, { recursive: true, force: true })
}

async function isStored(objects: Pick<ObjectStore, 'head'>, { object }: JournalledWrite): Promise<boolean> {
  try {
    await objects.head(object)
    return true
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}

/** Without `undo` it is done again: part of it may be there already. */
async function changeCatalog(
  { table, partitions }: CatalogChange,
  { callerArn }: Execution,
  catalog: QueryCatalog,
  undo?: Pick<QueryCatalog, 'deleteTable'>,
): Promise<void> {
  if (table !== undefined) {
    try {
      await catalog.createTable(table.database, table.input, callerArn)
    } catch (error) {
      if (!isRefusal(error) || error.code !== 'tableExists') throw error
      if (undo !== undefined) throw tableExists(table.database, table.input.name)
    }
  }
  if (partitions === undefined) return
  try {
    const failures = await catalog.createPartitions(partitions.database, partitions.table, partitions.inputs)
    // Another statement may have made the same partition meanwhile: it has the same place.
    const failed = failures.find(({ code }) => code !== 'partitionExists')
    if (failed !== undefined) throw new Refusal(failed.code, failed.message)
  } catch (error) {
    if (table !== undefined) await undo?.deleteTable(table.database, table.input.name)
    throw error
  }
}

function tableExists(database: string, name: string): SqlFailure {
  return new SqlFailure(
    'TABLE_ALREADY_EXISTS',
    `Destination table '${LAKE_CATALOG}.${database}.${name}' already exists.`,
  )
}

/** The metadata, always; the list of files, where there is one. */
function resultObjects(execution: Execution, outcome: WriteOutcome): Put[] {
  const metadata = resultMetadata(execution.id, outcome.columns, outcome.rowCount)
  const manifest = manifestLocation(execution, outcome)
  const lines = outcome.files.map(({ bucket, key }) => `s3://${bucket}/${key}\n`).join('')
  return [
    put(`${execution.outputLocation}.metadata`, metadata),
    ...(manifest === undefined ? [] : [put(manifest, Buffer.from(lines))]),
  ]
}

function put(location: string, body: Buffer): Put {
  const ref = parseS3Location(location)
  if (ref === undefined) throw new Error(`${location} is not an S3 location.`)
  return { ref, body, options: { metadata: { contentType: BINARY }, size: body.byteLength } }
}

function dataObject({ path, sizeBytes, bucket, key }: WriteOutcome['files'][number]): Put {
  const options = { metadata: { contentType: OCTETS }, size: sizeBytes }
  return { ref: { bucket, key }, body: createReadStream(path), options }
}
