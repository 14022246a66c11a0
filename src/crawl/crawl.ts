/**
 * One crawl: list, sample, group, compare, apply. Reads like the definition of a crawler; what it decides is returned
 * as plain sentences.
 *
 * Deliberate differences from AWS: of a folder with many files some are looked into, not all; therefore columns that an
 * earlier run saw are kept unless every file was looked into. A database that does not exist is made, as AWS does.
 */
import type { Catalog } from '../catalog/catalog.ts'
import type { Crawler } from '../catalog/crawler-types.ts'
import type { Partition, Table } from '../catalog/types.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { isRefusal, Refusal } from '../platform/refusal.ts'
import { applyChanges, type ChangeCounts } from './apply.ts'
import { type CrawlConfiguration, parseConfiguration } from './configuration.ts'
import { diffTables, type Found, type Known, tablesAt } from './diff.ts'
import { type Exclusion, exclusion } from './exclusion.ts'
import { groupIntoTables, type ProposedTable } from './group.ts'
import { type IncludePath, parseIncludePath, s3Url } from './include-path.ts'
import { listTarget } from './list.ts'
import { type SampledFolder, sampleFolders } from './sample.ts'

export interface CrawlParts {
  readonly catalog: Catalog
  readonly objects: Pick<ObjectStore, 'list' | 'head' | 'read'>
  readonly accountId: string
}

export interface CrawlHooks {
  readonly signal: AbortSignal
  readonly say: (message: string) => void
  /** Reading is over, writing begins; may refuse to end the run before anything is written. */
  readonly beforeWriting: () => Promise<void>
  readonly onChanged: (counts: ChangeCounts) => void
}

/** Refuses with 'crawlFailed' and a sentence for the user. Rejects with the signal's reason when it aborts. */
export async function crawl(crawler: Crawler, nowMs: number, parts: CrawlParts, hooks: CrawlHooks): Promise<void> {
  const configuration = configurationOf(crawler)
  const targets = crawler.targets.map(toTarget)
  let found: Found = { tables: [], roots: [], occupied: [] }
  for (const target of targets) found = together(found, await findTables(target, { configuration, parts, hooks }))
  checkThreshold(found.tables, configuration.tablesMax)

  await hooks.beforeWriting()
  await ensureDatabase(parts.catalog, crawler.databaseName, hooks)
  const known = await readKnown(parts.catalog, crawler, found.tables)
  const { changes, messages } = diffTables(known, found, {
    ...crawler,
    ...configuration,
    crawledAtMs: nowMs,
    exclusions: targets.flatMap((target) => target.exclusionUrls),
  })
  if (found.tables.length === 0) hooks.say('No data was found that a table could be made of.')
  for (const message of messages) hooks.say(message)
  await applyChanges(changes, {
    catalog: parts.catalog,
    database: crawler.databaseName,
    createdBy: `arn:aws:sts::${parts.accountId}:assumed-role/${crawler.role.split('/').at(-1)}/AWS-Crawler`,
    signal: hooks.signal,
    onChanged: hooks.onChanged,
  })
}

interface Target {
  readonly path: IncludePath
  readonly exclusions: readonly Exclusion[]
  readonly exclusionUrls: readonly string[]
  readonly sampleSize: number | undefined
}

async function findTables(
  { path, exclusions, sampleSize }: Target,
  { configuration, parts, hooks }: { configuration: CrawlConfiguration; parts: CrawlParts; hooks: CrawlHooks },
): Promise<Found> {
  const { signal } = hooks
  const { objects } = parts
  const listing = await listTarget(path, { exclusions, sampleSize }, { objects, signal })
  const folders = await sampleFolders(listing, { ...configuration, sampleSize }, { objects, signal })
  const where = s3Url(path.bucket, path.prefix)
  const [files, looked] = [
    sum(listing.folders, (folder) => folder.objectCount),
    sum(folders, ({ files }) => files.length),
  ]
  hooks.say(
    `${where}: ${files} files found (folders: ${folders.length}); ${looked} looked into, ${listing.excluded} excluded.`,
  )
  const { tables, messages } = groupIntoTables(path, folders, configuration, listing.isFile)
  for (const message of messages) hooks.say(message)
  return { tables, roots: [where], occupied: folders.flatMap((folder) => occupiedPlaces(path.bucket, folder)) }
}

/** The folder, and each file that could not be read: a table of that one file is not gone. */
function occupiedPlaces(bucket: string, { path, files }: SampledFolder): string[] {
  const unread = files.filter(({ reading }) => reading.kind === 'unknown')
  return [s3Url(bucket, path), ...unread.map(({ key }) => `${s3Url(bucket, key)}/`)]
}

/** Where include paths overlap, the first one's table counts. */
function together(a: Found, b: Found): Found {
  const fresh = b.tables.filter((table) => !a.tables.some((other) => isSamePlace(other, table)))
  return {
    tables: [...a.tables, ...fresh],
    roots: [...a.roots, ...b.roots],
    occupied: [...a.occupied, ...b.occupied],
  }
}

function isSamePlace(a: ProposedTable, b: ProposedTable): boolean {
  return a.bucket === b.bucket && a.path === b.path
}

function toTarget({ path, exclusions, sampleSize }: Crawler['targets'][number]): Target {
  const include = parseIncludePath(path)
  if (include === undefined) throw new Refusal('crawlFailed', `The include path ${path} names no bucket.`)
  return {
    path: include,
    sampleSize,
    exclusionUrls: exclusions.map((pattern) => s3Url(include.bucket, `${include.prefix}${pattern}`)),
    exclusions: exclusions.map((pattern) => {
      const matches = exclusion(pattern)
      if (matches === undefined) throw new Refusal('crawlFailed', `The exclusion pattern ${pattern} is malformed.`)
      return matches
    }),
  }
}

function configurationOf(crawler: Crawler): CrawlConfiguration {
  const configuration = parseConfiguration(crawler.configuration)
  if ('problem' in configuration) throw new Refusal('crawlFailed', configuration.problem)
  return configuration
}

function checkThreshold(tables: readonly ProposedTable[], tablesMax: number | undefined): void {
  if (tablesMax !== undefined && tables.length > tablesMax)
    throw new Refusal(
      'crawlFailed',
      `The data makes ${tables.length} tables, more than the table threshold of ${tablesMax}.`,
    )
}

async function ensureDatabase(catalog: Catalog, name: string, { say }: CrawlHooks): Promise<void> {
  if ((await catalog.findDatabase(name)) !== undefined) return
  try {
    await catalog.createDatabase({ name, parameters: {} })
    say(`Database ${name} was made.`)
  } catch (error) {
    // Another crawler of the same database was faster.
    if (!isRefusal(error) || error.code !== 'databaseExists') throw error
  }
}

async function readKnown(catalog: Catalog, crawler: Crawler, proposals: readonly ProposedTable[]): Promise<Known> {
  const tables = await catalog.tables(crawler.databaseName)
  const partitions = new Map<string, Partition[]>()
  for (const table of tablesAt(tables, proposals, crawler.name))
    partitions.set(table.name, await allPartitions(catalog, table))
  return { tables, partitions }
}

async function allPartitions(catalog: Catalog, table: Table): Promise<Partition[]> {
  const all: Partition[] = []
  for await (const partition of catalog.partitions(table.database, table.name)) all.push(partition)
  return all
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
