/**
 * Writes partitions of one table inside one write of the database: the row, its form, its entry in every index, and what
 * hangs on it (column statistics) stay one.
 */
import type { MetadataDatabase } from '../../platform/sqlite.ts'
import type { PartitionInput } from '../types.ts'
import { indexEntry, partitionKey } from './schema.ts'
import type { FormWriter, PartitionBody } from './storage-forms.ts'

export interface WrittenIndex {
  readonly id: number
  /** The places of its keys among the values. */
  readonly columns: readonly number[]
}

export type WriterStatements = ReturnType<typeof prepareWriter>

export function prepareWriter(database: MetadataDatabase) {
  return {
    find: database.prepare<PartitionBody>('SELECT body, form FROM catalog_partition WHERE table_id = ? AND key = ?'),
    insert: database.prepare('INSERT OR IGNORE INTO catalog_partition (table_id, key, body, form) VALUES (?, ?, ?, ?)'),
    update: database.prepare('UPDATE catalog_partition SET key = ?, body = ?, form = ? WHERE table_id = ? AND key = ?'),
    remove: database.prepare('DELETE FROM catalog_partition WHERE table_id = ? AND key = ?'),
    enter: database.prepare('INSERT INTO catalog_partition_index_entry VALUES (?, ?)'),
    leave: database.prepare('DELETE FROM catalog_partition_index_entry WHERE index_id = ? AND entry = ?'),
    moveStatistics: database.prepare(
      'UPDATE catalog_column_statistics SET partition = ? WHERE table_id = ? AND partition = ?',
    ),
    removeStatistics: database.prepare('DELETE FROM catalog_column_statistics WHERE table_id = ? AND partition = ?'),
  }
}

export class PartitionWriter {
  readonly #sql: WriterStatements
  readonly #tableId: number
  readonly #indexes: readonly WrittenIndex[]
  readonly #forms: FormWriter

  constructor(
    sql: WriterStatements,
    { tableId, indexes, forms }: { tableId: number; indexes: readonly WrittenIndex[]; forms: FormWriter },
  ) {
    this.#sql = sql
    this.#tableId = tableId
    this.#indexes = indexes
    this.#forms = forms
  }

  /** False: there is one already. */
  insert(input: PartitionInput, createdAtMs: number): boolean {
    const key = partitionKey(input.values)
    const { body, form } = this.#forms.body(input, createdAtMs)
    const { changes } = this.#sql.insert.run(this.#tableId, key, body, form)
    if (changes === 0) return false
    this.#forms.count(form, 1)
    this.#enter(input.values, key)
    return true
  }

  replace(values: readonly string[], input: PartitionInput): 'replaced' | 'missing' | 'taken' {
    const [key, newKey] = [partitionKey(values), partitionKey(input.values)]
    const current = this.#sql.find.get(this.#tableId, key)
    if (current === undefined) return 'missing'
    const isRenamed = !newKey.equals(key)
    if (isRenamed && this.#sql.find.get(this.#tableId, newKey) !== undefined) return 'taken'
    const { createdAtMs } = JSON.parse(current.body) as { createdAtMs: number }
    const { body, form } = this.#forms.body(input, createdAtMs)
    this.#sql.update.run(newKey, body, form, this.#tableId, key)
    this.#forms.count(current.form, -1)
    this.#forms.count(form, 1)
    if (isRenamed) {
      this.#leave(values, key)
      this.#enter(input.values, newKey)
      this.#sql.moveStatistics.run(newKey, this.#tableId, key)
    }
    return 'replaced'
  }

  /** False: there is none. */
  remove(values: readonly string[]): boolean {
    const key = partitionKey(values)
    const current = this.#sql.find.get(this.#tableId, key)
    if (current === undefined) return false
    this.#sql.remove.run(this.#tableId, key)
    this.#forms.count(current.form, -1)
    this.#leave(values, key)
    this.#sql.removeStatistics.run(this.#tableId, key)
    return true
  }

  /** After the last partition. */
  end(): void {
    this.#forms.end()
  }

  #enter(values: readonly string[], key: Buffer): void {
    for (const { id, columns } of this.#indexes) this.#sql.enter.run(id, indexEntry(columns, values, key))
  }

  #leave(values: readonly string[], key: Buffer): void {
    for (const { id, columns } of this.#indexes) this.#sql.leave.run(id, indexEntry(columns, values, key))
  }
}
