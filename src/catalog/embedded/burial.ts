/**
 * How what has millions of rows is deleted: in one step it is moved where nobody looks, and then its rows go a few
 * thousand at a time, so that other writes have their turn in between. What a crash leaves is buried with the next.
 */
import type { MetadataDatabase } from '../../platform/sqlite.ts'
import { GRAVEYARD } from './schema.ts'

/** Rows that go in one write: some 20 ms of it. */
const ROWS_A_WRITE = 5000

function prepareStatements(database: MetadataDatabase) {
  const one = <Row>(sql: string) => database.prepare<Row>(sql)
  return {
    moveTable: one('UPDATE catalog_table SET database = ?, name = id WHERE id = ?'),
    moveTables: one('UPDATE catalog_table SET database = ?, name = id WHERE database = ?'),
    deadTable: one<{ id: number }>('SELECT id FROM catalog_table WHERE database = ? LIMIT 1'),
    killIndexes: one("UPDATE catalog_partition_index SET state = 'DEAD' WHERE table_id = ? AND state <> 'DEAD'"),
    deadIndex: one<{ id: number }>("SELECT id FROM catalog_partition_index WHERE state = 'DEAD' LIMIT 1"),
    entryAhead: one<{ at: Buffer }>(
      'SELECT entry AS at FROM catalog_partition_index_entry WHERE index_id = ? ORDER BY entry LIMIT 1 OFFSET ?',
    ),
    dropEntries: one('DELETE FROM catalog_partition_index_entry WHERE index_id = ? AND entry < ?'),
    dropIndex: one('DELETE FROM catalog_partition_index WHERE id = ?'),
    partitionAhead: one<{ at: Buffer }>(
      'SELECT key AS at FROM catalog_partition WHERE table_id = ? ORDER BY key LIMIT 1 OFFSET ?',
    ),
    dropPartitions: one('DELETE FROM catalog_partition WHERE table_id = ? AND key < ?'),
    dropStatistics: one('DELETE FROM catalog_column_statistics WHERE table_id = ? AND partition < ?'),
    dropTable: one('DELETE FROM catalog_table WHERE id = ?'),
  }
}

export class Burial {
  readonly #database: MetadataDatabase
  readonly #sql: ReturnType<typeof prepareStatements>

  constructor(database: MetadataDatabase) {
    this.#database = database
    this.#sql = prepareStatements(database)
  }

  /** Inside a write. */
  moveTable(id: number): void {
    this.#sql.moveTable.run(GRAVEYARD, id)
  }

  /** Inside a write: all of a database. */
  moveTables(database: string): void {
    this.#sql.moveTables.run(GRAVEYARD, database)
  }

  /** Until nothing dead is left. */
  async bury(): Promise<void> {
    while (await this.#database.write(() => this.#buryIndex() || this.#buryTable())) {
      // The next few thousand rows.
    }
  }

  /** False: there was nothing to bury. */
  #buryIndex(): boolean {
    const dead = this.#sql.deadIndex.get()
    if (dead === undefined) return false
    const ahead = this.#sql.entryAhead.get(dead.id, ROWS_A_WRITE)
    if (ahead === undefined) this.#sql.dropIndex.run(dead.id)
    else this.#sql.dropEntries.run(dead.id, ahead.at)
    return true
  }

  #buryTable(): boolean {
    const dead = this.#sql.deadTable.get(GRAVEYARD)
    if (dead === undefined) return false
    // Those of a table go first, one by one.
    if (this.#sql.killIndexes.run(dead.id).changes > 0) return true
    const ahead = this.#sql.partitionAhead.get(dead.id, ROWS_A_WRITE)
    if (ahead === undefined) this.#sql.dropTable.run(dead.id)
    else {
      this.#sql.dropPartitions.run(dead.id, ahead.at)
      this.#sql.dropStatistics.run(dead.id, ahead.at)
    }
    return true
  }
}
