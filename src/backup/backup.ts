/**
 * A consistent copy of the lake while it goes on working: one state of the database, and whatever else belongs to it.
 *
 * Invariants
 *  - Every version and setting acknowledged before the copy began is in it, whole. Object files never change; while the
 *    copy lasts none is removed, so those that the copied database names are there.
 *  - Every record acknowledged before is in it exactly once. Journals are copied while no batch is closed or sent, and
 *    this is held until the database's copy has begun to read: so a record that the journals hold is in no object, and
 *    one that they have let go of is in an object that the database knows. Records are taken in meanwhile.
 *  - Keys are copied before the database and looked at again after it: a rotation that fell between would leave keys
 *    that open nothing, so the backup is refused then.
 *  - The manifest comes last. What fails leaves nothing behind; what is killed leaves a folder without a manifest.
 */
import { createHash } from 'node:crypto'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import type { Clock } from '../platform/clock.ts'
import type { FileSystem } from '../platform/file-system.ts'
import { saysNoRoom } from '../platform/no-room.ts'
import { Refusal } from '../platform/refusal.ts'
import { copyDatabase } from '../platform/sqlite-background.ts'
import { BACKUP_FORMAT, type BackupFile, MANIFEST, type Manifest, OBJECTS_LIST } from './manifest.ts'

const COPY_BYTES = 1024 * 1024
/** Object files that are given their second name, or copied, at a time. */
const FILES_AT_ONCE = 16
const PROGRESS_EVERY_FILES = 1000
const KEY_FILES = ['master', 'master.next', 'root.json'] as const

export interface BackupParts {
  /** The data directory. */
  readonly directory: string
  readonly databasePath: string
  readonly files: FileSystem
  readonly clock: Clock
  /** Of lakelet. */
  readonly version: string
  /** Holds batches of delivery streams still, and tells what their journals hold. */
  holdJournals(): Promise<{
    readonly journals: readonly {
      readonly folder: string
      readonly files: readonly { readonly name: string; readonly bytes: number }[]
    }[]
    letGo(): void
  }>
  /** Until it is let go no object file is removed. */
  holdFiles(): Promise<() => void>
  /** The object files that a copy of the database names. */
  filesOf(databasePath: string, signal: AbortSignal): AsyncGenerator<{ readonly path: string; readonly bytes: number }>
  isRotatingKeys(): boolean
}

export interface BackupFigures {
  readonly files: number
  readonly bytes: number
}

export type BackupEvent =
  | { readonly event: 'progress'; readonly stage: 'journals' | 'database' | 'objects'; readonly figures: BackupFigures }
  | { readonly event: 'done'; readonly directory: string; readonly figures: BackupFigures }

export type BackupRefusal = 'badDirectory' | 'backupExists' | 'keysRotating' | 'diskFull'

/** `target` must be absolute, outside of the data directory, and missing or empty. Refuses BackupRefusal. */
export async function* backUp(
  parts: BackupParts,
  target: string,
  signal: AbortSignal,
): AsyncGenerator<BackupEvent, void> {
  const { directory, files } = parts
  if (!isAbsolute(target)) throw new Refusal('badDirectory', `${target} must be an absolute path.`)
  if (!relative(directory, resolve(target)).startsWith('..')) {
    throw new Refusal('badDirectory', `${target} is inside the data directory: give a folder elsewhere.`)
  }
  await requireEmpty(files, target)
  if (parts.isRotatingKeys()) throw rotating()
  const backup = new Backup(parts, target, signal)
  try {
    yield* backup.run()
  } catch (error) {
    if (!saysNoRoom(error)) throw error
    throw new Refusal('diskFull', `There is no room for a backup in ${target}. Nothing of it was left there.`, {
      cause: error,
    })
  } finally {
    // Also when whoever listened is gone.
    if (!backup.isFinished) await files.removeTree(target)
  }
}

class Backup {
  readonly #parts: BackupParts
  readonly #target: string
  readonly #signal: AbortSignal
  readonly #copied: BackupFile[] = []
  #figures = { files: 0, bytes: 0 }
  isFinished = false

  constructor(parts: BackupParts, target: string, signal: AbortSignal) {
    this.#parts = parts
    this.#target = target
    this.#signal = signal
  }

