/** A Catalog in memory, with all promises of the port: `test/contracts/catalog.ts` runs against it too. */
import type { Catalog, CatalogRefusal, PartitionFailure } from '../../src/catalog/catalog.ts'
import type { Database, Partition, PartitionInput, Table, TableInput } from '../../src/catalog/types.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { Refusal } from '../../src/platform/refusal.ts'
import { FakeClock } from './fake-clock.ts'

interface TableEntry {
  table: Table
  versions: Table[]
  partitions: Map<string, Partition>
}

interface DatabaseEntry {
  database: Database
  readonly tables: Map<string, TableEntry>
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
    this.#databases.set(name, { database, tables: new Map() })
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

  async createTable(database: string, input: TableInput, createdBy: string): Promise<Table> {
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
    entry.tables.set(name, { table, versions: [], partitions: new Map() })
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
    options: { expectVersion?: string; skipArchive?: boolean } = {},
  ): Promise<Table> {
    const { tables } = this.#database(database)
    const entry = this.#table(database, name)
    const current = entry.table
    if (options.expectVersion !== undefined && options.expectVersion !== current.versionId)
      throw refuse('versionMismatch', `Table ${name} is at version ${current.versionId}, not ${options.expectVersion}.`)
    const input = change(copy(current))
    const renamed = input.name.toLowerCase()
    if (renamed !== current.name && tables.has(renamed)) throw refuse('tableExists', 'Table already exists.')
    const { createdAtMs, createdBy, versionId } = current
    const updated: Table = {
      ...input,
      name: renamed,
      database: current.database,
      createdAtMs,
      createdBy,
      updatedAtMs: this.#clock.nowMs(),
      versionId: String(Number(versionId) + 1),
    }
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
    const kept = entry.versions.filter((version) => version.versionId !== versionId)
    if (kept.length === entry.versions.length)
      throw refuse('tableVersionNotFound', `Table ${name} has no archived version ${versionId}.`)
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
      if (values.length !== entry.table.partitionKeys.length)
        return [{ values, code: 'partitionValuesMismatch', message: VALUES_MISMATCH }]
      if (entry.partitions.has(identity(values)))
        return [{ values, code: 'partitionExists', message: 'Partition already exists.' }]
      entry.partitions.set(identity(values), copy({ ...input, createdAtMs: this.#clock.nowMs() }))
      return []
    })
  }

  async findPartition(database: string, table: string, values: readonly string[]): Promise<Partition | undefined> {
    return copy(this.#table(database, table).partitions.get(identity(values)))
  }

  async *partitions(database: string, table: string, after?: readonly string[]): AsyncIterable<Partition> {
    const all = [...this.#table(database, table).partitions.values()]
    for (const partition of all.sort((a, b) => compareValues(a.values, b.values))) {
      if (after === undefined || compareValues(partition.values, after) > 0) yield copy(partition)
    }
  }

  async updatePartition(
    database: string,
    table: string,
    values: readonly string[],
    input: PartitionInput,
  ): Promise<void> {
    const entry = this.#table(database, table)
    if (input.values.length !== entry.table.partitionKeys.length)
      throw refuse('partitionValuesMismatch', VALUES_MISMATCH)
    const current = entry.partitions.get(identity(values))
    if (current === undefined) throw refuse('partitionNotFound', 'Cannot find partition.')
    const [before, renamed] = [identity(values), identity(input.values)]
    if (before !== renamed && entry.partitions.has(renamed))
      throw refuse('partitionExists', 'Partition already exists.')
    entry.partitions.delete(before)
    entry.partitions.set(renamed, copy({ ...input, createdAtMs: current.createdAtMs }))
  }

  async deletePartitions(
    database: string,
    table: string,
    values: readonly (readonly string[])[],
  ): Promise<readonly PartitionFailure[]> {
    const { partitions } = this.#table(database, table)
    return values.flatMap((one): PartitionFailure[] =>
      partitions.delete(identity(one))
        ? []
        : [{ values: one, code: 'partitionNotFound', message: 'Cannot find partition.' }],
    )
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

const VALUES_MISMATCH = 'The number of partition keys do not match the number of partition values'

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
