/**
 * Fourth step of a crawl: from what the catalog says and what was found to the changes to make, by the crawler's
 * policies. Pure. When nothing changed there are no changes: crawling twice makes no new version.
 */
import { isDeepStrictEqual } from 'node:util'
import type { CrawlerInput } from '../catalog/crawler-types.ts'
import type { Column, Partition, PartitionInput, Storage, Table, TableInput } from '../catalog/types.ts'
import { parseTypeText, typeText, widen } from '../formats/inferred-type.ts'
import type { CrawlConfiguration } from './configuration.ts'
import { CRAWLER_PARAMETERS, type Described, describePartition, describeTable, STATISTICS } from './describe.ts'
import type { ProposedPartition, ProposedTable } from './group.ts'
import { s3Url } from './include-path.ts'
import { distinctName, tableName } from './naming.ts'

export type Change =
  | { readonly kind: 'createTable'; readonly input: TableInput }
  /** `keepsVersion`: only statistics differ, so no version is archived. */
  | {
      readonly kind: 'updateTable'
      readonly table: string
      readonly expectVersion: string
      readonly input: TableInput
      readonly keepsVersion: boolean
    }
  | { readonly kind: 'deleteTable'; readonly table: string }
  | { readonly kind: 'createPartitions'; readonly table: string; readonly inputs: readonly PartitionInput[] }
  | { readonly kind: 'updatePartition'; readonly table: string; readonly input: PartitionInput }
  | { readonly kind: 'deletePartitions'; readonly table: string; readonly values: readonly (readonly string[])[] }

export interface Known {
  readonly tables: readonly Table[]
  /** By table name; needed for tables whose location is among the proposals. */
  readonly partitions: ReadonlyMap<string, readonly Partition[]>
}

export interface Found {
  readonly tables: readonly ProposedTable[]
  /** Include paths, as URLs ending in `/`: only tables under them can have vanished. */
  readonly roots: readonly string[]
  /** Places, as URLs ending in `/`, that hold files, readable or not. */
  readonly occupied: readonly string[]
}

export type Policy = Pick<CrawlerInput, 'name' | 'tablePrefix' | 'updateBehavior' | 'deleteBehavior'> &
  Pick<CrawlConfiguration, 'partitionsInherit' | 'mergeNewColumns'> &
  Pick<Described, 'crawledAtMs' | 'exclusions'>

export interface Diff {
  readonly changes: readonly Change[]
  readonly messages: readonly string[]
}

export function diffTables(known: Known, found: Found, policy: Policy): Diff {
  const differ = new Differ(known, policy)
  const matched = found.tables.map((proposed) => differ.addOrUpdate(proposed))
  differ.removeVanished(found, new Set(matched))
  return { changes: differ.changes, messages: differ.messages }
}

/** The tables that the proposals will be matched with, so that the caller knows whose partitions to read. */
export function tablesAt(tables: readonly Table[], proposals: readonly ProposedTable[], crawler: string): Table[] {
  return proposals.flatMap((proposed) => tableAt(tables, proposed, crawler) ?? [])
}

class Differ {
  readonly changes: Change[] = []
  readonly messages: string[] = []
  readonly #known: Known
  readonly #policy: Policy
  readonly #by: Described
  readonly #names: Set<string>

  constructor(known: Known, policy: Policy) {
    this.#known = known
    this.#policy = policy
    this.#by = { crawler: policy.name, crawledAtMs: policy.crawledAtMs, exclusions: policy.exclusions }
    this.#names = new Set(known.tables.map((table) => table.name))
  }