  async *run(): AsyncGenerator<BackupEvent, void> {
    const { files, holdFiles, holdJournals, databasePath } = this.#parts
    await files.makeDirectory(this.#target)
    const keys = await this.#keys()
    const letFilesGo = await holdFiles()
    try {
      yield this.#progress('journals')
      const held = await holdJournals()
      const database = this.#at('lake.db')
      let copy: ReturnType<typeof copyDatabase>
      try {
        for (const { folder, files: journalFiles } of held.journals) {
          for (const { name, bytes } of journalFiles) await this.#copy(join('journal', folder, name), bytes)
        }
        copy = copyDatabase(databasePath, database, this.#signal)
        await copy.begun
      } finally {
        held.letGo()
      }
      yield this.#progress('database')
      await copy.done
      await this.#sync(database)
      await this.#note('lake.db')
      await this.#requireSameKeys(keys)
      yield* this.#objects(database)
    } finally {
      letFilesGo()
    }
    await this.#finish(keys)
    yield { event: 'done', directory: this.#target, figures: this.#figures }
  }

  async *#objects(database: string): AsyncGenerator<BackupEvent, void> {
    const { files, filesOf } = this.#parts
    const folders = new Set<string>()
    const list = await files.open(this.#at(OBJECTS_LIST), 'append')
    try {
      let group: { path: string; bytes: number }[] = []
      const flush = async () => {
        this.#signal.throwIfAborted()
        for (const { path } of group) {
          const folder = dirname(path)
          if (folders.has(folder)) continue
          await files.makeDirectory(this.#at(folder))
          folders.add(folder)
        }
        await Promise.all(group.map(({ path, bytes }) => this.#objectFile(path, bytes)))
        await list.write(Buffer.from(group.map(({ path, bytes }) => `${bytes} ${path}\n`).join('')))
        this.#count(
          group.length,
          group.reduce((sum, { bytes }) => sum + bytes, 0),
        )
        group = []
      }
      let seen = 0
      for await (const file of filesOf(database, this.#signal)) {
        group.push(file)
        if (group.length === FILES_AT_ONCE) await flush()
        if (++seen % PROGRESS_EVERY_FILES === 0) yield this.#progress('objects')
      }
      if (group.length > 0) await flush()
      await list.sync()
    } finally {
      await list.close()
    }
    await this.#note(OBJECTS_LIST)
    for (const folder of folders) await this.#syncFolders(folder)
  }

  /** A second name for the same bytes, which never change; on another disk a copy. */
  async #objectFile(path: string, bytes: number): Promise<void> {
    const { directory, files } = this.#parts
    try {
      await files.link(join(directory, path), this.#at(path))
    } catch (error) {
      if (!CANNOT_LINK.has((error as NodeJS.ErrnoException).code)) throw error
      await this.#copyBytes(path, bytes)
    }
  }

  async #keys(): Promise<readonly BackupFile[]> {
    const keys: BackupFile[] = []
    for (const name of KEY_FILES) {
      const path = join('keys', name)
      const bytes = await this.#parts.files.size(join(this.#parts.directory, path))
      if (bytes !== undefined) keys.push(await this.#copy(path, bytes))
    }
    return keys
  }

  async #requireSameKeys(keys: readonly BackupFile[]): Promise<void> {
    const { directory, files } = this.#parts
    if (this.#parts.isRotatingKeys()) throw rotating()
    for (const name of KEY_FILES) {
      const before = keys.find(({ path }) => path === `keys/${name}`)
      const path = join(directory, 'keys', name)
      const bytes = await files.size(path)
      if (bytes === before?.bytes && (bytes === undefined || (await digestOf(files, path, bytes)) === before?.sha256))
        continue
      throw rotating()
    }
  }

  async #copy(path: string, bytes: number): Promise<BackupFile> {
    await this.#parts.files.makeDirectory(this.#at(dirname(path)))
    const sha256 = await this.#copyBytes(path, bytes)
    await this.#syncFolders(dirname(path))
    const file = { path: path.replaceAll('\\', '/'), bytes, sha256 }
    this.#copied.push(file)
    this.#count(1, bytes)
    return file
  }

  /** The first bytes of a file of the lake, synced; their digest. */
  async #copyBytes(path: string, bytes: number): Promise<string> {
    const { directory, files } = this.#parts
    const source = await files.open(join(directory, path), 'read')
    try {
      const copy = await files.open(this.#at(path), 'create')
      try {
        const hash = createHash('sha256')
        for (let at = 0; at < bytes; ) {
          this.#signal.throwIfAborted()
          const piece = await source.read(Math.min(COPY_BYTES, bytes - at), at)
          if (piece.byteLength === 0) throw new Error(`${path} is shorter than the ${bytes} bytes it should have.`)
          hash.update(piece)
          await copy.write(piece)
          at += piece.byteLength
        }
        await copy.sync()
        return hash.digest('hex')
      } finally {
        await copy.close()
      }
    } finally {
      await source.close()
    }
  }

  async #sync(path: string): Promise<void> {
    const file = await this.#parts.files.open(path, 'readWrite')
    try {
      await file.sync()
    } finally {
      await file.close()
    }
  }

  /** Takes a file that is there already into the manifest. */
  async #note(path: string): Promise<void> {
    const { files } = this.#parts
    const bytes = (await files.size(this.#at(path))) ?? 0
    this.#copied.push({ path, bytes, sha256: await digestOf(files, this.#at(path), bytes) })
    this.#count(1, bytes)
  }

  async #finish(keys: readonly BackupFile[]): Promise<void> {
    const { files, clock, version } = this.#parts
    const listed = this.#copied.reduce((sum, { bytes }) => sum + bytes, 0)
    const manifest: Manifest = {
      format: BACKUP_FORMAT,
      version,
      madeAtMs: clock.nowMs(),
      files: this.#copied,
      objects: { files: this.#figures.files - this.#copied.length, bytes: this.#figures.bytes - listed },
      hasMasterKey: keys.some(({ path }) => path === 'keys/master'),
    }
    const draft = this.#at(`${MANIFEST}.new`)
    const file = await files.open(draft, 'create')
    try {
      await file.write(Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`))
      await file.sync()
    } finally {
      await file.close()
    }
    await files.syncDirectory(this.#target)
    await files.rename(draft, this.#at(MANIFEST))
    await files.syncDirectory(this.#target)
    await files.syncDirectory(dirname(this.#target))
    this.isFinished = true
  }

  async #syncFolders(folder: string): Promise<void> {
    for (let at = folder; at !== '.'; at = dirname(at)) await this.#parts.files.syncDirectory(this.#at(at))
  }

  #at(path: string): string {
    return join(this.#target, path)
  }

  #count(files: number, bytes: number): void {
    this.#figures = { files: this.#figures.files + files, bytes: this.#figures.bytes + bytes }
  }

  #progress(stage: Extract<BackupEvent, { event: 'progress' }>['stage']): BackupEvent {
    return { event: 'progress', stage, figures: this.#figures }
  }
}

/** Another disk, a file system without hard links, or one name too many. */
const CANNOT_LINK: ReadonlySet<string | undefined> = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP'])

async function digestOf(files: FileSystem, path: string, bytes: number): Promise<string> {
  const file = await files.open(path, 'read')
  try {
    const hash = createHash('sha256')
    for (let at = 0; at < bytes; at += COPY_BYTES) hash.update(await file.read(Math.min(COPY_BYTES, bytes - at), at))
    return hash.digest('hex')
  } finally {
    await file.close()
  }
}

async function requireEmpty(files: FileSystem, target: string): Promise<void> {
  let entries: readonly { name: string }[]
  try {
    entries = await files.list(target)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw new Refusal('badDirectory', `${target} cannot hold a backup: ${(error as Error).message}`, { cause: error })
  }
  if (entries.length === 0) return
  const isBackup = entries.some(({ name }) => name === MANIFEST)
  throw new Refusal(
    'backupExists',
    isBackup
      ? `${target} holds a backup already. Give a new folder for each.`
      : `${target} is not empty: give a new folder. If it holds a backup that was cut off (no ${MANIFEST}), remove it.`,
  )
}

function rotating(): Refusal {
  return new Refusal(
    'keysRotating',
    'A rotation of the master key fell into the backup. Begin it again when that is over.',
  )
}
