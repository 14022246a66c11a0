/**
 * How partitions are kept small: what they have in common (columns, formats, SerDe) is one row a table, a form, and each
 * partition keeps its own place and parameters with the number of its form. Forms are counted: one that no partition has
 * any more goes.
 *
 * Old rows have no form: their body has everything, also the values.
 */
import { createHash } from 'node:crypto'
import type { MetadataDatabase } from '../../platform/sqlite.ts'
import type { Partition, PartitionInput, Storage } from '../types.ts'
import { type Body, parse } from './rows.ts'
import { partitionValues } from './schema.ts'

export interface PartitionBody extends Body {
  readonly form: number | null
}

/** What differs between the partitions of a table. Values are in the key. */
interface Kept extends Omit<Partition, 'values' | 'storage'> {
  readonly storage?: Pick<Storage, 'location' | 'parameters'>
}

type Form = Omit<Storage, 'location' | 'parameters'>

/** Forms known by number at a time. */
const KNOWN_MAX = 64

function prepareStatements(database: MetadataDatabase) {
  return {
    byId: database.prepare<Body>('SELECT body FROM catalog_storage_form WHERE id = ?'),
    byDigest: database.prepare<{ id: number }>('SELECT id FROM catalog_storage_form WHERE table_id = ? AND digest = ?'),
    insert: database.prepare('INSERT INTO catalog_storage_form (table_id, digest, body, uses) VALUES (?, ?, ?, 0)'),
    count: database.prepare('UPDATE catalog_storage_form SET uses = uses + ? WHERE id = ?'),
    drop: database.prepare('DELETE FROM catalog_storage_form WHERE id = ? AND uses <= 0'),
  }
}

export class StorageForms {
  readonly #database: MetadataDatabase
  readonly #sql: ReturnType<typeof prepareStatements>
  /** A form never changes, and its number never comes back, unless the change that made it was undone. */
  readonly #known = new Map<number, Form>()
  #undone = 0

  constructor(database: MetadataDatabase) {
    this.#database = database
    this.#sql = prepareStatements(database)
  }

  /** To be used inside one write, and ended. */
  writer(tableId: number): FormWriter {
    return new FormWriter(tableId, this.#sql)
  }

  partition(key: Buffer, row: PartitionBody): Partition {
    if (row.form === null) return { values: partitionValues(key), ...parse<Omit<Partition, 'values'>>(row) }
    const kept = parse<Kept>(row)
    const storage: Storage = {
      location: kept.storage?.location,
      parameters: kept.storage?.parameters ?? {},
      ...this.#form(row.form),
    }
    return { values: partitionValues(key), ...kept, storage }
  }

  #form(id: number): Form {
    if (this.#undone !== this.#database.undone || this.#known.size > KNOWN_MAX) this.#known.clear()
    this.#undone = this.#database.undone
    let form = this.#known.get(id)
    if (form === undefined) {
      form = parse<Form>(this.#sql.byId.get(id) as Body)
      this.#known.set(id, form)
    }
    return form
  }
}

/** Finds or makes the forms of partitions that are written, and counts what came and went. */
export class FormWriter {
  readonly #tableId: number
  readonly #sql: ReturnType<typeof prepareStatements>
  readonly #ids = new Map<string, number>()
  readonly #change = new Map<number, number>()
  #last: { readonly storage: Storage; readonly id: number } | undefined

  constructor(tableId: number, sql: ReturnType<typeof prepareStatements>) {
    this.#tableId = tableId
    this.#sql = sql
  }

  body(input: PartitionInput, createdAtMs: number): PartitionBody {
    const { values: _, storage, ...own } = input
    const kept: Kept = {
      createdAtMs,
      ...own,
      ...(storage && { storage: { location: storage.location, parameters: storage.parameters } }),
    }
    return { body: JSON.stringify(kept), form: storage === undefined ? null : this.#idOf(storage) }
  }

  /** After a partition with this form was written (1) or removed (-1). */
  count(form: number | null, change: 1 | -1): void {
    if (form !== null) this.#change.set(form, (this.#change.get(form) ?? 0) + change)
  }

  end(): void {
    for (const id of new Set([...this.#ids.values(), ...this.#change.keys()])) {
      this.#sql.count.run(this.#change.get(id) ?? 0, id)
      this.#sql.drop.run(id)
    }
  }

  /** A crawl gives thousands of partitions the very same columns: those are not written out to be compared. */
  #idOf(storage: Storage): number {
    if (this.#last !== undefined && hasSameForm(this.#last.storage, storage)) return this.#last.id
    const { location: _, parameters: __, ...form } = storage
    const body = JSON.stringify(form)
    let id = this.#ids.get(body)
    if (id === undefined) {
      const digest = createHash('sha256').update(body).digest()
      id = this.#sql.byDigest.get(this.#tableId, digest)?.id
      id ??= this.#sql.insert.run(this.#tableId, digest, body).lastId
      this.#ids.set(body, id)
    }
    this.#last = { storage, id }
    return id
  }
}

function hasSameForm(a: Storage, b: Storage): boolean {
  return (
    a.columns === b.columns &&
    a.serde === b.serde &&
    a.inputFormat === b.inputFormat &&
    a.outputFormat === b.outputFormat &&
    a.compressed === b.compressed &&
    a.numberOfBuckets === b.numberOfBuckets &&
    a.bucketColumns === b.bucketColumns &&
    a.sortColumns === b.sortColumns &&
    a.storedAsSubDirectories === b.storedAsSubDirectories &&
    a.passThrough === b.passThrough
  )
}