  /** Answers with the table's name. */
  addOrUpdate(proposed: ProposedTable): string {
    const existing = tableAt(this.#known.tables, proposed, this.#policy.name)
    return existing === undefined ? this.#create(proposed) : this.#update(existing, proposed)
  }

  removeVanished({ roots, occupied, tables }: Found, matched: ReadonlySet<string>): void {
    const { deleteBehavior, name: crawler, crawledAtMs } = this.#policy
    const proposed = tables.map((table) => s3Url(table.bucket, table.path))
    for (const table of this.#known.tables) {
      const location = asFolder(table.storage?.location ?? '')
      const isOurs =
        table.parameters['UPDATED_BY_CRAWLER'] === crawler && roots.some((root) => location.startsWith(root))
      if (!isOurs || matched.has(table.name)) continue
      const isCovered = proposed.some((url) => location.startsWith(url) || url.startsWith(location))
      if (!isCovered && occupied.some((folder) => folder.startsWith(location))) {
        this.messages.push(
          `Table ${table.name} was left as it is: ${location} holds files, but none that could be read.`,
        )
      } else if (deleteBehavior === 'DELETE_FROM_DATABASE') {
        this.messages.push(`Table ${table.name} was deleted: there is no data for it at ${location} any more.`)
        this.changes.push({ kind: 'deleteTable', table: table.name })
      } else if (
        deleteBehavior === 'DEPRECATE_IN_DATABASE' &&
        table.parameters['DEPRECATED_BY_CRAWLER'] === undefined
      ) {
        this.messages.push(
          `Table ${table.name} was marked as deprecated: there is no data for it at ${location} any more.`,
        )
        const parameters = { ...table.parameters, DEPRECATED_BY_CRAWLER: String(crawledAtMs) }
        this.#pushUpdate(table, { ...asInput(table), parameters })
      }
    }
  }

  #create(proposed: ProposedTable): string {
    const { tablePrefix = '', partitionsInherit } = this.#policy
    const location = s3Url(proposed.bucket, proposed.path)
    const wanted = tableName(tablePrefix, proposed.bucket, proposed.path)
    const name = this.#names.has(wanted) ? distinctName(wanted, location) : wanted
    this.#names.add(name)
    const input = describeTable(name, proposed, this.#by)
    this.messages.push(
      `Table ${name} was made for ${location}: ${proposed.schema.format}, columns: ${proposed.schema.columns.length}, partitions: ${proposed.partitions.length}.`,
    )
    this.changes.push({ kind: 'createTable', input })
    const inherited = partitionsInherit ? input.storage : undefined
    this.#createPartitions(name, this.#inputs(proposed, proposed.partitions, inherited))
    return name
  }

  #update(existing: Table, proposed: ProposedTable): string {
    const { updateBehavior } = this.#policy
    const next = updateBehavior === 'LOG' ? asInput(existing) : this.#updated(existing, proposed)
    if (updateBehavior === 'LOG') this.#tellWhatWouldChange(existing, proposed)
    const keysChange = !isSame(
      existing.partitionKeys.map((key) => key.name),
      next.partitionKeys.map((key) => key.name),
    )
    const known = this.#known.partitions.get(existing.name) ?? []
    const isReplaced = keysChange && known.length > 0
    if (isReplaced) {
      this.messages.push(`Table ${existing.name} has other partition keys now, so its partitions were made anew.`)
      this.changes.push({ kind: 'deletePartitions', table: existing.name, values: known.map(({ values }) => values) })
    }
    this.#pushUpdate(existing, next)
    this.#diffPartitions(existing.name, { proposed, known: isReplaced ? [] : known, table: next })
    return existing.name
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
      partitionKeys: keepComments(existing.partitionKeys, described.partitionKeys),
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
    const isSchemaSame = isSame(
      existing.storage?.columns.map(({ name, type }) => [name, type]),
      found.map(({ name, type }) => [name, type]),
    )
    if (!isSchemaSame)
      this.messages.push(
        `Table ${existing.name} was left as it is (update behaviour LOG); the data has other columns now.`,
      )
  }

