/**
 * The catalog in the lake's own SQLite file: the Catalog port for one machine.
 *
 * Every change is one function inside `MetadataDatabase.write`, so the check and the write of a compare-and-set are one
 * step and durable before the promise resolves. Reads answer from the same connection at once.
 */
import type { Clock } from '../../platform/clock.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { MetadataDatabase, Statement } from '../../platform/sqlite.ts'
import type { Catalog, CatalogRefusal, PartitionFailure } from '../catalog.ts'
import type { Database, Partition, PartitionInput, Table, TableInput } from '../types.ts'
import { CATALOG_COMPONENT, CATALOG_MIGRATIONS, partitionKey } from './schema.ts'

/** Partitions handed from SQLite to the caller at a time while streaming. */
const PARTITION_PAGE = 1000

interface Body {
  readonly body: string
}
interface TableRow extends Body {
  readonly id: number
}
interface PartitionRow extends Body {
  readonly key: Buffer
}

type Statements = ReturnType<typeof prepareStatements>

function prepareStatements(database: MetadataDatabase) {
  const one = <Row = Body>(sql: string): Statement<Row> => database.prepare<Row>(sql)
  return {
    databaseNamed: one('SELECT body FROM catalog_database WHERE name = ?'),
    databases: one('SELECT body FROM catalog_database ORDER BY name'),
    insertDatabase: one('INSERT INTO catalog_database VALUES (?, ?)'),
    updateDatabase: one('UPDATE catalog_database SET body = ? WHERE name = ?'),
    deleteDatabase: one('DELETE FROM catalog_database WHERE name = ?'),
    tableNamed: one<TableRow>('SELECT id, body FROM catalog_table WHERE database = ? AND name = ?'),
    tables: one('SELECT body FROM catalog_table WHERE database = ? ORDER BY name'),
    insertTable: one('INSERT INTO catalog_table (database, name, body) VALUES (?, ?, ?)'),
    updateTable: one('UPDATE catalog_table SET name = ?, body = ? WHERE id = ?'),
    deleteTable: one('DELETE FROM catalog_table WHERE id = ?'),
    versions: one('SELECT body FROM catalog_table_version WHERE table_id = ? ORDER BY version DESC'),
    insertVersion: one('INSERT INTO catalog_table_version VALUES (?, ?, ?)'),
    deleteVersion: one('DELETE FROM catalog_table_version WHERE table_id = ? AND version = ?'),
    partition: one('SELECT body FROM catalog_partition WHERE table_id = ? AND key = ?'),
    partitionsAfter: one<PartitionRow>(
      'SELECT key, body FROM catalog_partition WHERE table_id = ? AND key > ? ORDER BY key LIMIT ?',
    ),
    insertPartition: one('INSERT INTO catalog_partition VALUES (?, ?, ?)'),
    updatePartition: one('UPDATE catalog_partition SET key = ?, body = ? WHERE table_id = ? AND key = ?'),
    deletePartition: one('DELETE FROM catalog_partition WHERE table_id = ? AND key = ?'),
  }
}

export class EmbeddedCatalog implements Catalog {
  readonly #database: MetadataDatabase
  readonly #clock: Clock
  readonly #sql: Statements

  constructor(parts: { database: MetadataDatabase; clock: Clock }) {
    this.#database = parts.database
    this.#clock = parts.clock
    this.#database.migrate(CATALOG_COMPONENT, CATALOG_MIGRATIONS)
    this.#sql = prepareStatements(this.#database)
  }

  // -------------------------------------------------------------- databases

  createDatabase(input: Omit<Database, 'createdAtMs'>): Promise<Database> {
    return this.#database.write(() => {
      const created: Database = { ...input, name: fold(input.name), createdAtMs: this.#clock.nowMs() }
      if (this.#sql.databaseNamed.get(created.name) !== undefined)
        throw refuse('databaseExists', 'Database already exists.')
      this.#sql.insertDatabase.run(created.name, JSON.stringify(created))
      return created
    })
  }

