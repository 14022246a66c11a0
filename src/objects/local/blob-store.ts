/**
 * Blobs: immutable sealed bytes without names. Versions and upload parts point at them and count their uses.
 *
 *  - up to INLINE_BYTES_MAX a blob is a row of the metadata database: it becomes durable with the transaction that
 *    makes its version visible, in one shared fsync instead of five system calls of its own;
 *  - above, it is one file: written in `staging`, fdatasync, renamed to `objects/<id / 2^20>/<id / 2^10>/<id>`, folder
 *    fsync, all before the transaction. Ids grow, so files that are made together share folders and their fsync.
 *
 * What a crash leaves behind is bounded and swept at start: `blob_ids` brackets the ids that were handed out without
 * being settled, `blob_discarded` names the files whose row is gone. Readers pin blobs: a file is removed only when
 * nobody reads it any more.
 */

import { basename, join, relative } from 'node:path'
import { LRUCache } from 'lru-cache'
import type { WrappedKeys } from '../../keys/key-rotation.ts'
import type { FileSystem, OpenFile } from '../../platform/file-system.ts'
import type { Log } from '../../platform/log.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { MetadataDatabase, Statement } from '../../platform/sqlite.ts'
import { askDatabase } from '../../platform/sqlite-background.ts'
import { type Digests, digestsOf } from '../digests.ts'
import type { NewEncryption } from '../encryption.ts'
import type { Body, ChecksumAlgorithm } from '../object-store.ts'
import type { BlobKeys } from './blob-keys.ts'
import type { ByteThreads } from './byte-threads.ts'
import { DirectorySyncs } from './directory-syncs.ts'
import { refuseWhenFull } from './disk-full.ts'
import { corrupt, FRAME_BYTES, openFrames, sealedBytes, sealFrames } from './frames.ts'
import { ChunkMemory, writeSealed } from './sealed-writer.ts'

/**
 * One frame. Puts a second through the whole store, 16 at a time on two cores, as row / as file: 4 KiB 4,700 / 880,
 * 64 KiB 1,900 / 810, 256 KiB 220 / 860. Small ones pay for system calls, large ones for going through the WAL twice.
 */
export const INLINE_BYTES_MAX = FRAME_BYTES
/** Ids are reserved this many at a time, which bounds what the sweep at start has to look at. */
const ID_BLOCK = 4096
/** Plain bytes of small blobs that were read lately. */
const RECENT_BYTES_MAX = 16 * 1024 * 1024
const RECENT_OVERHEAD_BYTES = 512
/** Rows that a copy of the lake holds in memory. */
const FILES_AT_ONCE = 10_000
const FOLDER_BITS = [20, 10] as const

/** Bytes that are safe on disk (or in memory, when inline) but belong to nobody yet: insert or discard them. */
export interface ReceivedBlob {
  readonly id: number
  readonly size: number
  /** Plain; it is wrapped by the transaction that inserts the blob. */
  readonly key: Buffer
  /** undefined: the bytes are in the blob's file. */
  readonly sealed: Buffer | undefined
  readonly digests: Digests
}

/** A blob held for reading. */
export interface PinnedBlob {
  readonly id: number
  readonly size: number
  readonly key: Buffer
  readonly source: { readonly path: string } | { readonly sealed: Buffer }
}

interface BlobRow {
  size: number
  wrapped_key: Buffer
  key_source: string | null
  uses: number
  sealed: Buffer | null
}

export interface BlobStoreParts {
  readonly directory: string
  readonly database: MetadataDatabase
  readonly keys: BlobKeys
  readonly files: FileSystem
  readonly threads: ByteThreads
  readonly log: Log
}

