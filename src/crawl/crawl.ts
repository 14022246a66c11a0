/**
 * One crawl: list, sample, group, compare, apply. Reads like the definition of a crawler; what it decides is returned
 * as plain sentences.
 *
 * Deliberate differences from AWS:
 * - of a folder with many files some are looked into, not all; therefore columns that an earlier run saw are kept unless
 *   every file was looked into;
 * - what people wrote on a table (description, own parameters, comments) outlives an update;
 * - files that no classifier knows make no table of classification UNKNOWN: they are named in the run's sentences;
 * - CRAWL_RUN_ID is not written, because it would change every table with every run.
 * A database that does not exist is made, as AWS does.
 */
import type { Catalog, CatalogRefusal } from '../catalog/catalog.ts'
import type { Crawler } from '../catalog/crawler-types.ts'
import type { Partition, PartitionIndex, Table } from '../catalog/types.ts'
import type { CustomClassifier } from '../formats/classifier.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { isRefusal, Refusal } from '../platform/refusal.ts'
import { applyChanges, type ChangeCounts, type DatabaseChanges, NO_CHANGES } from './apply.ts'
import { type FoundTable, findInCatalog } from './catalog-targets.ts'
import { parseConfiguration } from './configuration.ts'
import { type Diff, diffTable, diffTables, type Found, type Known, type Policy } from './diff.ts'
import { exclusion } from './exclusion.ts'
import { type FindParts, findTables, group, list, sample, type Target } from './find-tables.ts'
import type { ProposedTable } from './group.ts'
import { parseIncludePath, s3Url } from './include-path.ts'
import { byLocation, locationOf, locationsOf, wasMadeBy } from './known-tables.ts'
import { addFolders, type KnownTables, sortFolders } from './new-folders.ts'
import { listed } from './sentences.ts'

export interface CrawlParts {
  readonly catalog: Catalog
  readonly objects: Pick<ObjectStore, 'walk' | 'head' | 'read'>
  /** In the order of the names, without those that do not exist. */
  readonly classifiersNamed: (names: readonly string[]) => Promise<readonly CustomClassifier[]>
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
  const run = await Run.begin(crawler, nowMs, parts, hooks)
  const found = await run.findTables()
  const inCatalog = await run.findInCatalog()
  run.checkThreshold(found.tables)

  await hooks.beforeWriting()
  let counts = NO_CHANGES
  await untilNotOvertaken(hooks.say, async () => {
    const changes = [await run.compare(found), ...(await run.compareInCatalog(inCatalog))]
    await applyChanges(changes, {
      catalog: parts.catalog,
      createdBy: `arn:aws:sts::${parts.accountId}:assumed-role/${crawler.role.split('/').at(-1)}/AWS-Crawler`,
      signal: hooks.signal,
      counts,
      onChanged: (changed) => {
        counts = changed
        hooks.onChanged(changed)
      },
    })
  })
}

/** Of several crawlers that write the same table each waits for the others at most once: this is many of them. */
const COMPARISONS_MAX = 50
const OVERTAKEN: readonly string[] = ['tableExists', 'tableNotFound', 'versionMismatch'] satisfies CatalogRefusal[]

/**
 * Compares and writes; again where somebody else changed a table in between. What is written already is found to be as
 * it should, so only the rest is done again.
 */
async function untilNotOvertaken(say: (message: string) => void, write: () => Promise<void>): Promise<void> {
  for (let comparison = 1; ; comparison++) {
    try {
      return await write()
    } catch (error) {
      if (!isRefusal(error) || !OVERTAKEN.includes(error.code) || comparison === COMPARISONS_MAX) throw error
      say('Somebody else changed the catalog while this crawl was writing to it, so the two are compared again.')
    }
  }
}

interface RunParts {
  readonly catalog: Catalog
  readonly find: FindParts
  readonly hooks: CrawlHooks
}

/** What all steps of one run know. */
class Run {
  readonly #crawler: Crawler
  readonly #catalog: Catalog
  readonly #find: FindParts
  readonly #hooks: CrawlHooks
  readonly #targets: readonly Target[]
  readonly #policy: Policy
  /** Partitions of tables that the catalog has already, in new folders. */
  readonly #additions: Diff[] = []

