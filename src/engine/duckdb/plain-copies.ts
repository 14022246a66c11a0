/**
 * Unpacked copies of gzip files in memory (a memory file system), so that a query reads plain text: unpacking is most
 * of what reading gzip costs. Bounded; a copy in use stays, others go when room is needed, least recently used first.
 */
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ScanFile } from '../engine.ts'
import type { Unpacked, UnpackOrder } from './child-protocol.ts'
import { damagedFile } from './damaged-file.ts'

export interface PlainCopiesSettings {
  /** Private to the lake, its owner's to remove after a crash. Made when first needed. */
  readonly directory: string
  readonly bytesMax: number
}

export interface PlainFile {
  readonly path: string
  readonly bytes: number
  /** Keys in every sampled record; undefined: the file's lines are not all like records. */
  readonly keys: readonly string[] | undefined
}

interface Copy {
  readonly path: string
  readonly reservedBytes: number
  holders: number
  ready: Promise<PlainFile | undefined>
}

const SIZE_FIELD_BYTES = 4
/** Each is known with its keys, about a kilobyte. */
const COPIES_MAX = 20_000

export class PlainCopies {
  readonly #settings: PlainCopiesSettings
  /** By version key; least recently used first. */
  readonly #copies = new Map<string, Copy>()
  #usedBytes = 0

  constructor(settings: PlainCopiesSettings) {
    this.#settings = settings
  }

  /** Where the copy of a file is, if it has one. */
  pathOf(file: ScanFile): string {
    return join(this.#settings.directory, createHash('sha256').update(file.versionKey).digest('hex'))
  }

  /**
   * Copies by version key, of as many of `files` (gzip) as there is room for. Throws EngineFailure for a file that is
   * damaged. Whoever takes must release, also after a failure of its own.
   */
  async take(
    files: readonly ScanFile[],
    unpack: (orders: readonly UnpackOrder[]) => Promise<readonly Unpacked[]>,
  ): Promise<{ plain: ReadonlyMap<string, PlainFile>; release(): void }> {
    await mkdir(this.#settings.directory, { recursive: true, mode: 0o700 })
    const held = new Map<string, Copy>()
    const release = () => {
      for (const copy of held.values()) copy.holders--
      held.clear()
    }
    const sizes = new Map<string, number>()
    for (const file of files)
      if (!this.#copies.has(file.versionKey)) sizes.set(file.versionKey, await saidSize(file.path))
    // From here to the order nothing waits: or two would reserve the same copy.
    const missing: { file: ScanFile; copy: Copy; settle(plain: PlainFile | undefined, error?: unknown): void }[] = []
    for (const file of files) {
      if (held.has(file.versionKey)) continue
      let copy = this.#copies.get(file.versionKey)
      if (copy === undefined) {
        const plainBytes = sizes.get(file.versionKey)
        if (plainBytes === undefined || !this.#makeRoom(plainBytes)) continue
        copy = this.#reserve(file, plainBytes)
        missing.push({ file, copy, settle: promiseOf(copy) })
      }
      copy.holders++
      held.set(file.versionKey, copy)
      this.#copies.delete(file.versionKey)
      this.#copies.set(file.versionKey, copy)
    }
    const plain = new Map<string, PlainFile>()
    try {
      await this.#fill(missing, unpack)
      for (const [key, copy] of held) {
        const ready = await copy.ready
        if (ready !== undefined) plain.set(key, ready)
      }
    } catch (error) {
      release()
      throw error
    }
    return { plain, release }
  }

  async close(): Promise<void> {
    this.#copies.clear()
    await rm(this.#settings.directory, { recursive: true, force: true })
  }

  #reserve(file: ScanFile, reservedBytes: number): Copy {
    this.#usedBytes += reservedBytes
    return { path: this.pathOf(file), reservedBytes, holders: 0, ready: Promise.resolve(undefined) }
  }

  #makeRoom(bytes: number): boolean {
    const { bytesMax } = this.#settings
    if (bytes > bytesMax) return false
    const hasRoom = () => this.#usedBytes + bytes <= bytesMax && this.#copies.size < COPIES_MAX
    for (const [key, copy] of this.#copies) {
      if (hasRoom()) return true
      if (copy.holders > 0) continue
      this.#copies.delete(key)
      this.#remove(copy)
    }
    return hasRoom()
  }

  #remove(copy: Copy): void {
    this.#usedBytes -= copy.reservedBytes
    // At once, because the same name may be given again.
    rmSync(copy.path, { force: true })
  }

  async #fill(
    missing: readonly { file: ScanFile; copy: Copy; settle(plain: PlainFile | undefined, error?: unknown): void }[],
    unpack: (orders: readonly UnpackOrder[]) => Promise<readonly Unpacked[]>,
  ): Promise<void> {
    if (missing.length === 0) return
    const forget = ({ file, copy }: { file: ScanFile; copy: Copy }) => {
      if (this.#copies.get(file.versionKey) !== copy) return
      this.#copies.delete(file.versionKey)
      this.#remove(copy)
    }
    const orders = missing.map(({ file, copy }) => ({
      path: file.path,
      target: copy.path,
      plainBytesMax: copy.reservedBytes,
    }))
    try {
      const outcomes = new Map((await unpack(orders)).map((unpacked) => [unpacked.path, unpacked]))
      for (const one of missing) {
        const unpacked = outcomes.get(one.file.path)
        if (unpacked?.outcome === 'whole')
          one.settle({ path: one.copy.path, bytes: unpacked.plainBytes, keys: unpacked.keys })
        else {
          forget(one)
          if (unpacked?.outcome === 'damaged')
            one.settle(undefined, damagedFile(one.file, unpacked.damage ?? 'unreadable'))
          else one.settle(undefined)
        }
      }
    } catch (error) {
      for (const one of missing) {
        forget(one)
        // Others who wait read the file as it is.
        one.settle(undefined)
      }
      throw error
    }
  }
}

function promiseOf(copy: Copy): (plain: PlainFile | undefined, error?: unknown) => void {
  let settle: (plain: PlainFile | undefined, error?: unknown) => void = () => undefined
  copy.ready = new Promise((resolve, reject) => {
    settle = (plain, error) => (error === undefined ? resolve(plain) : reject(error))
  })
  // All holders await it; without a listener a failure would count as unhandled until they do.
  copy.ready.catch(() => undefined)
  return settle
}

/** What a gzip file says of its plain size. It may be wrong; then the copy stops there and is not used. */
async function saidSize(path: string): Promise<number> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size < SIZE_FIELD_BYTES) return 0
    const { buffer } = await file.read(Buffer.alloc(SIZE_FIELD_BYTES), 0, SIZE_FIELD_BYTES, size - SIZE_FIELD_BYTES)
    return buffer.readUInt32LE()
  } finally {
    await file.close()
  }
}
