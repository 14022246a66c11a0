/**
 * Writes that are about to become visible, in the metadata database. An entry is there before the first object is, and
 * until its execution has ended: the next start finds those that a crash cut off in between.
 */
import type { PartitionInput, TableInput } from '../../catalog/types.ts'
import type { MetadataDatabase } from '../../platform/sqlite.ts'
import type { Execution } from '../execution.ts'

export interface CatalogChange {
  readonly table?: { readonly database: string; readonly input: TableInput }
  readonly partitions?: {
    readonly database: string
    readonly table: string
    readonly inputs: readonly PartitionInput[]
  }
}

export interface JournalledWrite extends CatalogChange {
  /** As it will be when all is done. */
  readonly execution: Execution
  /** One of the objects: when it is there, all are. */
  readonly object: { readonly bucket: string; readonly key: string }
}

export class WriteJournal {
  readonly #database: MetadataDatabase

  constructor(database: MetadataDatabase) {
    this.#database = database
  }

  /** Durable when it resolves. */
  add(write: JournalledWrite): Promise<void> {
    return this.#database.write(() => {
      this.#database
        .prepare('INSERT OR REPLACE INTO query_write VALUES (?, ?)')
        .run(write.execution.id, JSON.stringify(write))
    })
  }

  remove(executionId: string): Promise<void> {
    return this.#database.write(() => {
      this.#database.prepare('DELETE FROM query_write WHERE execution = ?').run(executionId)
    })
  }

  all(): readonly JournalledWrite[] {
    const rows = this.#database.prepare<{ body: string }>('SELECT body FROM query_write').all()
    return rows.map(({ body }) => JSON.parse(body) as JournalledWrite)
  }
}
