/** Partitions of tables, and the indexes over them, kept right in the same step as the partitions. */
import type { MetadataDatabase } from '../../platform/sqlite.ts'
import type { Catalog, PartitionFailure, PartitionScan } from '../catalog.ts'
import { partitionExists, partitionNotFound, valuesMismatch } from '../partition-failures.ts'
import type { PartitionFilter } from '../partition-filter.ts'
import { indexColumns } from '../partition-indexes.ts'
import type { Partition, PartitionIndex, PartitionInput, Table } from '../types.ts'
import { EmbeddedDatabases } from './databases.ts'
import { IndexRows } from './index-rows.ts'
import { type PartitionOrder, scanPartitions } from './partition-scan.ts'
import { PartitionWriter, prepareWriter } from './partition-writer.ts'
import { parse, refuse, type TableRow } from './rows.ts'
import { partitionKey } from './schema.ts'
import { type PartitionBody, StorageForms } from './storage-forms.ts'

/** Partitions handed from SQLite to the caller at a time while streaming all of them. */
const PARTITION_PAGE = 1000

interface PartitionRow extends PartitionBody {
  readonly key: Buffer
}

function prepareStatements(database: MetadataDatabase) {
  return {
    partition: database.prepare<PartitionBody>(
      'SELECT body, form FROM catalog_partition WHERE table_id = ? AND key = ?',
    ),
    partitionsAfter: database.prepare<PartitionRow>(
      'SELECT key, body, form FROM catalog_partition WHERE table_id = ? AND key > ? ORDER BY key LIMIT ?',
    ),
    keys: database.prepare<{ key: Buffer }>(
      'SELECT key FROM catalog_partition WHERE table_id = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?',
    ),
  }
}

type Part =
  | 'createPartitions'
  | 'findPartition'
  | 'partitions'
  | 'updatePartition'
  | 'updatePartitions'
  | 'deletePartitions'
  | 'partitionIndexes'
  | 'createPartitionIndex'
  | 'deletePartitionIndex'

export class EmbeddedPartitions extends EmbeddedDatabases implements Pick<Catalog, Part> {
  readonly #sql = prepareStatements(this.database)
  readonly #forms = new StorageForms(this.database)
  readonly #writerSql = prepareWriter(this.database)
  protected readonly indexes = new IndexRows(this.database)