  #diffPartitions(
    name: string,
    { proposed, known, table }: { proposed: ProposedTable; known: readonly Partition[]; table: TableInput },
  ): void {
    if (table.partitionKeys.length !== proposed.partitionKeys.length) {
      this.messages.push(
        `Table ${name} has ${table.partitionKeys.length} partition keys but its folders ${proposed.partitionKeys.length}: no partition was added.`,
      )
      return
    }
    const inherited = this.#policy.partitionsInherit ? table.storage : undefined
    const inputs = this.#inputs(proposed, proposed.partitions, inherited)
    const before = new Map(known.map((partition) => [identity(partition.values), partition]))
    this.#createPartitions(
      name,
      inputs.filter((input) => !before.has(identity(input.values))),
    )
    if (this.#policy.updateBehavior === 'UPDATE_IN_DATABASE') {
      for (const input of inputs) {
        const partition = before.get(identity(input.values))
        if (partition !== undefined) this.#updatePartition(name, { partition, input, isWhole: proposed.isSampledWhole })
      }
    }
    this.#deleteVanishedPartitions(name, { known, inputs, location: s3Url(proposed.bucket, proposed.path) })
  }

  #updatePartition(
    table: string,
    { partition, input, isWhole }: { partition: Partition; input: PartitionInput; isWhole: boolean },
  ): void {
    const [before, found] = [partition.storage, input.storage]
    const isUnseenKept = !isWhole && !this.#policy.partitionsInherit && before !== undefined && found !== undefined
    const storage = isUnseenKept ? { ...found, columns: withUnseen(before.columns, found.columns) } : found
    const next: PartitionInput = { ...input, storage, parameters: partition.parameters }
    if (!isSame({ ...partition, createdAtMs: 0, lastAccessMs: 0 }, { ...next, createdAtMs: 0, lastAccessMs: 0 }))
      this.changes.push({ kind: 'updatePartition', table, input: next })
  }

  /** Only such as lie under the table: a partition that somebody added from elsewhere is not the crawler's. */
  #deleteVanishedPartitions(
    table: string,
    { known, inputs, location }: { known: readonly Partition[]; inputs: readonly PartitionInput[]; location: string },
  ): void {
    if (this.#policy.deleteBehavior !== 'DELETE_FROM_DATABASE') return
    const found = new Set(inputs.map((input) => identity(input.values)))
    const values = known
      .filter(
        (partition) => !found.has(identity(partition.values)) && partition.storage?.location?.startsWith(location),
      )
      .map((partition) => partition.values)
    if (values.length === 0) return
    this.messages.push(`Partitions of table ${table} deleted because their folders are gone: ${values.length}.`)
    this.changes.push({ kind: 'deletePartitions', table, values })
  }

  #inputs(
    table: ProposedTable,
    partitions: readonly ProposedPartition[],
    inherited: Storage | undefined,
  ): PartitionInput[] {
    const { crawledAtMs } = this.#policy
    return partitions.map((partition) => describePartition(table.bucket, partition, { crawledAtMs, inherited }))
  }

  #createPartitions(table: string, inputs: readonly PartitionInput[]): void {
    if (inputs.length > 0) this.changes.push({ kind: 'createPartitions', table, inputs })
  }

  #pushUpdate(existing: Table, next: TableInput): void {
    const before = { ...asInput(existing), lastAccessMs: 0 }
    const after = { ...next, lastAccessMs: 0 }
    if (isSame(before, after)) return
    const keepsVersion = isSame(withoutStatistics(before), withoutStatistics(after))
    if (!keepsVersion) this.messages.push(`Table ${existing.name} was updated.`)
    this.changes.push({
      kind: 'updateTable',
      table: existing.name,
      expectVersion: existing.versionId,
      input: next,
      keepsVersion,
    })
  }
}

/** Matched by location; where several tables share it, the crawler's own comes first. */
function tableAt(tables: readonly Table[], proposed: ProposedTable, crawler: string): Table | undefined {
  const location = asFolder(s3Url(proposed.bucket, proposed.path))
  const there = tables.filter(
    (table) =>
      table.storage?.location !== undefined &&
      asFolder(table.storage.location) === location &&
      table.tableType !== 'VIRTUAL_VIEW' &&
      table.parameters['table_type']?.toUpperCase() !== 'ICEBERG',
  )
  return there.find((table) => table.parameters['UPDATED_BY_CRAWLER'] === crawler) ?? there[0]
}

function asFolder(location: string): string {
  return location === '' || location.endsWith('/') ? location : `${location}/`
}

function asInput({
  database: _1,
  createdAtMs: _2,
  updatedAtMs: _3,
  createdBy: _4,
  versionId: _5,
  ...input
}: Table): TableInput {
  return input
}

function added(before: readonly Column[], found: readonly Column[]): Column[] {
  const names = new Set(before.map((column) => column.name.toLowerCase()))
  return found.filter((column) => !names.has(column.name))
}

function keepComments(before: readonly Column[], found: readonly Column[]): Column[] {
  const comments = new Map(before.map((column) => [column.name, column.comment]))
  return found.map((column) => {
    const comment = comments.get(column.name)
    return comment === undefined ? column : { ...column, comment }
  })
}

/**
 * When only some of the files were looked into, what an earlier run saw still counts: columns stay, types do not get
 * narrower.
 */
function withUnseen(before: readonly Column[], found: readonly Column[]): Column[] {
  const types = new Map(before.map((column) => [column.name, column.type]))
  const widened = found.map((column) => ({ ...column, type: wider(types.get(column.name), column.type) }))
  return [...widened, ...added(found, before)]
}

function wider(before: string | undefined, found: string): string {
  const [a, b] = [before === undefined ? undefined : parseTypeText(before), parseTypeText(found)]
  return a === undefined || b === undefined ? found : typeText(widen(a, b))
}

function withoutStatistics(input: TableInput): TableInput {
  const drop = (parameters: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(parameters).filter(([name]) => !STATISTICS.some((statistic) => statistic === name)),
    )
  const { storage } = input
  return {
    ...input,
    parameters: drop(input.parameters),
    ...(storage && { storage: { ...storage, parameters: drop(storage.parameters) } }),
  }
}

function identity(values: readonly string[]): string {
  return JSON.stringify(values)
}

/** As the catalog keeps them: a member that is undefined is no member. */
function isSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(plain(a), plain(b))
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}
