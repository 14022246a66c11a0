/**
 * The real disk without the waits for it: for tests that claim nothing about power losses, so that they take as long on
 * a disk that others keep busy. What a killed process wrote is there; that it was synced, only other disks can tell.
 */
import { access } from 'node:fs/promises'
import { type FileSystem, nodeFileSystem } from '../../src/platform/file-system.ts'
import { MetadataDatabase } from '../../src/platform/sqlite.ts'
import type { SyncFile } from '../../src/platform/sqlite-log.ts'

export const hastyFileSystem: FileSystem = {
  ...nodeFileSystem,
  async open(path, mode) {
    const file = await nodeFileSystem.open(path, mode)
    file.sync = async () => undefined
    return file
  },
  /** There must be such a folder nevertheless. */
  syncDirectory: (path) => access(path),
}

/** `sync`: where the test says what becomes of the log. */
export function hastyDatabase(path: string, sync: SyncFile = async () => undefined): MetadataDatabase {
  const database = new MetadataDatabase(path, { sync })
  database.prepare('PRAGMA synchronous = OFF').all()
  return database
}
