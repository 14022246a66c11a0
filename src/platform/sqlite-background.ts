/**
 * Long work on a metadata database that is in use: each piece on a thread and a connection of its own, at low priority,
 * reading one state of the database while the lake goes on writing (WAL). The write-ahead log grows meanwhile.
 */
import { once } from 'node:events'
import { siblingEntry, startThread } from './spawn.ts'
import type { SqlValue } from './sqlite.ts'
import type { FromSqliteThread, SqliteOrder } from './sqlite-thread.ts'

export interface DatabaseCopy {
  /** From here on later writes are not in the copy, and all earlier ones are. Rejects when the copy cannot be begun. */
  readonly begun: Promise<void>
  /** The copy is whole. It is not yet synced to disk. */
  readonly done: Promise<void>
}

/** Writes the state of the database at `from` into a new file. What was written when it fails is the caller's to remove. */
export function copyDatabase(from: string, to: string, signal?: AbortSignal): DatabaseCopy {
  let tellBegun: () => void = () => undefined
  const begunOnly = new Promise<void>((resolve) => {
    tellBegun = resolve
  })
  const done = run({ kind: 'copy', from, to }, signal, tellBegun).then(() => undefined)
  // A copy that fails before it begins has one failure, told to whoever waits for either.
  const begun = Promise.race([begunOnly, done])
  begun.catch(() => undefined)
  done.catch(() => undefined)
  return { begun, done }
}

/** The rows that each statement gives, in order. None may write. */
export function askDatabase(
  path: string,
  statements: readonly string[],
  signal?: AbortSignal,
): Promise<Record<string, SqlValue>[][]> {
  return run({ kind: 'ask', path, statements }, signal, () => undefined)
}

async function run(
  order: SqliteOrder,
  signal: AbortSignal | undefined,
  onBegun: () => void,
): Promise<Record<string, SqlValue>[][]> {
  signal?.throwIfAborted()
  const worker = startThread(siblingEntry(import.meta.url, './sqlite-thread'), order)
  const stop = () => void worker.terminate()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const answer = await new Promise<FromSqliteThread>((resolve, reject) => {
      worker.on('message', (message: FromSqliteThread) => (message.kind === 'begun' ? onBegun() : resolve(message)))
      worker.on('error', reject)
      worker.on('exit', () =>
        reject(signal?.reason ?? new Error('The database thread ended before its work was done.')),
      )
    })
    if (answer.kind === 'failed') throw Object.assign(new Error(answer.message), { code: answer.code })
    return answer.kind === 'done' ? answer.rows : []
  } finally {
    signal?.removeEventListener('abort', stop)
    if (worker.threadId !== -1) await Promise.all([once(worker, 'exit'), worker.terminate()])
  }
}