  createPartitions(
    database: string,
    table: string,
    inputs: readonly PartitionInput[],
  ): Promise<readonly PartitionFailure[]> {
    return this.#change(database, table, (writer, { partitionKeys }) => {
      const createdAtMs = this.clock.nowMs()
      return inputs.flatMap((input) => {
        const mismatch = valuesMismatch(input.values, partitionKeys)
        if (mismatch !== undefined) return mismatch
        return writer.insert(input, createdAtMs) ? [] : partitionExists(input.values)
      })
    })
  }

  updatePartitions(
    database: string,
    table: string,
    changes: readonly { readonly values: readonly string[]; readonly input: PartitionInput }[],
  ): Promise<readonly PartitionFailure[]> {
    return this.#change(database, table, (writer, { partitionKeys }) =>
      changes.flatMap(({ values, input }) => {
        const mismatch = valuesMismatch(input.values, partitionKeys)
        if (mismatch !== undefined) return { ...mismatch, values }
        const outcome = writer.replace(values, input)
        if (outcome === 'replaced') return []
        return outcome === 'missing' ? partitionNotFound(values) : partitionExists(values)
      }),
    )
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

  deletePartitions(
    database: string,
    table: string,
    values: readonly (readonly string[])[],
  ): Promise<readonly PartitionFailure[]> {
    return this.#change(database, table, (writer) =>
      values.flatMap((one) => (writer.remove(one) ? [] : partitionNotFound(one))),
    )
  }

  #change(
    database: string,
    name: string,
    change: (writer: PartitionWriter, table: Table) => readonly PartitionFailure[],
  ): Promise<readonly PartitionFailure[]> {
    return this.database.write(() => {
      const row = this.tableRow(database, name)
      const table = parse<Table>(row)
      const indexes = this.indexes.of(row.id).map(({ id, index }) => ({
        id,
        columns: indexColumns(index, table.partitionKeys),
      }))
      const parts = { tableId: row.id, indexes, forms: this.#forms.writer(row.id) }
      const writer = new PartitionWriter(this.#writerSql, parts)
      const failures = change(writer, table)
      writer.end()
      return failures
    })
  }

  // -------------------------------------------------------------- reading

  async findPartition(database: string, table: string, values: readonly string[]): Promise<Partition | undefined> {
    return this.#find(this.tableRow(database, table).id, partitionKey(values))
  }

  async *partitions(database: string, table: string, scan: PartitionScan = {}): AsyncIterable<Partition> {
    const row = this.tableRow(database, table)
    if (scan.filter === undefined && scan.by === undefined) yield* this.#all(row.id, scan.after ?? [])
    else yield* this.#scanned(row, scan, scan.filter ?? EVERY_PARTITION)
  }

  *#all(tableId: number, after: readonly string[]): Iterable<Partition> {
    let last: Buffer = partitionKey(after)
    for (;;) {
      const page = this.#sql.partitionsAfter.all(tableId, last, PARTITION_PAGE)
      // All at once: while the caller is at work a write may take the form of a later one away.
      yield* page.map((row) => this.#forms.partition(row.key, row))
      const final = page.at(-1)
      if (final === undefined || page.length < PARTITION_PAGE) return
      last = final.key
    }
  }

  async *#scanned(row: TableRow, { after, by }: PartitionScan, filter: PartitionFilter): AsyncIterable<Partition> {
    for await (const values of scanPartitions(this.#orderOf(row, by), filter, after)) {
      // Gone when it was removed while the scan went on.
      const found = this.#find(row.id, partitionKey(values))
      if (found !== undefined) yield found
    }
    // An index that was deleted meanwhile may have lost entries before the scan came to them.
    if (by !== undefined) this.indexes.active(row.id, by)
  }

  #find(tableId: number, key: Buffer): Partition | undefined {
    const row = this.#sql.partition.get(tableId, key)
    return row && this.#forms.partition(key, row)
  }

  #orderOf(row: TableRow, by: string | undefined): PartitionOrder {
    const { partitionKeys } = parse<Table>(row)
    if (by === undefined) {
      const columns = partitionKeys.map((_, place) => place)
      const page: PartitionOrder['page'] = (low, high, limit) =>
        this.#sql.keys.all(row.id, low, high, limit).map(({ key }) => key)
      return { columns, valuesAt: 0, page }
    }
    const { id, index } = this.indexes.active(row.id, by)
    const columns = indexColumns(index, partitionKeys)
    const page: PartitionOrder['page'] = (low, high, limit) => this.indexes.entries(id, low, high, limit)
    return { columns, valuesAt: columns.length, page }
  }

  // -------------------------------------------------------------- indexes

  async partitionIndexes(database: string, table: string): Promise<readonly PartitionIndex[]> {
    const all = this.indexes.of(this.tableRow(database, table).id)
    return all.filter(({ state }) => state === 'ACTIVE').map(({ index }) => index)
  }

  async createPartitionIndex(database: string, name: string, index: PartitionIndex): Promise<void> {
    const made = await this.database.write(() => {
      const row = this.tableRow(database, name)
      const known = { id: row.id, table: parse<Table>(row) }
      return { indexId: this.indexes.add(known, index, 'FILLING'), known }
    })
    try {
      await this.indexes.fill(made.indexId, made.known, index)
    } catch (error) {
      await this.database.write(() => this.indexes.kill(made.indexId))
      throw error
    }
  }

  async deletePartitionIndex(database: string, table: string, name: string): Promise<void> {
    await this.database.write(() => {
      const { id } = this.tableRow(database, table)
      this.indexes.kill(this.indexes.active(id, name).id)
    })
    await this.burial.bury()
  }
}

const EVERY_PARTITION: PartitionFilter = { matches: () => true }