export class BlobStore {
  readonly #parts: BlobStoreParts
  readonly #sql: ReturnType<typeof statements>
  readonly #folders = new Set<string>()
  readonly #directorySyncs: DirectorySyncs
  readonly #memory = new ChunkMemory()
  readonly #recent = new LRUCache<number, Buffer>({
    maxSize: RECENT_BYTES_MAX,
    sizeCalculation: (plain) => plain.byteLength + RECENT_OVERHEAD_BYTES,
  })
  readonly #receiving = new Set<number>()
  readonly #pins = new Map<number, number>()
  readonly #discarded = new Set<number>()
  #nextId = 0
  #reservedEnd = 0
  #reserving: Promise<void> | undefined
  #collecting: Promise<void> | undefined
  /** While above zero no file is removed. */
  #holds = 0
  /** Readers may let go later still; what they held is removed at the next start. */
  #closed = false
  /** Files were given up since the table of them was last read. */
  #hasDiscarded = false

  private constructor(parts: BlobStoreParts) {
    this.#parts = parts
    this.#sql = statements(parts.database)
    this.#directorySyncs = new DirectorySyncs(parts.files)
  }

  /** Removes what an interrupted run left behind, then takes bodies. */
  static async open(parts: BlobStoreParts): Promise<BlobStore> {
    const store = new BlobStore(parts)
    await parts.files.removeTree(store.#staging)
    await parts.files.makeDirectory(store.#staging)
    await parts.files.makeDirectory(join(parts.directory, 'objects'))
    await store.#sweep()
    return store
  }

  /** Receives a body whole. Refuses 'entityTooLarge' past `sizeMax`, 'diskFull'; then nothing stays behind. */
  async receive(
    body: Body,
    { algorithms, sizeMax }: { algorithms: readonly ChecksumAlgorithm[]; sizeMax: number },
  ): Promise<ReceivedBlob> {
    const id = await this.#takeId()
    try {
      const { head, rest } = await beginning(body, Math.min(INLINE_BYTES_MAX, sizeMax))
      const key = this.#parts.keys.newKey()
      if (rest === undefined) {
        const sealed = sealFrames(key, head, { firstFrame: 0, endsObject: true })
        return { id, size: head.byteLength, key, sealed, digests: digestsOf(head, algorithms) }
      }
      const { size, digests } = await this.#receiveFile(id, chained(head, rest), { key, algorithms, sizeMax })
      return { id, size, key, sealed: undefined, digests }
    } catch (error) {
      await this.#removeRemains(id)
      throw refuseWhenFull(error)
    }
  }

  /** Inside a transaction: the blob now belongs to somebody, once. Refuses like `BlobKeys.wrap`. */
  insert(blob: ReceivedBlob, encryption: NewEncryption = 'AES256'): void {
    const { wrapped, source } = this.#parts.keys.wrap(blob.id, blob.key, encryption)
    this.#sql.insert.run(blob.id, blob.size, wrapped, blob.sealed ?? null, source)
  }

  /** After the transaction that inserted it, whatever came of it. */
  settle(blob: ReceivedBlob): void {
    this.#receiving.delete(blob.id)
  }

  /** For a blob that was not inserted. One that was, though it could not be said to be durable, stays. */
  async discard(blob: ReceivedBlob): Promise<void> {
    const isInserted = this.#sql.find.get(blob.id) !== undefined
    if (blob.sealed === undefined && !isInserted) await this.#removeRemains(blob.id)
    else this.#receiving.delete(blob.id)
  }

  /** Inside a transaction: one more user. */
  retain(id: number): void {
    this.#sql.retain.run(id)
  }

  /** Inside a transaction: one user less; the last one takes the blob with it. Call `collect` after the transaction. */
  letGo(id: number): void {
    const row = this.#sql.find.get(id)
    if (row === undefined) return
    if (row.uses > 1) return void this.#sql.release.run(id)
    this.#sql.remove.run(id)
    if (row.inline === 1) return
    this.#sql.discard.run(id)
    this.#hasDiscarded = true
  }

  /** Removes the files of blobs that nobody uses or reads any more. Runs in the background; failures are logged and kept for later. */
  collect(): void {
    if (this.#closed || this.#holds > 0) return
    if (this.#hasDiscarded) for (const { id } of this.#sql.discarded.all()) this.#discarded.add(id)
    this.#hasDiscarded = false
    if (this.#discarded.size > 0) this.#collecting ??= this.#collect().finally(() => (this.#collecting = undefined))
  }

  /**
   * Holds blobs for reading; undefined when one is gone. `release` lets their files be removed again.
   * Synchronous, so that nothing can come between looking a version up and holding its bytes. Refuses like
   * `BlobKeys.unwrap`.
   */
  pin(ids: readonly number[], customerKey?: Buffer): { blobs: PinnedBlob[]; release(): void } | undefined {
    const blobs: PinnedBlob[] = []
    for (const id of ids) {
      const row = this.#sql.read.get(id)
      if (row === undefined) return undefined
      const source = row.sealed === null ? { path: this.#path(id) } : { sealed: row.sealed }
      const wrapped = { wrapped: row.wrapped_key, source: row.key_source }
      const key = this.#parts.keys.unwrap(id, wrapped, customerKey)
      if (key === undefined) throw corrupt()
      blobs.push({ id, size: row.size, key, source })
    }
    for (const id of ids) this.#pins.set(id, (this.#pins.get(id) ?? 0) + 1)
    let held = true
    const release = () => {
      if (!held) return
      held = false
      for (const id of ids) this.#unpin(id)
    }
    return { blobs, release }
  }

  /**
   * The plain bytes of a blob that is inline and under the lake's own key, at once: nothing of it needs to be held.
   * undefined for others. Refuses 'corruptObject'.
   */
  readInline(id: number): Buffer | undefined {
    const recent = this.#recent.get(id)
    if (recent !== undefined) return recent
    const row = this.#sql.read.get(id)
    if (row === undefined || row.sealed === null || row.key_source !== null) return undefined
    const key = this.#parts.keys.unwrap(id, { wrapped: row.wrapped_key, source: null }, undefined)
    if (key === undefined || row.sealed.byteLength !== sealedBytes(row.size)) throw corrupt()
    const plain = openFrames(key, row.sealed, { firstFrame: 0, endsObject: true })
    this.#recent.set(id, plain)
    return plain
  }

  /** How many sealed bytes each has, and would have by its row, whoever holds its key; undefined: none. */
  async sealedSizes(ids: readonly number[]): Promise<{ id: number; expected: number; actual: number | undefined }[]> {
    const sizes = []
    for (const id of ids) {
      const row = this.#sql.read.get(id)
      const actual = row === undefined ? undefined : (row.sealed?.byteLength ?? (await this.#fileSize(id)))
      sizes.push({ id, expected: sealedBytes(row?.size ?? 0), actual })
    }
    return sizes
  }

  /** For rotations of the master key. */
  get wrappedKeys(): WrappedKeys {
    const sql = this.#sql
    return {
      name: 'blob',
      last: () => sql.last.get()?.id ?? 0,
      after: (id, limit) =>
        sql.wrapped.all(id, limit).map((row) => ({ id: row.id, owner: String(row.id), wrapped: row.wrapped_key })),
      replace: (id, wrapped) => void sql.rewrap.run(wrapped, id),
    }
  }

  /** For a copy of the lake: until it is let go no file of a blob that was ever visible is removed. */
  async hold(): Promise<() => void> {
    this.#holds++
    await this.#collecting
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#holds--
      this.collect()
    }
  }

  /** The files that the rows of a copy of the database need, relative to the data directory, in the order of ids. */
  async *filesOf(databasePath: string, signal: AbortSignal): AsyncGenerator<{ path: string; bytes: number }> {
    for (let after = 0; ; ) {
      const sql = `SELECT id, size FROM blob WHERE sealed IS NULL AND id > ${after} ORDER BY id LIMIT ${FILES_AT_ONCE}`
      const [rows = []] = await askDatabase(databasePath, [sql], signal)
      for (const { id, size } of rows) {
        yield { path: relative(this.directory, this.#path(Number(id))), bytes: sealedBytes(Number(size)) }
      }
      if (rows.length < FILES_AT_ONCE) return
      after = Number(rows.at(-1)?.['id'])
    }
  }

  get directory(): string {
    return this.#parts.directory
  }

  /** Every folder that holds files of blobs, finished or not, with their names. */
  async *folders(): AsyncGenerator<{ directory: string; names: string[] }> {
    const waiting = [this.#staging, join(this.directory, 'objects')]
    for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
      const entries = await listOrNone(this.#parts.files, directory)
      // `staging` has folders of others.
      if (directory !== this.#staging)
        for (const { name, isDirectory } of entries) if (isDirectory) waiting.push(join(directory, name))
      yield { directory, names: entries.filter(({ isDirectory }) => !isDirectory).map(({ name }) => name) }
    }
  }

  /** Whether a file that `folders` gave is there and belongs to nothing: no row, no write and no removal under way. */
  async isStray(path: string): Promise<boolean> {
    const id = Number(basename(path))
    const isKnown = () =>
      this.#receiving.has(id) || this.#sql.find.get(id) !== undefined || this.#sql.isDiscarded.get(id) !== undefined
    // Ids are never used again: what nothing knows and is still there then is nobody's.
    return !isKnown() && (await this.#parts.files.size(path)) !== undefined && !isKnown()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#collecting
    if (this.#receiving.size > 0) return
    await this.#parts.database.write(() => this.#sql.setIds.run(this.#nextId, this.#nextId))
  }

  get #staging(): string {
    return join(this.#parts.directory, 'staging')
  }

  #folder(id: number): string {
    const names = FOLDER_BITS.map((bits) => String(Math.floor(id / 2 ** bits)))
    return join(this.#parts.directory, 'objects', ...names)
  }

  #path(id: number): string {
    return join(this.#folder(id), String(id))
  }

  #fileSize(id: number): Promise<number | undefined> {
    return this.#parts.files.size(this.#path(id))
  }

  async #takeId(): Promise<number> {
    while (this.#nextId >= this.#reservedEnd) {
      this.#reserving ??= this.#reserve().finally(() => (this.#reserving = undefined))
      await this.#reserving
    }
    const id = this.#nextId++
    this.#receiving.add(id)
    return id
  }

  /** Also moves the start of the bracket past what is settled. */
  async #reserve(): Promise<void> {
    const first = Math.min(this.#nextId, ...this.#receiving)
    const end = this.#nextId + ID_BLOCK
    await this.#parts.database.write(() => this.#sql.setIds.run(first, end))
    this.#reservedEnd = end
  }

  async #receiveFile(
    id: number,
    body: AsyncIterable<Uint8Array>,
    { key, algorithms, sizeMax }: { key: Buffer; algorithms: readonly ChecksumAlgorithm[]; sizeMax: number },
  ): Promise<{ size: number; digests: Digests }> {
    const { files, threads } = this.#parts
    const draft = join(this.#staging, String(id))
    const file: OpenFile = await files.open(draft, 'create')
    let written: { size: number; digests: Digests }
    try {
      const sealing = threads.beginSealing(key, algorithms)
      written = await writeSealed(file, body, { sealing, memory: this.#memory, sizeMax })
      await file.sync()
    } finally {
      await file.close()
    }
    const folder = this.#folder(id)
    await this.#ensureFolder(folder)
    await files.rename(draft, this.#path(id))
    await this.#directorySyncs.sync(folder)
    return written
  }

  /** An id whose files could not be removed stays in the bracket, so the next start sweeps it. */
  async #removeRemains(id: number): Promise<void> {
    const { files, log } = this.#parts
    try {
      await files.remove(join(this.#staging, String(id)))
      if ((await files.size(this.#path(id))) !== undefined) await this.#removeFiles([id])
      this.#receiving.delete(id)
    } catch (error) {
      log.warn('BlobRemovalFailed', { blobs: 1, error })
    }
  }

  /** For good when it resolves: a file that came back after a power loss would be nobody's, and stay. */
  async #removeFiles(ids: readonly number[]): Promise<void> {
    for (const id of ids) await this.#parts.files.remove(this.#path(id))
    await this.#syncFolders(ids.map((id) => this.#folder(id)))
  }

  async #syncFolders(folders: Iterable<string>): Promise<void> {
    for (const folder of new Set(folders)) {
      await this.#directorySyncs.sync(folder).catch((error: NodeJS.ErrnoException) => {
        // A restored lake has no folders for what its backup was about to remove.
        if (error.code !== 'ENOENT') throw error
      })
    }
  }

  async #ensureFolder(folder: string): Promise<void> {
    if (this.#folders.has(folder)) return
    const { files, directory } = this.#parts
    await files.makeDirectory(folder)
    await this.#directorySyncs.sync(join(folder, '..'))
    await this.#directorySyncs.sync(join(directory, 'objects'))
    await this.#directorySyncs.sync(directory)
    this.#folders.add(folder)
  }

  #unpin(id: number): void {
    const pins = (this.#pins.get(id) ?? 1) - 1
    if (pins > 0) return void this.#pins.set(id, pins)
    this.#pins.delete(id)
    if (this.#discarded.has(id)) this.collect()
  }

  async #collect(): Promise<void> {
    for (;;) {
      const free = [...this.#discarded].filter((id) => !this.#pins.has(id))
      if (free.length === 0 || this.#holds > 0) return
      for (const id of free) this.#discarded.delete(id)
      try {
        // Else a power loss could bring the row back without its file.
        await this.#parts.database.durable()
        await this.#removeFiles(free)
        await this.#parts.database.write(() => {
          for (const id of free) this.#sql.forget.run(id)
        })
      } catch (error) {
        this.#parts.log.warn('BlobRemovalFailed', { blobs: free.length, error })
        this.#hasDiscarded = true
        return
      }
    }
  }

  async #sweep(): Promise<void> {
    const { files, database, log } = this.#parts
    const ids = this.#sql.ids.get() ?? { first: 1, next: 1 }
    const orphans: number[] = []
    const folders: string[] = []
    for (let start = ids.first; start < ids.next; start = (Math.floor(start / 1024) + 1) * 1024) {
      const folder = this.#folder(start)
      folders.push(folder)
      for (const { name } of await listOrNone(files, folder)) {
        const id = Number(name)
        if (!(id >= ids.first && id < ids.next) || this.#sql.find.get(id) !== undefined) continue
        orphans.push(id)
      }
    }
    const discarded = this.#sql.discarded.all()
    await this.#removeFiles([...orphans, ...discarded.map(({ id }) => id)])
    // Also where nothing was found: a killed process may have removed files and not have made it durable any more.
    await this.#syncFolders(folders)
    await database.write(() => {
      for (const { id } of discarded) this.#sql.forget.run(id)
      this.#sql.setIds.run(ids.next, ids.next)
    })
    this.#nextId = ids.next
    this.#reservedEnd = ids.next
    if (orphans.length > 0) log.info('OrphansSwept', { orphans: orphans.length })
  }
}

function statements(database: MetadataDatabase) {
  return {
    insert: database.prepare(
      'INSERT INTO blob (id, size, wrapped_key, uses, sealed, key_source) VALUES (?, ?, ?, 1, ?, ?)',
    ),
    retain: database.prepare('UPDATE blob SET uses = uses + 1 WHERE id = ?'),
    release: database.prepare('UPDATE blob SET uses = uses - 1 WHERE id = ?'),
    remove: database.prepare('DELETE FROM blob WHERE id = ?'),
    find: database.prepare<{ uses: number; inline: number }>(
      'SELECT uses, sealed IS NOT NULL AS inline FROM blob WHERE id = ?',
    ),
    read: database.prepare('SELECT size, wrapped_key, sealed, key_source FROM blob WHERE id = ?') as Statement<BlobRow>,
    last: database.prepare<{ id: number | null }>('SELECT max(id) AS id FROM blob'),
    wrapped: database.prepare<{ id: number; wrapped_key: Buffer }>(
      'SELECT id, wrapped_key FROM blob WHERE id > ? AND key_source IS NULL ORDER BY id LIMIT ?',
    ),
    rewrap: database.prepare('UPDATE blob SET wrapped_key = ? WHERE id = ?'),
    discard: database.prepare('INSERT OR IGNORE INTO blob_discarded VALUES (?)'),
    discarded: database.prepare<{ id: number }>('SELECT id FROM blob_discarded'),
    isDiscarded: database.prepare('SELECT 1 FROM blob_discarded WHERE id = ?'),
    forget: database.prepare('DELETE FROM blob_discarded WHERE id = ?'),
    ids: database.prepare<{ first: number; next: number }>('SELECT first, next FROM blob_ids'),
    setIds: database.prepare('UPDATE blob_ids SET first = ?, next = ?'),
  }
}

/** The first bytes of a body, and the rest when there is more than `bytesMax`. */
async function beginning(
  body: Body,
  bytesMax: number,
): Promise<{ head: Uint8Array; rest: AsyncIterable<Uint8Array> | undefined }> {
  if (body instanceof Uint8Array) {
    return body.byteLength <= bytesMax ? { head: body, rest: undefined } : { head: body, rest: nothing() }
  }
  const iterator = body[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  let bytes = 0
  for (;;) {
    const { value, done } = await iterator.next()
    if (done) return { head: chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks), rest: undefined }
    chunks.push(value)
    bytes += value.byteLength
    if (bytes > bytesMax) return { head: Buffer.concat(chunks), rest: { [Symbol.asyncIterator]: () => iterator } }
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A body given as one buffer has no rest.
}

async function* chained(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head
  yield* rest
}

async function listOrNone(files: FileSystem, folder: string): Promise<{ name: string; isDirectory: boolean }[]> {
  try {
    return await files.list(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

export function gone(what: string): Refusal {
  return new Refusal('noSuchVersion', `${what} was replaced or removed since it was looked up.`)
}
