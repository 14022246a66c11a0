/**
 * Keys of encrypted journals. Each is made for one run of one stream, wrapped by the lake's master key (AWS-owned) or by a
 * key of KMS (customer-managed), and kept in the metadata database, so that it rotates with the lake's other keys. It is
 * forgotten when nothing in the journal needs it.
 */
import type { CustomerKeys } from '../keys/customer-keys.ts'
import type { WrappedKeys } from '../keys/key-rotation.ts'
import type { MasterKeys } from '../keys/master-keys.ts'
import { Refusal } from '../platform/refusal.ts'
import type { MetadataDatabase } from '../platform/sqlite.ts'
import { SealingKey } from './journal/sealing.ts'

/** Whose key wraps: one that the lake holds for itself, or one of KMS. */
export type JournalEncryption = 'owned' | { readonly keyArn: string }

interface Row {
  readonly id: number
  readonly stream: string
  readonly wrapped: Buffer
  /** NULL: the master key's. */
  readonly kms_key: string | null
}

const MIGRATIONS = [
  `CREATE TABLE journal_key (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     stream TEXT NOT NULL,
     wrapped BLOB NOT NULL,
     kms_key TEXT
   );
   CREATE INDEX journal_key_of_stream ON journal_key (stream);`,
]

export class JournalKeys {
  readonly #parts: {
    readonly database: MetadataDatabase
    readonly masterKeys: MasterKeys
    readonly customerKeys: CustomerKeys
  }
  readonly #sql: ReturnType<typeof statements>

  constructor(parts: { database: MetadataDatabase; masterKeys: MasterKeys; customerKeys: CustomerKeys }) {
    parts.database.migrate('journal-keys', MIGRATIONS)
    this.#parts = parts
    this.#sql = statements(parts.database)
  }

  /** A new key, durable when it resolves. `stream` is the stream's id. Refuses like `CustomerKeys.requireUsable`. */
  async add(stream: string, encryption: JournalEncryption): Promise<SealingKey> {
    const { database, masterKeys, customerKeys } = this.#parts
    const key = masterKeys.newKey()
    const kmsKey = encryption === 'owned' ? null : kmsKeyOf(encryption)
    const id = await database.write(() => {
      const { lastId } = this.#sql.insert.run(stream, Buffer.alloc(0), kmsKey)
      const wrapped =
        kmsKey === null
          ? masterKeys.wrap(key, ownerOf(lastId))
          : customerKeys.encrypt(kmsKey, key, { [CONTEXT]: String(lastId) })
      this.#sql.replace.run(wrapped, lastId)
      return lastId
    })
    return new SealingKey(id, key)
  }

  /** Refuses 'journalUnreadable', and like `CustomerKeys.requireUsable`. */
  open(id: number): Uint8Array {
    const { masterKeys, customerKeys } = this.#parts
    const row = this.#sql.find.get(id)
    const key =
      row &&
      (row.kms_key === null
        ? masterKeys.unwrap(row.wrapped, ownerOf(id))
        : customerKeys.decrypt(row.wrapped, { [CONTEXT]: String(id) }))
    if (key !== undefined) return key
    throw new Refusal('journalUnreadable', `The key ${id} of encrypted records is lost.`)
  }

  /** Refuses like `CustomerKeys.requireUsable`. */
  requireUsable(encryption: JournalEncryption): void {
    if (encryption !== 'owned') this.#parts.customerKeys.requireUsable({ id: kmsKeyOf(encryption) })
  }

  /** Forgets all keys of a stream but these. */
  async keep(stream: string, ids: ReadonlySet<number>): Promise<void> {
    const unused = this.#sql.ofStream.all(stream).filter(({ id }) => !ids.has(id))
    if (unused.length === 0) return
    await this.#parts.database.write(() => {
      for (const { id } of unused) this.#sql.remove.run(id)
    })
  }

  /** For rotations of the master key. */
  get wrappedKeys(): WrappedKeys {
    const sql = this.#sql
    return {
      name: 'journal key',
      last: () => sql.last.get()?.id ?? 0,
      after: (id, limit) =>
        sql.byMaster.all(id, limit).map((row) => ({ id: row.id, owner: ownerOf(row.id), wrapped: row.wrapped })),
      replace: (id, wrapped) => void sql.replace.run(wrapped, id),
    }
  }
}

const CONTEXT = 'lakelet:journal'

function ownerOf(id: number): string {
  return `journal ${id}`
}

function kmsKeyOf({ keyArn }: { readonly keyArn: string }): string {
  return keyArn.slice(keyArn.lastIndexOf('/') + 1)
}

function statements(database: MetadataDatabase) {
  return {
    insert: database.prepare('INSERT INTO journal_key (stream, wrapped, kms_key) VALUES (?, ?, ?)'),
    find: database.prepare<Row>('SELECT * FROM journal_key WHERE id = ?'),
    ofStream: database.prepare<{ id: number }>('SELECT id FROM journal_key WHERE stream = ?'),
    last: database.prepare<{ id: number | null }>('SELECT max(id) AS id FROM journal_key'),
    byMaster: database.prepare<Row>('SELECT * FROM journal_key WHERE id > ? AND kms_key IS NULL ORDER BY id LIMIT ?'),
    replace: database.prepare('UPDATE journal_key SET wrapped = ? WHERE id = ?'),
    remove: database.prepare('DELETE FROM journal_key WHERE id = ?'),
  }
}
