/**
 * Fourth step of a crawl: from what the catalog says and what was found to the changes to make, by the crawler's
 * policies. Pure. When nothing changed there are no changes: crawling twice makes no new version.
 */
import type { CrawlerInput } from '../catalog/crawler-types.ts'
import type { Partition, PartitionIndex, PartitionInput, Storage, Table, TableInput } from '../catalog/types.ts'
import type { Change } from './change.ts'
import { added, columnChanges, keepComments, keepNames, namesOf, withUnseen } from './columns.ts'
import type { CrawlConfiguration } from './configuration.ts'
import { CRAWLER_PARAMETERS, type Described, describePartition, describeTable, withoutStatistics } from './describe.ts'
import { diffPartitions } from './diff-partitions.ts'
import type { ProposedTable } from './group.ts'
import { s3Url } from './include-path.ts'
import { asFolder, asInput, byLocation, foldersAbove, foldersOver, locationOf, wasMadeBy } from './known-tables.ts'
import { distinctName, tableName } from './naming.ts'
import { isSame } from './same.ts'
import { listed, Sentences } from './sentences.ts'

export interface Known {
  readonly tables: readonly Table[]
  /** By table name; needed for tables whose location is among the proposals. */
  readonly partitions: ReadonlyMap<string, readonly Partition[]>
  /** By table name; likewise. */
  readonly indexes: ReadonlyMap<string, readonly PartitionIndex[]>
}

export interface Found {
  readonly tables: readonly ProposedTable[]
  /** Include paths, as URLs ending in `/`: only tables under them can have vanished. */
  readonly roots: readonly string[]
  /** Places, as URLs ending in `/`, that hold files, readable or not. */
  readonly occupied: readonly string[]
}

export type Policy = Pick<CrawlerInput, 'name' | 'tablePrefix' | 'updateBehavior' | 'deleteBehavior'> &
  Pick<CrawlConfiguration, 'partitionsInherit' | 'mergeNewColumns' | 'partitionIndex' | 'partitionFiltering'> &
  Pick<Described, 'crawledAtMs' | 'exclusions'>

export interface Diff {
  readonly changes: readonly Change[]
  readonly messages: readonly string[]
}

/** As AWS's crawlers call theirs. */
export const PARTITION_INDEX_NAME = 'crawler_partition_index'
/** Glue's quota for a table. */
const PARTITION_INDEXES_MAX = 3

export function diffTables(known: Known, found: Found, policy: Policy): Diff {
  const differ = new Differ(known, policy)
  const matched = found.tables.map((proposed) => differ.addOrUpdate(proposed))
  differ.removeVanished(found, new Set(matched))
  return differ.diff()
}

/** For a table that is crawled where it lies: it is brought up to date, whatever lies beside it. */
export function diffTable(
  existing: Table,
  known: Known,
  { proposed, policy }: { proposed: ProposedTable; policy: Policy },
): Diff {
  const differ = new Differ(known, policy)
  differ.update(existing, proposed)
  return differ.diff()
}

class Differ {
  readonly #changes: Change[] = []
  readonly #sentences = new Sentences()
  readonly #known: Known
  readonly #policy: Policy
  readonly #by: Described
  readonly #there: ReadonlyMap<string, Table>
  readonly #names: Set<string>

