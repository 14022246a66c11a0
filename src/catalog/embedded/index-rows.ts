/**
 * Partition indexes and their entries. A new index is filled a few thousand partitions at a time, so that other writes
 * have their turn; from its first moment every change of a partition keeps it up to date too, and it is read when it is
 * whole. One that a crash left half filled is dead: whoever wanted it was not told that it was made.
 */
import type { MetadataDatabase } from '../../platform/sqlite.ts'
import { checkNewIndex, indexColumns } from '../partition-indexes.ts'
import type { PartitionIndex, Table } from '../types.ts'
import { type Body, parse, refuse } from './rows.ts'
import { indexEntry, partitionValues } from './schema.ts'

/** Partitions taken up in one write. */
const PARTITIONS_A_WRITE = 5000

/** No key begins with this byte: keys are UTF-8. */
const BEHIND_ALL = Buffer.of(0xff)

export interface IndexRow {
  readonly id: number
  readonly state: 'FILLING' | 'ACTIVE'
  readonly index: PartitionIndex
}

export interface KnownTable {
  readonly id: number
  readonly table: Table
}

interface StoredRow extends Body, Pick<IndexRow, 'id' | 'state'> {}

function prepareStatements(database: MetadataDatabase) {
  return {
    of: database.prepare<StoredRow>(
      "SELECT id, state, body FROM catalog_partition_index WHERE table_id = ? AND state <> 'DEAD' ORDER BY id",
    ),
    insert: database.prepare('INSERT INTO catalog_partition_index (table_id, state, body) VALUES (?, ?, ?)'),
    setState: database.prepare('UPDATE catalog_partition_index SET state = ? WHERE id = ?'),
    endFilling: database.prepare("UPDATE catalog_partition_index SET state = 'DEAD' WHERE state = 'FILLING'"),
    isFilling: database.prepare("SELECT 1 FROM catalog_partition_index WHERE id = ? AND state = 'FILLING'"),
    keys: database.prepare<{ key: Buffer }>(
      'SELECT key FROM catalog_partition WHERE table_id = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?',
    ),
    enter: database.prepare('INSERT OR IGNORE INTO catalog_partition_index_entry VALUES (?, ?)'),
    entries: database.prepare<{ entry: Buffer }>(
      'SELECT entry FROM catalog_partition_index_entry WHERE index_id = ? AND entry >= ? AND entry < ? ORDER BY entry LIMIT ?',
    ),
  }
}

export class IndexRows {
  readonly #database: MetadataDatabase
  readonly #sql: ReturnType<typeof prepareStatements>

  constructor(database: MetadataDatabase) {
    this.#database = database
    this.#sql = prepareStatements(database)
    this.#sql.endFilling.run()
  }

  /** In the order they were made. */
  of(tableId: number): readonly IndexRow[] {
    return this.#sql.of.all(tableId).map((row) => ({ id: row.id, state: row.state, index: parse<PartitionIndex>(row) }))
  }

  /** Refuses partitionIndexNotFound, also of one that is being filled. */
  active(tableId: number, name: string): IndexRow {
    const found = this.of(tableId).find(({ state, index }) => state === 'ACTIVE' && index.name === name)
    if (found !== undefined) return found
    throw refuse('partitionIndexNotFound', `Index with the given indexName : ${name} does not exist`)
  }

  /** Inside a write: the number of the index. */
  add({ id, table }: KnownTable, index: PartitionIndex, state: IndexRow['state']): number {
    const indexes = this.of(id).map((other) => other.index)
    checkNewIndex(index, { indexes, partitionKeys: table.partitionKeys })
    return this.#sql.insert.run(id, state, JSON.stringify(index)).lastId
  }

  /** Takes up the partitions that are there. Refuses partitionIndexNotFound when the index goes meanwhile. */
  async fill(indexId: number, { id, table }: KnownTable, index: PartitionIndex): Promise<void> {
    const columns = indexColumns(index, table.partitionKeys)
    let from: Buffer | undefined = Buffer.of()
    while (from !== undefined) {
      const low: Buffer = from
      from = await this.#database.write(() => {
        if (this.#sql.isFilling.get(indexId) === undefined)
          throw refuse('partitionIndexNotFound', `Index ${index.name} was deleted before it was whole`)
        const page = this.#sql.keys.all(id, low, BEHIND_ALL, PARTITIONS_A_WRITE)
        for (const { key } of page) this.#sql.enter.run(indexId, indexEntry(columns, partitionValues(key), key))
        const last = page.at(-1)
        if (last !== undefined && page.length === PARTITIONS_A_WRITE) return Buffer.concat([last.key, Buffer.of(0)])
        this.#sql.setState.run('ACTIVE', indexId)
        return undefined
      })
    }
  }

  /** Inside a write. */
  kill(indexId: number): void {
    this.#sql.setState.run('DEAD', indexId)
  }

  entries(indexId: number, low: Buffer, high: Buffer, limit: number): readonly Buffer[] {
    return this.#sql.entries.all(indexId, low, high, limit).map(({ entry }) => entry)
  }
}