  private constructor(crawler: Crawler, nowMs: number, { catalog, find, hooks }: RunParts) {
    this.#crawler = crawler
    this.#catalog = catalog
    this.#find = find
    this.#hooks = hooks
    this.#targets = crawler.targets.map(toTarget)
    const exclusions = this.#targets.flatMap((target) => target.exclusionUrls)
    const isLogged = crawler.recrawlBehavior === 'CRAWL_NEW_FOLDERS_ONLY'
    this.#policy = {
      ...find.configuration,
      name: crawler.name,
      ...(crawler.tablePrefix !== undefined && { tablePrefix: crawler.tablePrefix }),
      updateBehavior: isLogged ? 'LOG' : crawler.updateBehavior,
      deleteBehavior: isLogged ? 'LOG' : crawler.deleteBehavior,
      crawledAtMs: nowMs,
      exclusions,
    }
  }

  static async begin(crawler: Crawler, nowMs: number, parts: CrawlParts, hooks: CrawlHooks): Promise<Run> {
    const configuration = parseConfiguration(crawler.configuration)
    if ('problem' in configuration) throw new Refusal('crawlFailed', configuration.problem)
    const classifiers = await classifiersOf(crawler, parts)
    const { signal, say } = hooks
    const find = { objects: parts.objects, classifiers, configuration, signal, say }
    return new Run(crawler, nowMs, { catalog: parts.catalog, find, hooks })
  }

  async findTables(): Promise<Found> {
    let found: Found = { tables: [], roots: [], occupied: [] }
    if (this.#targets.length === 0) return found
    const tables = await this.#tables()
    const known = this.#isIncremental ? await this.#withPartitions(tables) : undefined
    const own = locationsOf(tables.filter((table) => wasMadeBy(table, this.#crawler.name)))
    for (const target of this.#targets)
      found = together(
        found,
        known === undefined ? await findTables(target, own, this.#find) : await this.#findNew(target, known),
      )
    return found
  }

  get #isIncremental(): boolean {
    return this.#crawler.recrawlBehavior === 'CRAWL_NEW_FOLDERS_ONLY'
  }

  /** Only folders that the catalog does not know are looked into; nothing is said to have vanished. */
  async #findNew(target: Target, known: KnownTables): Promise<Found> {
    const { bucket } = target.path
    const listing = await list(target, this.#find)
    const { knownCount, below, free } = sortFolders(bucket, listing.folders, known)
    const fresh = [...below.values()].flat().concat(free)
    this.#hooks.say(
      `Only new folders are crawled: ${knownCount} folders are in the catalog and were not read, ${fresh.length} are new.`,
    )
    const sampled = await sample({ ...listing, folders: fresh }, target, this.#find)
    const byPath = new Map(sampled.map((folder) => [folder.path, folder]))
    const those = (folders: readonly { path: string }[]) => folders.flatMap(({ path }) => byPath.get(path) ?? [])
    for (const [table, folders] of below)
      this.#additions.push(
        addFolders(table, those(folders), {
          bucket,
          known: known.get(table) ?? [],
          likeness: this.#find.configuration,
          crawledAtMs: this.#policy.crawledAtMs,
          partitionsInherit: this.#policy.partitionsInherit,
        }),
      )
    const tables = group(listing, those(free), this.#find, { settled: locationsOf([...known.keys()]) })
    return { tables, roots: [], occupied: [] }
  }

  findInCatalog(): Promise<FoundTable[]> {
    return findInCatalog(this.#crawler.catalogTargets, this.#catalog, this.#find)
  }

  checkThreshold(tables: readonly ProposedTable[]): void {
    const { tablesMax } = this.#find.configuration
    if (tablesMax === undefined || tables.length <= tablesMax) return
    this.#hooks.say(
      `Tables detected at: ${listed(
        tables.map(({ bucket, path }) => s3Url(bucket, path)),
        20,
      )}.`,
    )
    // In the words of AWS's crawlers.
    throw new Refusal(
      'crawlFailed',
      `The number of tables detected by crawler: ${tables.length} is greater than the table threshold value provided: ${tablesMax}. Failing crawler without writing to Data Catalog.`,
    )
  }

  /** With the database of the crawler, which is made where it is missing. */
  async compare(found: Found): Promise<DatabaseChanges> {
    const { databaseName: database, targets } = this.#crawler
    if (targets.length === 0) return { database, changes: [] }
    await this.#ensureDatabase()
    const known = await this.#known(found.tables)
    if (found.tables.length === 0 && !this.#isIncremental)
      this.#hooks.say('No data was found that a table could be made of.')
    return { database, changes: this.#told([...this.#additions, diffTables(known, found, this.#policy)]) }
  }

  async compareInCatalog(found: readonly FoundTable[]): Promise<DatabaseChanges[]> {
    const all: DatabaseChanges[] = []
    for (const { table, proposed } of found) {
      const known = { tables: [], ...(await this.#contentsOf([table])) }
      // AWS: a crawler of catalog targets deletes nothing. An index is made where it is asked for.
      const { partitionFiltering: partitionIndex } = this.#policy
      const policy: Policy = { ...this.#policy, deleteBehavior: 'LOG', exclusions: [], partitionIndex }
      all.push({ database: table.database, changes: this.#told([diffTable(table, known, { proposed, policy })]) })
    }
    return all
  }

  #told(diffs: readonly Diff[]): DatabaseChanges['changes'] {
    for (const { messages } of diffs) for (const message of messages) this.#hooks.say(message)
    return diffs.flatMap(({ changes }) => changes)
  }

  async #ensureDatabase(): Promise<void> {
    const name = this.#crawler.databaseName
    if ((await this.#catalog.findDatabase(name)) !== undefined) return
    try {
      await this.#catalog.createDatabase({ name, parameters: {} })
      this.#hooks.say(`Database ${name} was made.`)
    } catch (error) {
      // Another crawler of the same database was faster.
      if (!isRefusal(error) || error.code !== 'databaseExists') throw error
    }
  }

  async #known(proposals: readonly ProposedTable[]): Promise<Known> {
    const tables = await this.#tables()
    const there = byLocation(tables, this.#crawler.name)
    const matched = proposals.flatMap((proposed) => there.get(locationOf(proposed)) ?? [])
    return { tables, ...(await this.#contentsOf(matched)) }
  }

  async #contentsOf(tables: readonly Table[]): Promise<Pick<Known, 'partitions' | 'indexes'>> {
    const partitions = new Map<string, readonly Partition[]>()
    const indexes = new Map<string, readonly PartitionIndex[]>()
    for (const table of tables) {
      partitions.set(table.name, await allPartitions(this.#catalog, table))
      indexes.set(table.name, await this.#catalog.partitionIndexes(table.database, table.name))
    }
    return { partitions, indexes }
  }

  /** Of the crawler's database, which may not exist yet. */
  async #tables(): Promise<readonly Table[]> {
    const { databaseName } = this.#crawler
    return (await this.#catalog.findDatabase(databaseName)) === undefined ? [] : this.#catalog.tables(databaseName)
  }

  async #withPartitions(tables: readonly Table[]): Promise<KnownTables> {
    const known = new Map<Table, Partition[]>()
    for (const table of tables)
      known.set(table, table.partitionKeys.length === 0 ? [] : await allPartitions(this.#catalog, table))
    return known
  }
}

async function classifiersOf({ classifiers: names }: Crawler, { classifiersNamed }: CrawlParts) {
  if (names.length === 0) return []
  const found = await classifiersNamed(names)
  const missing = names.filter((name) => !found.some((classifier) => classifier.name === name))
  if (missing.length > 0)
    throw new Refusal('crawlFailed', `The crawler names classifiers that do not exist: ${missing.join(', ')}.`)
  return found
}

/** Where include paths overlap, the first one's table counts. */
function together(a: Found, b: Found): Found {
  const taken = new Set(a.tables.map(({ bucket, path }) => s3Url(bucket, path)))
  return {
    tables: [...a.tables, ...b.tables.filter(({ bucket, path }) => !taken.has(s3Url(bucket, path)))],
    roots: [...a.roots, ...b.roots],
    occupied: [...a.occupied, ...b.occupied],
  }
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

async function allPartitions(catalog: Catalog, table: Table): Promise<Partition[]> {
  const all: Partition[] = []
  for await (const partition of catalog.partitions(table.database, table.name)) all.push(partition)
  return all
}
