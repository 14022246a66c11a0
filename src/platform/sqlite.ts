/**
 * The lake's metadata database: SQLite (WAL), one writer, group commit, synced off the event loop.
 *
 * - `read` helpers answer at once from the single connection;
 * - `write(change)` runs the change in the next group transaction and resolves after that transaction is durable. Changes
 *   that arrive in the same turn of the event loop, or while the group before is being synced, share one sync. Each runs
 *   in its own savepoint: one that throws is undone alone and its promise rejects, its neighbours commit.
 * - inside a change, reads see what earlier changes of the group wrote: read-check-write there is atomic.
 * - reads see a group from its commit on, one sync before it is durable. Whoever acts upon what they read where a crash
 *   does not undo it (removes a file) waits for `durable` first. A later group is durable only if all earlier ones are.
 *
 * Tables belong to components. A component names itself and lists its migrations; the number applied is kept in
 * `lakelet_component`. A file written by a newer lakelet is refused, never guessed at.
 */
import Database from 'libsql'
import { Refusal } from './refusal.ts'
import { type SyncFile, syncFile, WriteAheadLog } from './sqlite-log.ts'

/**
 * The write-ahead log grows past this only while a long reader (a backup, a scrub) or one large change makes it, and comes
 * back to it afterwards: what it holds is read at the start that follows a crash.
 */
export const LOG_BYTES_MAX = 64 * 1024 * 1024

export type SqlValue = string | number | bigint | null | Uint8Array

/** A prepared statement whose rows have shape `Row`. BLOB columns arrive as Buffer, integers as number. */
export interface Statement<Row> {
  all(...values: SqlValue[]): Row[]
  get(...values: SqlValue[]): Row | undefined
  iterate(...values: SqlValue[]): IterableIterator<Row>
  run(...values: SqlValue[]): { changes: number; lastId: number }
}

interface PendingWrite {
  run(): void
  commit(): void
  fail(error: unknown): void
}

export class MetadataDatabase {
  readonly path: string
  readonly #db: Database.Database
  /** undefined for a database in memory. */
  readonly #log: WriteAheadLog | undefined
  #pending: PendingWrite[] = []
  #scheduled = false
  /** Committed, and being synced. */
  #inDoubt: readonly PendingWrite[] = []
  #undone = 0

  /** `sync`: for tests of disks that fail. */
  constructor(path: string, { sync = syncFile }: { readonly sync?: SyncFile } = {}) {
    this.path = path
    this.#db = new Database(path)
    try {
      this.#db.exec('PRAGMA journal_mode = WAL')
      // Commits leave syncing to us; a checkpoint still syncs what its order demands.
      this.#db.exec('PRAGMA synchronous = NORMAL')
      this.#db.exec(`PRAGMA journal_size_limit = ${LOG_BYTES_MAX}`)
      this.#db.exec('PRAGMA foreign_keys = ON')
      this.#db.exec('PRAGMA busy_timeout = 5000')
      this.#db.exec('CREATE TABLE IF NOT EXISTS lakelet_component (name TEXT PRIMARY KEY, version INTEGER NOT NULL)')
      if (path !== ':memory:') this.#log = new WriteAheadLog(`${path}-wal`, sync)
    } catch (cause) {
      this.#db.close()
      throw DAMAGED.has((cause as { code?: string }).code) ? damaged(path, cause) : cause
    }
  }

  /** Brings the tables of `component` to the newest version. Each migration is one or more SQL statements. */
  migrate(component: string, migrations: readonly string[]): void {
    const row = this.prepare<{ version: number }>('SELECT version FROM lakelet_component WHERE name = ?').get(component)
    const applied = row?.version ?? 0
    if (applied > migrations.length) {
      throw new Refusal(
        'dataDirectoryNewer',
        `The data directory was written by a newer lakelet (${component} is at version ${applied}, this one knows ${migrations.length}). Use that lakelet, or another --data directory.`,
      )
    }
    for (let version = applied; version < migrations.length; version++) {
      this.#db.exec('BEGIN IMMEDIATE')
      try {
        this.#db.exec(migrations[version] as string)
        this.#db
          .prepare(
            'INSERT INTO lakelet_component VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET version = excluded.version',
          )
          .run(component, version + 1)
        this.#db.exec('COMMIT')
      } catch (error) {
        this.#db.exec('ROLLBACK')
        throw error
      }
    }
  }

