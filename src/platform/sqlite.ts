/**
 * The lake's metadata database: SQLite (WAL, synchronous=FULL), one writer, group commit.
 *
 * - `read` helpers answer at once from the single connection;
 * - `write(change)` runs the change in the next group transaction and resolves after that transaction is durable;
 *   changes that arrive in the same turn of the event loop share one fsync. Each runs in its own savepoint: one that
 *   throws is undone alone and its promise rejects, its neighbours commit.
 * - inside a change, reads see what earlier changes of the group wrote: read-check-write there is atomic.
 *
 * Tables belong to components. A component names itself and lists its migrations; the number applied is kept in
 * `lakelet_component`. A file written by a newer lakelet is refused, never guessed at.
 */
import Database from 'libsql'
import { Refusal } from './refusal.ts'

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
  #pending: PendingWrite[] = []
  #scheduled = false
  #undone = 0

  constructor(path: string) {
    this.path = path
    this.#db = new Database(path)
    try {
      this.#db.exec('PRAGMA journal_mode = WAL')
      this.#db.exec('PRAGMA synchronous = FULL')
      this.#db.exec(`PRAGMA journal_size_limit = ${LOG_BYTES_MAX}`)
      this.#db.exec('PRAGMA foreign_keys = ON')
      this.#db.exec('PRAGMA busy_timeout = 5000')
      this.#db.exec('CREATE TABLE IF NOT EXISTS lakelet_component (name TEXT PRIMARY KEY, version INTEGER NOT NULL)')
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
      if (!this.#scheduled) {
        this.#scheduled = true
        setImmediate(() => this.#commitGroup())
      }
    })
  }

  /** Grows whenever a change is undone: what a cache took up since then may never have been true. */
  get undone(): number {
    return this.#undone
  }

  close(): void {
    this.#commitGroup()
    this.#emptyLog()
    this.#db.close()
  }

  /** libsql leaves the log as it is; then the next start would go through it. */
  #emptyLog(): void {
    try {
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // No room, or a disk that fails: the log holds everything, and the next start takes it over.
    }
  }

  #commitGroup(): void {
    this.#scheduled = false
    const group = this.#pending
    if (group.length === 0) return
    this.#pending = []
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
    for (const write of done) write.commit()
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
