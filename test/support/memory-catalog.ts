/** A Catalog in memory, with all promises of the port: `test/contracts/catalog.ts` runs against it too. */
import type {
  Catalog,
  CatalogRefusal,
  PartitionFailure,
  PartitionScan,
  StatisticsOf,
  UpdateTableOptions,
} from '../../src/catalog/catalog.ts'
import { partitionExists, partitionNotFound, valuesMismatch } from '../../src/catalog/partition-failures.ts'
import { checkNewIndex, indexColumns } from '../../src/catalog/partition-indexes.ts'
import { checkVersion, updatedTable } from '../../src/catalog/table-update.ts'
import type {
  ColumnStatistics,
  Database,
  Partition,
  PartitionIndex,
  PartitionInput,
  Table,
  TableInput,
  UserDefinedFunction,
  UserDefinedFunctionInput,
} from '../../src/catalog/types.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { Refusal } from '../../src/platform/refusal.ts'
import { FakeClock } from './fake-clock.ts'

interface TableEntry {
  table: Table
  versions: Table[]
  partitions: Map<string, Partition>
  readonly indexes: PartitionIndex[]
  /** By identity of the partition's values, '' for the table's own, and then by column. */
  readonly statistics: Map<string, Map<string, ColumnStatistics>>
}

interface DatabaseEntry {
  database: Database
  readonly tables: Map<string, TableEntry>
  readonly functions: Map<string, UserDefinedFunction>
}

export class MemoryCatalog implements Catalog {
  readonly #clock: Clock
  readonly #databases = new Map<string, DatabaseEntry>()

  constructor(clock: Clock = new FakeClock()) {
    this.#clock = clock
  }

