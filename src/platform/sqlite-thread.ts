/**
 * Entry of a database thread: does one order (`workerData`) on a connection of its own, and ends.
 *
 * A copy is made table by table inside one read transaction rather than by VACUUM INTO, which does the same but does
 * not say when its read began; what must be held still until then is held only that long.
 */
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'libsql'
import { giveWayToOthers } from './spawn.ts'
import type { SqlValue } from './sqlite.ts'

export type SqliteOrder =
  | { readonly kind: 'copy'; readonly from: string; readonly to: string }
  | { readonly kind: 'ask'; readonly path: string; readonly statements: readonly string[] }

export type FromSqliteThread =
  | { readonly kind: 'begun' }
  | { readonly kind: 'done'; readonly rows: Record<string, SqlValue>[][] }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | undefined }

giveWayToOthers()
try {
  const order = workerData as SqliteOrder
  tell({ kind: 'done', rows: order.kind === 'copy' ? copy(order) : ask(order) })
} catch (error) {
  const { message, code } = error as Error & { code?: string }
  tell({ kind: 'failed', message, code })
}

function tell(message: FromSqliteThread): void {
  parentPort?.postMessage(message)
}

function ask({ path, statements }: Extract<SqliteOrder, { kind: 'ask' }>): Record<string, SqlValue>[][] {
  const database = new Database(path)
  try {
    database.exec('PRAGMA query_only = ON')
    database.exec('PRAGMA busy_timeout = 5000')
    return statements.map((statement) => database.prepare(statement).all([]) as Record<string, SqlValue>[])
  } finally {
    database.close()
  }
}

interface SchemaEntry {
  readonly type: string
  readonly name: string
  readonly sql: string
}

/** The copy is the main database and the original the attached one, so that the original's own statements make its tables. */
function copy({ from, to }: Extract<SqliteOrder, { kind: 'copy' }>): [] {
  const database = new Database(to)
  try {
    // Nothing is kept of a copy that fails, so it needs no journal; who asked for it syncs it once.
    database.exec('PRAGMA journal_mode = OFF')
    database.exec('PRAGMA synchronous = OFF')
    database.prepare('ATTACH ? AS lake').run([from])
    database.exec('BEGIN')
    const schema = database
      .prepare(
        `SELECT type, name, sql FROM lake.sqlite_schema
         WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type = 'table' DESC, rowid`,
      )
      .all([]) as SchemaEntry[]
    tell({ kind: 'begun' })
    for (const { type, name, sql } of schema) {
      database.exec(sql)
      if (type === 'table') database.exec(`INSERT INTO main.${quoted(name)} SELECT * FROM lake.${quoted(name)}`)
    }
    if (schema.some(({ sql }) => /\bAUTOINCREMENT\b/i.test(sql))) {
      database.exec('DELETE FROM main.sqlite_sequence')
      database.exec('INSERT INTO main.sqlite_sequence SELECT * FROM lake.sqlite_sequence')
    }
    database.exec('COMMIT')
    database.exec('DETACH lake')
  } finally {
    database.close()
  }
  return []
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