  constructor(known: Known, policy: Policy) {
    this.#known = known
    this.#policy = policy
    this.#by = {
      crawler: policy.name,
      crawledAtMs: policy.crawledAtMs,
      exclusions: policy.exclusions,
      partitionFiltering: policy.partitionFiltering,
    }
    this.#there = byLocation(known.tables, policy.name)
    this.#names = new Set(known.tables.map((table) => table.name))
  }

  diff(): Diff {
    return { changes: this.#changes, messages: this.#sentences.all() }
  }

  /** Answers with the table's name. */
  addOrUpdate(proposed: ProposedTable): string {
    const existing = this.#there.get(locationOf(proposed))
    if (existing === undefined) return this.#create(proposed)
    this.update(existing, proposed)
    return existing.name
  }

  update(existing: Table, proposed: ProposedTable): void {
    const isLogged = this.#policy.updateBehavior === 'LOG'
    const next = isLogged ? asInput(existing) : this.#updated(existing, proposed)
    const known = this.#known.partitions.get(existing.name) ?? []
    const isRekeyed = !isSame(namesOf(existing.partitionKeys), namesOf(next.partitionKeys))
    if (isRekeyed) this.#dropOldPartitions(existing, known)
    if (isLogged) this.#tellWhatWouldChange(existing, proposed)
    else this.#pushUpdate(existing, next)
    const indexes = isRekeyed ? [] : (this.#known.indexes.get(existing.name) ?? [])
    if (!isLogged) this.#indexPartitions(next, indexes)
    this.#diffPartitions(proposed, { table: next, known: isRekeyed ? [] : known })
  }

  removeVanished({ roots, occupied, tables }: Found, matched: ReadonlySet<string>): void {
    const proposed = new Set(tables.map(locationOf))
    const [aboveProposed, aboveOccupied] = [foldersOver([...proposed]), foldersOver(occupied)]
    for (const table of this.#known.tables) {
      const location = asFolder(table.storage?.location ?? '')
      const isOurs = wasMadeBy(table, this.#policy.name) && roots.some((root) => location.startsWith(root))
      if (!isOurs || matched.has(table.name)) continue
      const isCovered = aboveProposed.has(location) || [...foldersAbove(location)].some((url) => proposed.has(url))
      if (!isCovered && aboveOccupied.has(location))
        this.#sentences.sayOf(
          'kept',
          `Table ${table.name} was left as it is: ${location} holds files, but none that could be read.`,
        )
      else
        this.#remove(
          table,
          isCovered
            ? `what lies at ${location} is part of other tables now`
            : `there is no data for it at ${location} any more`,
        )
    }
  }

  #remove(table: Table, why: string): void {
    const { deleteBehavior, crawledAtMs } = this.#policy
    if (deleteBehavior === 'DELETE_FROM_DATABASE') {
      this.#sentences.sayOf('gone', `Table ${table.name} was deleted: ${why}.`)
      this.#changes.push({ kind: 'deleteTable', table: table.name })
    } else if (deleteBehavior === 'LOG') {
      this.#sentences.sayOf('gone', `Table ${table.name} was left as it is (delete behaviour LOG), although ${why}.`)
    } else if (table.parameters['DEPRECATED_BY_CRAWLER'] === undefined) {
      this.#sentences.sayOf('gone', `Table ${table.name} was marked as deprecated: ${why}.`)
      const parameters = { ...table.parameters, DEPRECATED_BY_CRAWLER: String(crawledAtMs) }
      this.#pushUpdate(table, { ...asInput(table), parameters })
    } else {
      this.#sentences.sayOf('gone', `Table ${table.name} stays marked as deprecated: ${why}.`)
    }
  }

  #create(proposed: ProposedTable): string {
    const { tablePrefix = '' } = this.#policy
    const location = s3Url(proposed.bucket, proposed.path)
    const wanted = tableName(tablePrefix, proposed.bucket, proposed.path)
    const name = this.#names.has(wanted) ? distinctName(wanted, location) : wanted
    this.#names.add(name)
    const input = describeTable(name, proposed, this.#by)
    const { schema, partitions, partitionKeys } = proposed
    const by = partitionKeys.length === 0 ? '' : ` by ${partitionKeys.join(', ')}`
    const clash = name === wanted ? '' : `; the name ${wanted} belongs to another table`
    this.#sentences.sayOf(
      'made',
      `Table ${name} was made for ${location}: ${schema.classification}, columns: ${schema.columns.length}, partitions: ${partitions.length}${by}${clash}.`,
    )
    this.#changes.push({ kind: 'createTable', input })
    this.#tellWhatAthenaCannot(input)
    this.#createPartitions(name, this.#inputs(proposed, input))
    this.#indexPartitions(input, [])
    return name
  }

  /** UPDATE_IN_DATABASE: columns and formats as found; what people wrote (description, own parameters) stays. */
  #updated(existing: Table, proposed: ProposedTable): TableInput {
    const described = describeTable(existing.name, proposed, this.#by)
    const own = Object.fromEntries(
      Object.entries(existing.parameters).filter(([name]) => !CRAWLER_PARAMETERS.includes(name)),
    )
    const parameters = { ...own, ...described.parameters }
    const storage = described.storage as Storage
    return {
      ...asInput(existing),
      tableType: existing.tableType ?? described.tableType,
      lastAccessMs: described.lastAccessMs,
      partitionKeys: keepComments(existing.partitionKeys, keepNames(existing.partitionKeys, described.partitionKeys)),
      storage: { ...this.#mergedStorage(existing, proposed, storage), parameters },
      parameters,
    }
  }

  #mergedStorage(existing: Table, proposed: ProposedTable, found: Storage): Storage {
    const before = existing.storage
    if (before === undefined) return found
    if (this.#policy.mergeNewColumns) {
      const isSameFormat = before.serde?.library === found.serde?.library
      const serde = isSameFormat
        ? { ...before.serde, parameters: { ...before.serde?.parameters, ...found.serde?.parameters } }
        : found.serde
      const columns = [...before.columns, ...added(before.columns, found.columns)]
      return { ...(isSameFormat ? before : found), location: found.location, serde, columns }
    }
    const columns = keepComments(before.columns, found.columns)
    return { ...found, columns: proposed.isSampledWhole ? columns : withUnseen(before.columns, columns) }
  }

  #tellWhatWouldChange(existing: Table, proposed: ProposedTable): void {
    const found = describeTable(existing.name, proposed, this.#by).storage?.columns ?? []
    const changes = columnChanges(existing.storage?.columns ?? [], found)
    if (changes.length === 0) this.#sentences.sayOf('unchanged', `Table ${existing.name} is as it was.`)
    else
      this.#sentences.sayOf(
        'kept',
        `Table ${existing.name} was left as it is (update behaviour LOG); the data has other columns now (${changes.join('; ')}).`,
      )
  }

  /** Crawlers do not rename, AWS's neither, and they write tables that no SerDe of Athena's can read. */
  #tellWhatAthenaCannot({ name, partitionKeys, storage }: TableInput): void {
    const columns = new Set(storage?.columns.map((column) => column.name))
    const both = namesOf(partitionKeys).filter((key) => columns.has(key))
    if (both.length > 0)
      this.#sentences.sayOf(
        'unreadable',
        `Table ${name} cannot be queried in Athena: ${both.join(', ')} is both a column and a partition key (HIVE_INVALID_METADATA).`,
      )
    if (storage?.serde?.library === undefined)
      this.#sentences.sayOf(
        'unreadable',
        `Table ${name} cannot be queried in Athena: no SerDe of it reads this format.`,
      )
  }

  #dropOldPartitions(existing: Table, known: readonly Partition[]): void {
    const table = existing.name
    if (this.#known.indexes.get(table)?.some((index) => index.name === PARTITION_INDEX_NAME))
      this.#changes.push({ kind: 'deletePartitionIndex', table, index: PARTITION_INDEX_NAME })
    if (known.length === 0) return
    this.#sentences.sayOf(
      'partitions',
      `Table ${table} has other partition keys now, so its partitions were made anew.`,
    )
    this.#changes.push({ kind: 'deletePartitions', table, values: known.map(({ values }) => values) })
  }

  #indexPartitions({ name, partitionKeys }: TableInput, indexes: readonly PartitionIndex[]): void {
    const keys = namesOf(partitionKeys)
    if (!this.#policy.partitionIndex || keys.length === 0 || indexes.some((index) => isSame(index.keys, keys))) return
    if (indexes.length >= PARTITION_INDEXES_MAX || indexes.some((index) => index.name === PARTITION_INDEX_NAME)) {
      this.#sentences.sayOf(
        'partitions',
        `Table ${name} got no partition index over ${keys.join(', ')}: it has ${indexes.length} others.`,
      )
      return
    }
    this.#sentences.sayOf('partitions', `Table ${name} got a partition index over ${keys.join(', ')}.`)
    this.#changes.push({ kind: 'createPartitionIndex', table: name, index: { name: PARTITION_INDEX_NAME, keys } })
  }

  #diffPartitions(proposed: ProposedTable, { table, known }: { table: TableInput; known: readonly Partition[] }): void {
    const { name } = table
    if (table.partitionKeys.length !== proposed.partitionKeys.length) {
      this.#sentences.sayOf(
        'kept',
        `Table ${name} has ${table.partitionKeys.length} partition keys but its folders ${proposed.partitionKeys.length}: no partition was added.`,
      )
      return
    }
    const { updateBehavior, partitionsInherit } = this.#policy
    const { fresh, changed, gone } = diffPartitions({
      known,
      found: this.#inputs(proposed, table),
      location: s3Url(proposed.bucket, proposed.path),
      keepsUnseen: !proposed.isSampledWhole && !partitionsInherit,
    })
    const inputs = updateBehavior === 'LOG' ? [] : changed
    this.#createPartitions(name, fresh)
    if (inputs.length > 0) this.#changes.push({ kind: 'updatePartitions', table: name, inputs })
    if (fresh.length + inputs.length > 0)
      this.#sentences.sayOf(
        'partitions',
        `Partitions of table ${name}: ${fresh.length} new, ${inputs.length} refreshed.`,
      )
    if (gone.length > 0) this.#removePartitions(name, gone)
  }

  #removePartitions(table: string, gone: readonly Partition[]): void {
    const which = `${gone.length} (${listed(
      gone.map(({ values }) => values.join('/')),
      3,
    )})`
    if (this.#policy.deleteBehavior === 'DELETE_FROM_DATABASE') {
      this.#sentences.sayOf(
        'partitions',
        `Partitions of table ${table} deleted because their folders are gone: ${which}.`,
      )
      this.#changes.push({ kind: 'deletePartitions', table, values: gone.map(({ values }) => values) })
    } else {
      this.#sentences.sayOf(
        'partitions',
        `Partitions of table ${table} that stay although their folders hold no readable data any more: ${which}.`,
      )
    }
  }

  #inputs({ bucket, partitions }: ProposedTable, table: TableInput): PartitionInput[] {
    const { crawledAtMs, partitionsInherit } = this.#policy
    const inherited = partitionsInherit ? table.storage : undefined
    return partitions.map((partition) => describePartition(bucket, partition, { crawledAtMs, inherited }))
  }

  #createPartitions(table: string, inputs: readonly PartitionInput[]): void {
    if (inputs.length > 0) this.#changes.push({ kind: 'createPartitions', table, inputs })
  }

  #pushUpdate(existing: Table, next: TableInput): void {
    const table = existing.name
    const before = { ...asInput(existing), lastAccessMs: 0 }
    const after = { ...next, lastAccessMs: 0 }
    if (isSame(before, after)) {
      this.#sentences.sayOf('unchanged', `Table ${table} is as it was.`)
      return
    }
    const keepsVersion = isSame(withoutStatistics(before), withoutStatistics(after))
    if (keepsVersion) {
      this.#sentences.sayOf(
        'unchanged',
        `Table ${table} has other figures (objects, bytes, records) and else is as it was.`,
      )
    } else if (next.parameters['DEPRECATED_BY_CRAWLER'] === undefined) {
      const changes = columnChanges(existing.storage?.columns ?? [], next.storage?.columns ?? [])
      const isBack = existing.parameters['DEPRECATED_BY_CRAWLER'] !== undefined ? ['its data is back'] : []
      const what = [...isBack, ...changes].join('; ') || 'format, location or parameters'
      this.#sentences.sayOf('updated', `Table ${table} was updated (${what}).`)
      this.#tellWhatAthenaCannot(next)
    }
    this.#changes.push({ kind: 'updateTable', table, expectVersion: existing.versionId, input: next, keepsVersion })
  }
}
