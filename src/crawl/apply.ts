/** Last step of a crawl: makes the changes in the catalog. Each is atomic; a run that ends in the middle leaves whole ones. */
import type { Catalog, CatalogRefusal } from '../catalog/catalog.ts'
import type { CrawlRun } from '../catalog/crawler-types.ts'
import { isRefusal, Refusal } from '../platform/refusal.ts'
import type { Change } from './change.ts'

export type ChangeCounts = Pick<
  CrawlRun,
  'tablesCreated' | 'tablesUpdated' | 'tablesDeleted' | 'partitionsCreated' | 'partitionsUpdated' | 'partitionsDeleted'
>

export const NO_CHANGES: ChangeCounts = {
  tablesCreated: 0,
  tablesUpdated: 0,
  tablesDeleted: 0,
  partitionsCreated: 0,
  partitionsUpdated: 0,
  partitionsDeleted: 0,
}

/** Each piece is one transaction of the catalog; a stop takes effect between two. */
export const PARTITIONS_AT_ONCE = 500

/** The changes of one database. */
export interface DatabaseChanges {
  readonly database: string
  readonly changes: readonly Change[]
}

interface ApplyParts {
  readonly catalog: Catalog
  /** Who is named as the maker of new tables. */
  readonly createdBy: string
  readonly signal: AbortSignal
  /** What the run has done before. */
  readonly counts: ChangeCounts
  /** Told after each change, so that what was done is known even when a later one fails. */
  readonly onChanged: (counts: ChangeCounts) => void
}

export async function applyChanges(all: readonly DatabaseChanges[], parts: ApplyParts): Promise<void> {
  let { counts } = parts
  for (const { database, changes } of all) {
    for (const step of changes.flatMap((change) => [...steps(change)])) {
      parts.signal.throwIfAborted()
      counts = add(counts, await applyOne(step, database, parts))
      parts.onChanged(counts)
    }
  }
}

/** Long lists in pieces, so that a stop takes effect in between. */
function* steps(change: Change): Iterable<Change> {
  if (change.kind === 'createPartitions' || change.kind === 'updatePartitions') {
    for (const inputs of pieces(change.inputs)) yield { ...change, inputs }
  } else if (change.kind === 'deletePartitions') {
    for (const values of pieces(change.values)) yield { ...change, values }
  } else {
    yield change
  }
}

async function applyOne(
  change: Change,
  database: string,
  { catalog, createdBy }: ApplyParts,
): Promise<Partial<ChangeCounts>> {
  switch (change.kind) {
    case 'createTable':
      await catalog.createTable(database, change.input, createdBy)
      return { tablesCreated: 1 }
    case 'updateTable':
      await catalog.updateTable(database, change.table, () => change.input, {
        expectVersion: change.expectVersion,
        skipArchive: change.keepsVersion,
      })
      return change.keepsVersion ? {} : { tablesUpdated: 1 }
    case 'deleteTable':
      await catalog.deleteTable(database, change.table)
      return { tablesDeleted: 1 }
    case 'createPartitions': {
      const failures = await catalog.createPartitions(database, change.table, change.inputs)
      // Somebody else added the same partition meanwhile: it is there, which is what the crawl wants.
      const wrong = failures.find((failure) => failure.code !== 'partitionExists')
      if (wrong !== undefined) throw new Refusal('crawlFailed', `Partition ${wrong.values.join('/')}: ${wrong.message}`)
      return { partitionsCreated: change.inputs.length - failures.length }
    }
    case 'updatePartitions': {
      const pairs = change.inputs.map((input) => ({ values: input.values, input }))
      // Somebody else deleted the partition meanwhile: there is nothing to update.
      const missing = await catalog.updatePartitions(database, change.table, pairs)
      return { partitionsUpdated: change.inputs.length - missing.length }
    }
    case 'deletePartitions': {
      const missing = await catalog.deletePartitions(database, change.table, change.values)
      return { partitionsDeleted: change.values.length - missing.length }
    }
    case 'createPartitionIndex':
      await unlessRefused('partitionIndexExists', catalog.createPartitionIndex(database, change.table, change.index))
      return {}
    case 'deletePartitionIndex':
      await unlessRefused('partitionIndexNotFound', catalog.deletePartitionIndex(database, change.table, change.index))
      return {}
  }
}

/** Somebody else did the same meanwhile: it is as the crawl wants it. */
async function unlessRefused(code: CatalogRefusal, work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!isRefusal(error) || error.code !== code) throw error
  }
}

function* pieces<Item>(items: readonly Item[]): Iterable<readonly Item[]> {
  for (let start = 0; start < items.length; start += PARTITIONS_AT_ONCE)
    yield items.slice(start, start + PARTITIONS_AT_ONCE)
}

function add(counts: ChangeCounts, more: Partial<ChangeCounts>): ChangeCounts {
  const sum = (name: keyof ChangeCounts) => counts[name] + (more[name] ?? 0)
  return {
    tablesCreated: sum('tablesCreated'),
    tablesUpdated: sum('tablesUpdated'),
    tablesDeleted: sum('tablesDeleted'),
    partitionsCreated: sum('partitionsCreated'),
    partitionsUpdated: sum('partitionsUpdated'),
    partitionsDeleted: sum('partitionsDeleted'),
  }
}