  async findDatabase(name: string): Promise<Database | undefined> {
    return read<Database>(this.#sql.databaseNamed.get(fold(name)))
  }

  async databases(): Promise<readonly Database[]> {
    return this.#sql.databases.all().map(parse<Database>)
  }

  updateDatabase(name: string, change: (current: Database) => Omit<Database, 'createdAtMs'>): Promise<Database> {
    return this.#database.write(() => {
      const current = this.#databaseNamed(name)
      const updated: Database = { ...change(current), name: current.name, createdAtMs: current.createdAtMs }
      this.#sql.updateDatabase.run(JSON.stringify(updated), current.name)
      return updated
    })
  }

  deleteDatabase(name: string): Promise<void> {
    return this.#database.write(() => {
      this.#databaseNamed(name)
      this.#sql.deleteDatabase.run(fold(name))
    })
  }

  // -------------------------------------------------------------- tables

  createTable(database: string, input: TableInput, createdBy: string): Promise<Table> {
    return this.#database.write(() => {
      const { name: databaseName } = this.#databaseNamed(database)
      const nowMs = this.#clock.nowMs()
      const table: Table = {
        ...input,
        name: fold(input.name),
        database: databaseName,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        createdBy,
        versionId: '0',
      }
      if (this.#sql.tableNamed.get(databaseName, table.name) !== undefined)
        throw refuse('tableExists', 'Table already exists.')
      this.#sql.insertTable.run(databaseName, table.name, JSON.stringify(table))
      return table
    })
  }

  async findTable(database: string, name: string): Promise<Table | undefined> {
    return read<Table>(this.#sql.tableNamed.get(fold(database), fold(name)))
  }

  async tables(database: string): Promise<readonly Table[]> {
    return this.#sql.tables.all(this.#databaseNamed(database).name).map(parse<Table>)
  }

  updateTable(
    database: string,
    name: string,
    change: (current: Table) => TableInput,
    options: { expectVersion?: string; skipArchive?: boolean } = {},
  ): Promise<Table> {
    return this.#database.write(() => {
      const row = this.#tableRow(database, name)
      const current = parse<Table>(row)
      if (options.expectVersion !== undefined && options.expectVersion !== current.versionId) {
        throw refuse(
          'versionMismatch',
          `Table ${name} is at version ${current.versionId}, not ${options.expectVersion}.`,
        )
      }
      const input = change(current)
      const updated: Table = {
        ...input,
        name: fold(input.name),
        database: current.database,
        createdAtMs: current.createdAtMs,
        createdBy: current.createdBy,
        updatedAtMs: this.#clock.nowMs(),
        versionId: String(Number(current.versionId) + 1),
      }
      if (updated.name !== current.name && this.#sql.tableNamed.get(current.database, updated.name) !== undefined) {
        throw refuse('tableExists', 'Table already exists.')
      }
      if (!options.skipArchive) this.#sql.insertVersion.run(row.id, Number(current.versionId), row.body)
      this.#sql.updateTable.run(updated.name, JSON.stringify(updated), row.id)
      return updated
    })
  }

  deleteTable(database: string, name: string): Promise<void> {
    return this.#database.write(() => {
      this.#sql.deleteTable.run(this.#tableRow(database, name).id)
    })
  }

  async tableVersions(database: string, name: string): Promise<readonly Table[]> {
    const row = this.#tableRow(database, name)
    return [parse<Table>(row), ...this.#sql.versions.all(row.id).map(parse<Table>)]
  }

  deleteTableVersion(database: string, name: string, versionId: string): Promise<void> {
    return this.#database.write(() => {
      const row = this.#tableRow(database, name)
      const { changes } = this.#sql.deleteVersion.run(row.id, Number(versionId))
      if (changes === 0) throw refuse('tableVersionNotFound', `Table ${name} has no archived version ${versionId}.`)
    })
  }

  // -------------------------------------------------------------- partitions

  createPartitions(
    database: string,
    table: string,
    inputs: readonly PartitionInput[],
  ): Promise<readonly PartitionFailure[]> {
    return this.#database.write(() => {
      const row = this.#tableRow(database, table)
      const keyCount = parse<Table>(row).partitionKeys.length
      const createdAtMs = this.#clock.nowMs()
      return inputs.flatMap((input): PartitionFailure[] => {
        const mismatch = valuesMismatch(input.values, keyCount)
        if (mismatch !== undefined) return [mismatch]
        const key = partitionKey(input.values)
        if (this.#sql.partition.get(row.id, key) !== undefined) {
          return [{ values: input.values, code: 'partitionExists', message: 'Partition already exists.' }]
        }
        this.#sql.insertPartition.run(row.id, key, JSON.stringify({ ...input, createdAtMs } satisfies Partition))
        return []
      })
    })
  }

  async findPartition(database: string, table: string, values: readonly string[]): Promise<Partition | undefined> {
    return read<Partition>(this.#sql.partition.get(this.#tableRow(database, table).id, partitionKey(values)))
  }

  async *partitions(database: string, table: string, after: readonly string[] = []): AsyncIterable<Partition> {
    const { id } = this.#tableRow(database, table)
    let last: Buffer = partitionKey(after)
    for (;;) {
      const page = this.#sql.partitionsAfter.all(id, last, PARTITION_PAGE)
      for (const row of page) yield parse<Partition>(row)
      const final = page.at(-1)
      if (final === undefined || page.length < PARTITION_PAGE) return
      last = final.key
    }
  }

  updatePartition(database: string, table: string, values: readonly string[], input: PartitionInput): Promise<void> {
    return this.#database.write(() => {
      const row = this.#tableRow(database, table)
      const mismatch = valuesMismatch(input.values, parse<Table>(row).partitionKeys.length)
      if (mismatch !== undefined) throw refuse(mismatch.code, mismatch.message)
      const key = partitionKey(values)
      const current = read<Partition>(this.#sql.partition.get(row.id, key))
      if (current === undefined) throw refuse('partitionNotFound', 'Cannot find partition.')
      const newKey = partitionKey(input.values)
      if (!newKey.equals(key) && this.#sql.partition.get(row.id, newKey) !== undefined) {
        throw refuse('partitionExists', 'Partition already exists.')
      }
      const updated: Partition = { ...input, createdAtMs: current.createdAtMs }
      this.#sql.updatePartition.run(newKey, JSON.stringify(updated), row.id, key)
    })
  }

  deletePartitions(
    database: string,
    table: string,
    values: readonly (readonly string[])[],
  ): Promise<readonly PartitionFailure[]> {
    return this.#database.write(() => {
      const { id } = this.#tableRow(database, table)
      return values.flatMap((one): PartitionFailure[] => {
        const { changes } = this.#sql.deletePartition.run(id, partitionKey(one))
        return changes > 0 ? [] : [{ values: one, code: 'partitionNotFound', message: 'Cannot find partition.' }]
      })
    })
  }

  // -------------------------------------------------------------- what must be there

  #databaseNamed(name: string): Database {
    const found = read<Database>(this.#sql.databaseNamed.get(fold(name)))
    if (found === undefined) throw refuse('databaseNotFound', `Database ${name} not found.`)
    return found
  }

  #tableRow(database: string, name: string): TableRow {
    const found = this.#sql.tableNamed.get(fold(database), fold(name))
    if (found !== undefined) return found
    this.#databaseNamed(database)
    throw refuse('tableNotFound', `Table ${name} not found.`)
  }
}

function valuesMismatch(values: readonly string[], keyCount: number): PartitionFailure | undefined {
  if (values.length === keyCount) return undefined
  const message = 'The number of partition keys do not match the number of partition values'
  return { values, code: 'partitionValuesMismatch', message }
}

function refuse(code: CatalogRefusal, message: string): Refusal<CatalogRefusal> {
  return new Refusal(code, message)
}

const fold = (name: string): string => name.toLowerCase()

function parse<Value>(row: Body): Value {
  return JSON.parse(row.body) as Value
}

function read<Value>(row: Body | undefined): Value | undefined {
  return row === undefined ? undefined : parse<Value>(row)
}
