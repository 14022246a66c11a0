/**
 * What a backup says of itself. It is written last, under its name at once: a folder without it is no backup.
 *
 *   manifest.json   this, as JSON
 *   objects.list    a line an object file: its bytes, a space, its path below the folder
 *   lake.db journal/ keys/ objects/   as in a data directory
 */

export const MANIFEST = 'manifest.json'
export const OBJECTS_LIST = 'objects.list'
export const BACKUP_FORMAT = 1

export interface BackupFile {
  /** Below the folder, with forward slashes. */
  readonly path: string
  readonly bytes: number
  /** Hexadecimal. */
  readonly sha256: string
}

export interface Manifest {
  readonly format: typeof BACKUP_FORMAT
  /** Of lakelet. */
  readonly version: string
  readonly madeAtMs: number
  /** All but object files, whose frames carry their own proof. */
  readonly files: readonly BackupFile[]
  readonly objects: { readonly files: number; readonly bytes: number }
  /** False: the master key is given from outside, and the backup cannot be read without it. */
  readonly hasMasterKey: boolean
}