  prepare<Row = Record<string, SqlValue>>(sql: string): Statement<Row> {
    const statement = this.#db.prepare(sql)
    // After `all` libsql's `get` gives the row of the question before: each has a statement of its own.
    let ofMany: Database.Statement | undefined
    const many = () => {
      ofMany ??= this.#db.prepare(sql)
      return ofMany
    }
    // Values go as one array: a buffer that comes alone would be taken for named parameters, and libsql aborts the process.
    return {
      all: (...values) => many().all(values).map(withBuffers) as Row[],
      get: (...values) => withBuffers(statement.get(values)) as Row | undefined,
      *iterate(...values) {
        for (const row of many().iterate(values)) yield withBuffers(row) as Row
      },
      run: (...values) => {
        const { changes, lastInsertRowid } = statement.run(values)
        return { changes, lastId: Number(lastInsertRowid) }
      },
    }
  }

  /** See the file's header. `change` must be synchronous: nothing else may run between its reads and writes. */
  write<Result>(change: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      let result: Result
      this.#pending.push({
        run: () => {
          result = change()
        },
        commit: () => resolve(result),
        fail: reject,
      })
      if (this.#inDoubt.length === 0) this.#schedule()
    })
  }

  /** Resolves when everything that reads see now is durable. Refuses 'dataDirectoryFailed'. */
  async durable(): Promise<void> {
    await this.#log?.settled
    if (this.#log?.failure !== undefined) throw this.#log.failure
  }

  /** Grows whenever a change is undone: what a cache took up since then may never have been true. */
  get undone(): number {
    return this.#undone
  }

  close(): void {
    this.#commitGroup()
    this.#log?.syncNow()
    this.#settle()
    this.#emptyLog()
    this.#db.close()
    this.#log?.close()
  }

  /** libsql leaves the log as it is; then the next start would go through it. */
  #emptyLog(): void {
    try {
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // No room, or a disk that fails: the log holds everything, and the next start takes it over.
    }
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.#commitAndSync())
  }

  /** One group at a time: what arrives during a sync is the next group. */
  async #commitAndSync(): Promise<void> {
    this.#scheduled = false
    this.#commitGroup()
    if (this.#inDoubt.length === 0) return
    await this.#log?.sync()
    this.#settle()
    if (this.#pending.length > 0) await this.#commitAndSync()
  }

  #settle(): void {
    const writes = this.#inDoubt
    this.#inDoubt = []
    const failure = this.#log?.failure
    for (const write of writes) failure === undefined ? write.commit() : write.fail(failure)
  }

  #commitGroup(): void {
    const group = this.#pending
    if (group.length === 0) return
    this.#pending = []
    const failure = this.#log?.failure
    if (failure !== undefined) {
      for (const write of group) write.fail(failure)
      return
    }
    const done: PendingWrite[] = []
    try {
      this.#db.exec('BEGIN IMMEDIATE')
      for (const write of group) {
        this.#db.exec('SAVEPOINT change')
        try {
          write.run()
          done.push(write)
        } catch (error) {
          this.#undone++
          this.#db.exec('ROLLBACK TO change')
          write.fail(error)
        }
        this.#db.exec('RELEASE change')
      }
      this.#db.exec('COMMIT')
    } catch (error) {
      this.#rollBack()
      for (const write of group) write.fail(error)
      return
    }
    this.#inDoubt = [...this.#inDoubt, ...done]
  }

  #rollBack(): void {
    this.#undone++
    try {
      this.#db.exec('ROLLBACK')
    } catch {
      // SQLite has already rolled back by itself (disk full); there is no transaction left to end.
    }
  }
}

const DAMAGED: ReadonlySet<string | undefined> = new Set(['SQLITE_NOTADB', 'SQLITE_CORRUPT'])

function damaged(path: string, cause: unknown): Refusal {
  return new Refusal(
    'dataDirectoryDamaged',
    `${path} is damaged or no database of lakelet's (${(cause as Error).message}). Restore it, or start with another --data directory.`,
    { cause },
  )
}

/** libsql hands BLOBs of object rows out as ArrayBuffer; the rest of the lake works with Buffer. */
function withBuffers(row: unknown): unknown {
  if (typeof row !== 'object' || row === null) return row
  const record = row as Record<string, unknown>
  for (const key in record) {
    const value = record[key]
    if (value instanceof ArrayBuffer) record[key] = Buffer.from(value)
  }
  return record
}