  async createDatabase(input: Omit<Database, 'createdAtMs'>): Promise<Database> {
    const name = input.name.toLowerCase()
    if (this.#databases.has(name)) throw refuse('databaseExists', 'Database already exists.')
    const database = copy({ ...input, name, createdAtMs: this.#clock.nowMs() })
    this.#databases.set(name, { database, tables: new Map(), functions: new Map() })
    return copy(database)
  }

  async findDatabase(name: string): Promise<Database | undefined> {
    return copy(this.#databases.get(name.toLowerCase())?.database)
  }

  async databases(): Promise<readonly Database[]> {
    return sorted([...this.#databases.values()].map((entry) => copy(entry.database)))
  }

  async updateDatabase(name: string, change: (current: Database) => Omit<Database, 'createdAtMs'>): Promise<Database> {
    const entry = this.#database(name)
    const { name: kept, createdAtMs } = entry.database
    entry.database = copy({ ...change(copy(entry.database)), name: kept, createdAtMs })
    return copy(entry.database)
  }

  async deleteDatabase(name: string): Promise<void> {
    this.#databases.delete(this.#database(name).database.name)
  }

  async createTable(
    database: string,
    input: TableInput,
    createdBy: string,
    indexes: readonly PartitionIndex[] = [],
  ): Promise<Table> {
    const entry = this.#database(database)
    const name = input.name.toLowerCase()
    if (entry.tables.has(name)) throw refuse('tableExists', 'Table already exists.')
    const nowMs = this.#clock.nowMs()
    const table: Table = copy({
      ...input,
      name,
      database: entry.database.name,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      createdBy,
      versionId: '0',
    })
    const made: PartitionIndex[] = []
    for (const index of indexes) {
      checkNewIndex(index, { indexes: made, partitionKeys: table.partitionKeys })
      made.push(copy(index))
    }
    entry.tables.set(name, { table, versions: [], partitions: new Map(), indexes: made, statistics: new Map() })
    return copy(table)
  }

  async findTable(database: string, name: string): Promise<Table | undefined> {
    return copy(this.#databases.get(database.toLowerCase())?.tables.get(name.toLowerCase())?.table)
  }

  async tables(database: string): Promise<readonly Table[]> {
    return sorted([...this.#database(database).tables.values()].map((entry) => copy(entry.table)))
  }

  async updateTable(
    database: string,
    name: string,
    change: (current: Table) => TableInput,
    options: UpdateTableOptions = {},
  ): Promise<Table> {
    const { tables } = this.#database(database)
    const entry = this.#table(database, name)
    const current = entry.table
    checkVersion(current, options)
    const { indexes } = entry
    const updated = updatedTable(current, change(copy(current)), { indexes, nowMs: this.#clock.nowMs() })
    const renamed = updated.name
    if (renamed !== current.name && tables.has(renamed)) throw refuse('tableExists', 'Table already exists.')
    if (!options.skipArchive) entry.versions.unshift(current)
    entry.table = copy(updated)
    tables.delete(current.name)
    tables.set(renamed, entry)
    return copy(entry.table)
  }

  async deleteTable(database: string, name: string): Promise<void> {
    const { table } = this.#table(database, name)
    this.#database(database).tables.delete(table.name)
  }

  async tableVersions(database: string, name: string): Promise<readonly Table[]> {
    const { table, versions } = this.#table(database, name)
    return copy([table, ...versions])
  }

  async deleteTableVersion(database: string, name: string, versionId: string): Promise<void> {
    const entry = this.#table(database, name)
    if (entry.table.versionId === versionId)
      throw refuse('tableVersionCurrent', `Version ${versionId} of table ${name} is its latest: it cannot be deleted.`)
    const kept = entry.versions.filter((version) => version.versionId !== versionId)
    if (kept.length === entry.versions.length)
      throw refuse('tableVersionNotFound', `Table ${name} has no version ${versionId}.`)
    entry.versions = kept
  }

  async createPartitions(
    database: string,
    table: string,
    inputs: readonly PartitionInput[],
  ): Promise<readonly PartitionFailure[]> {
    const entry = this.#table(database, table)
    return inputs.flatMap((input): PartitionFailure[] => {
      const { values } = input
      const mismatch = valuesMismatch(values, entry.table.partitionKeys)
      if (mismatch !== undefined) return [mismatch]
      if (entry.partitions.has(identity(values))) return [partitionExists(values)]
      entry.partitions.set(identity(values), copy({ ...input, createdAtMs: this.#clock.nowMs() }))
      return []
    })
  }

  async findPartition(database: string, table: string, values: readonly string[]): Promise<Partition | undefined> {
    return copy(this.#table(database, table).partitions.get(identity(values)))
  }

  async *partitions(database: string, table: string, scan: PartitionScan = {}): AsyncIterable<Partition> {
    const entry = this.#table(database, table)
    const { after, filter, by } = scan
    const order = this.#order(entry, by)
    const all = [...entry.partitions.values()].sort((a, b) => compareValues(order(a.values), order(b.values)))
    for (const partition of all) {
      if (after !== undefined && compareValues(order(partition.values), order(after)) <= 0) continue
      if (filter?.matches(partition.values) ?? true) yield copy(partition)
    }
  }

  /** From values to the list that is sorted by. */
  #order({ table, indexes }: TableEntry, by: string | undefined): (values: readonly string[]) => readonly string[] {
    if (by === undefined) return (values) => values
    const index = indexes.find((one) => one.name === by)
    if (index === undefined) throw indexNotFound(by)
    const columns = indexColumns(index, table.partitionKeys)
    return (values) => [...columns.map((column) => values[column] ?? ''), ...values]
  }

  async updatePartition(
    database: string,
    table: string,
    values: readonly string[],
    input: PartitionInput,
  ): Promise<void> {
    const [failure] = await this.updatePartitions(database, table, [{ values, input }])
    if (failure !== undefined) throw refuse(failure.code, failure.message)
  }

  async updatePartitions(
    database: string,
    table: string,
    changes: readonly { readonly values: readonly string[]; readonly input: PartitionInput }[],
  ): Promise<readonly PartitionFailure[]> {
    const entry = this.#table(database, table)
    return changes.flatMap(({ values, input }): PartitionFailure[] => {
      const mismatch = valuesMismatch(input.values, entry.table.partitionKeys)
      if (mismatch !== undefined) return [{ ...mismatch, values }]
      const current = entry.partitions.get(identity(values))
      if (current === undefined) return [partitionNotFound(values)]
      const [before, renamed] = [identity(values), identity(input.values)]
      if (before !== renamed && entry.partitions.has(renamed)) return [partitionExists(values)]
      entry.partitions.delete(before)
      const statistics = entry.statistics.get(before)
      entry.statistics.delete(before)
      if (statistics !== undefined) entry.statistics.set(renamed, statistics)
      entry.partitions.set(renamed, copy({ ...input, createdAtMs: current.createdAtMs }))
      return []
    })
  }

  async deletePartitions(
    database: string,
    table: string,
    values: readonly (readonly string[])[],
  ): Promise<readonly PartitionFailure[]> {
    const { partitions, statistics } = this.#table(database, table)
    return values.flatMap((one): PartitionFailure[] => {
      statistics.delete(identity(one))
      return partitions.delete(identity(one)) ? [] : [partitionNotFound(one)]
    })
  }

  async partitionIndexes(database: string, table: string): Promise<readonly PartitionIndex[]> {
    return copy(this.#table(database, table).indexes)
  }

  async createPartitionIndex(database: string, table: string, index: PartitionIndex): Promise<void> {
    const { table: of, indexes } = this.#table(database, table)
    checkNewIndex(index, { indexes, partitionKeys: of.partitionKeys })
    indexes.push(copy(index))
  }

  async deletePartitionIndex(database: string, table: string, name: string): Promise<void> {
    const { indexes } = this.#table(database, table)
    const place = indexes.findIndex((index) => index.name === name)
    if (place < 0) throw indexNotFound(name)
    indexes.splice(place, 1)
  }

  async columnStatistics(of: StatisticsOf): Promise<readonly ColumnStatistics[]> {
    const all = [...this.#statistics(of).values()]
    return copy(all.sort((a, b) => (a.column < b.column ? -1 : 1)))
  }

  async putColumnStatistics(of: StatisticsOf, statistics: readonly ColumnStatistics[]): Promise<void> {
    const kept = this.#statistics(of)
    for (const one of statistics) kept.set(one.column, copy(one))
  }

  async deleteColumnStatistics(of: StatisticsOf, column: string): Promise<void> {
    this.#statistics(of).delete(column)
  }

  #statistics({ database, table, partition }: StatisticsOf): Map<string, ColumnStatistics> {
    const { statistics, partitions } = this.#table(database, table)
    const key = partition === undefined ? '' : identity(partition)
    if (partition !== undefined && !partitions.has(key))
      throw refuse('partitionNotFound', `Partition [${partition.join(', ')}] not found`)
    const found = statistics.get(key) ?? new Map<string, ColumnStatistics>()
    statistics.set(key, found)
    return found
  }

  async createFunction(database: string, input: UserDefinedFunctionInput): Promise<void> {
    const { database: of, functions } = this.#database(database)
    if (functions.has(input.name)) throw refuse('functionExists', 'Function already exists.')
    functions.set(input.name, copy({ ...input, database: of.name, createdAtMs: this.#clock.nowMs() }))
  }

  async findFunction(database: string, name: string): Promise<UserDefinedFunction | undefined> {
    return copy(this.#databases.get(database.toLowerCase())?.functions.get(name))
  }

  async functions(database: string): Promise<readonly UserDefinedFunction[]> {
    return sorted([...this.#database(database).functions.values()].map(copy))
  }

  async updateFunction(database: string, name: string, input: UserDefinedFunctionInput): Promise<void> {
    const { functions } = this.#database(database)
    const current = functions.get(name)
    if (current === undefined) throw refuse('functionNotFound', `Function ${name} not found.`)
    if (input.name !== name && functions.has(input.name)) throw refuse('functionExists', 'Function already exists.')
    functions.delete(name)
    functions.set(input.name, copy({ ...input, database: current.database, createdAtMs: current.createdAtMs }))
  }

  async deleteFunction(database: string, name: string): Promise<void> {
    if (!this.#database(database).functions.delete(name))
      throw refuse('functionNotFound', `Function ${name} not found.`)
  }

  #database(name: string): DatabaseEntry {
    const entry = this.#databases.get(name.toLowerCase())
    if (entry === undefined) throw refuse('databaseNotFound', `Database ${name} not found.`)
    return entry
  }

  #table(database: string, name: string): TableEntry {
    const entry = this.#database(database).tables.get(name.toLowerCase())
    if (entry === undefined) throw refuse('tableNotFound', `Table ${name} not found.`)
    return entry
  }
}

/** What a catalog that stores would give back: equal, never the same object, undefined members gone. */
function copy<Value>(value: Value): Value {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as Value)
}

function sorted<Named extends { readonly name: string }>(items: Named[]): Named[] {
  return items.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function identity(values: readonly string[]): string {
  return JSON.stringify(values)
}

function compareValues(a: readonly string[], b: readonly string[]): number {
  for (const [index, value] of a.entries()) {
    const order = Buffer.compare(Buffer.from(value), Buffer.from(b[index] ?? ''))
    if (order !== 0) return order
  }
  return a.length - b.length
}

function refuse(code: CatalogRefusal, message: string): Refusal {
  return new Refusal(code, message)
}

function indexNotFound(name: string): Refusal {
  return refuse('partitionIndexNotFound', `Index with the given indexName : ${name} does not exist`)
}
