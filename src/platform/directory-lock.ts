/**
 * One process to a data directory. The lock is an exclusive SQLite transaction that is never ended: the operating
 * system drops it with the process, however that dies, so a crash leaves nothing to clean up.
 */
import { join } from 'node:path'
import Database from 'libsql'
import { Refusal } from './refusal.ts'

export interface DirectoryLock {
  release(): void
}

/** Refuses ('dataDirectoryInUse') while another process, or another holder in this one, has the directory. */
export function lockDirectory(directory: string): DirectoryLock {
  const database = new Database(join(directory, 'lock.db'))
  try {
    database.exec('PRAGMA busy_timeout = 0')
    database.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    database.close()
    if ((cause as { code?: string }).code !== 'SQLITE_BUSY') throw cause
    throw new Refusal(
      'dataDirectoryInUse',
      `Another lakelet is using ${directory}. Stop it, or give this one a directory of its own with --data.`,
      { cause },
    )
  }
  return {
    release() {
      database.exec('ROLLBACK')
      database.close()
    },
  }
}
