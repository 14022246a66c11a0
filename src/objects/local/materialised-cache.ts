/**
 * Plain copies of objects for engines that open files by path. Copies live in memory (/dev/shm) while there is room,
 * else in the lake's cache folder; both are private (0700), bounded, and wiped at start. A copy belongs to one revision
 * and is shared by all who ask for it; nobody holding it, it stays until room is needed (least recently used first).
 */
import { extname, join } from 'node:path'
import type { FileSystem } from '../../platform/file-system.ts'
import type { Log } from '../../platform/log.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { MaterialisedObjects } from '../object-store.ts'
import type { PinnedBlob } from './blob-store.ts'
import type { OpenPiece } from './byte-thread-protocol.ts'
import type { ByteThreads } from './byte-threads.ts'
import { refuseWhenFull } from './disk-full.ts'
import { FRAME_BYTES, frameCount } from './frames.ts'

export interface CacheTier {
  readonly directory: string
  readonly bytesMax: number
}

/** An object to be made readable. `pin` is asked only when there is no copy yet. */
export interface Wanted {
  readonly revision: string
  /** The object's key: its ending is kept, because engines look at it (`.json.gz`). */
  readonly key: string
  readonly size: number
  pin(): { blobs: readonly PinnedBlob[]; release(): void }
}

interface Copy {
  readonly path: string
  readonly bytes: number
  readonly tier: TierState
  ready: Promise<void>
  holders: number
}

interface TierState extends CacheTier {
  usedBytes: number
}

/** What one order to a thread holds at most: enough to be worth the message, little enough to share among threads. */
const BATCH_BYTES = 16 * 1024 * 1024
const BATCH_PIECES = 64
const PIECE_FRAMES = BATCH_BYTES / FRAME_BYTES

export class MaterialisedCache {
  readonly #files: FileSystem
  readonly #threads: ByteThreads
  readonly #log: Log
  readonly #tiers: readonly TierState[]
  /** Least recently used first. */
  readonly #copies = new Map<string, Copy>()

  private constructor(parts: { files: FileSystem; threads: ByteThreads; log: Log; tiers: readonly CacheTier[] }) {
    this.#files = parts.files
    this.#threads = parts.threads
    this.#log = parts.log
    this.#tiers = parts.tiers.map((tier) => ({ ...tier, usedBytes: 0 }))
  }

  static async open(parts: {
    files: FileSystem
    threads: ByteThreads
    log: Log
    tiers: readonly CacheTier[]
  }): Promise<MaterialisedCache> {
    for (const { directory } of parts.tiers) {
      await parts.files.removeTree(directory)
      await parts.files.makeDirectory(directory)
    }
    return new MaterialisedCache(parts)
  }

  async take(wanted: readonly Wanted[]): Promise<MaterialisedObjects> {
    const held: Copy[] = []
    let isHeld = true
    const release = () => {
      if (!isHeld) return
      isHeld = false
      for (const copy of held) copy.holders--
    }
    const missing: { wanted: Wanted; copy: Copy; settle: (error?: unknown) => void }[] = []
    try {
      for (const object of wanted) {
        const existing = this.#copies.get(object.revision)
        const copy = existing ?? this.#newCopy(object)
        copy.holders++
        held.push(copy)
        this.#copies.delete(object.revision)
        this.#copies.set(object.revision, copy)
        if (existing === undefined) missing.push({ wanted: object, copy, settle: promiseOf(copy) })
      }
    } catch (error) {
      for (const { settle } of missing) settle(error)
      this.#forget(missing)
      release()
      throw error
    }
    await this.#fill(missing)
    try {
      await Promise.all(held.map((copy) => copy.ready))
    } catch (error) {
      release()
      throw error
    }
    return { paths: held.map((copy) => copy.path), release }
  }

  /** Removes every copy from memory and disk. */
  async close(): Promise<void> {
    this.#copies.clear()
    for (const { directory } of this.#tiers) await this.#files.removeTree(directory)
  }

  #newCopy(object: Wanted): Copy {
    const tier = this.#tiers.find((candidate) => this.#makeRoom(candidate, object.size))
    if (tier === undefined) {
      throw new Refusal('diskFull', `There is no room to read ${object.size} bytes more: the cache folders are full.`)
    }
    tier.usedBytes += object.size
    const path = join(tier.directory, `${object.revision}${endingOf(object.key)}`)
    return { path, bytes: object.size, tier, ready: Promise.resolve(), holders: 0 }
  }

  #makeRoom(tier: TierState, bytes: number): boolean {
    if (bytes > tier.bytesMax) return false
    for (const [revision, copy] of this.#copies) {
      if (tier.usedBytes + bytes <= tier.bytesMax) return true
      if (copy.tier !== tier || copy.holders > 0) continue
      this.#copies.delete(revision)
      this.#removeCopy(copy)
    }
    return tier.usedBytes + bytes <= tier.bytesMax
  }

  #removeCopy(copy: Copy): void {
    copy.tier.usedBytes -= copy.bytes
    this.#files.remove(copy.path).catch((error: unknown) => this.#log.warn('CopyRemovalFailed', { error }))
  }

  #forget(missing: readonly { wanted: Wanted; copy: Copy }[]): void {
    for (const { wanted, copy } of missing) {
      if (this.#copies.get(wanted.revision) !== copy) continue
      this.#copies.delete(wanted.revision)
      this.#removeCopy(copy)
    }
  }

  /** Opens the missing objects on the threads, two orders for each at a time, so that memory stays bounded. */
  async #fill(missing: readonly { wanted: Wanted; copy: Copy; settle: (error?: unknown) => void }[]): Promise<void> {
    const queue = missing.values()
    const lane = async () => {
      for (const object of queue) {
        const group = [object]
        let bytes = object.wanted.size
        while (bytes < BATCH_BYTES / 4 && group.length < BATCH_PIECES) {
          const { value, done } = queue.next()
          if (done) break
          group.push(value)
          bytes += value.wanted.size
        }
        try {
          await this.#open(group)
          for (const { settle } of group) settle()
        } catch (error) {
          for (const { settle } of group) settle(refuseWhenFull(error))
          this.#forget(group)
        }
      }
    }
    await Promise.all(Array.from({ length: this.#threads.threadsMax * 2 }, lane))
  }

  async #open(group: readonly { wanted: Wanted; copy: Copy }[]): Promise<void> {
    const pins: { release(): void }[] = []
    try {
      const pieces: OpenPiece[] = []
      for (const { wanted, copy } of group) {
        const pinned = wanted.pin()
        pins.push(pinned)
        pieces.push(...piecesOf(pinned.blobs, copy.path))
      }
      const outcomes = await Promise.allSettled(batchesOf(pieces).map((batch) => this.#threads.open(batch)))
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    } finally {
      for (const pin of pins) pin.release()
    }
  }
}

function promiseOf(copy: Copy): (error?: unknown) => void {
  let settle: (error?: unknown) => void = () => undefined
  copy.ready = new Promise((resolve, reject) => {
    settle = (error) => (error === undefined ? resolve() : reject(error))
  })
  // All holders await it; without a listener a failure would count as unhandled until they do.
  copy.ready.catch(() => undefined)
  return settle
}

function piecesOf(blobs: readonly PinnedBlob[], target: string): OpenPiece[] {
  const pieces: OpenPiece[] = []
  let blobStart = 0
  for (const blob of blobs) {
    const frames = frameCount(blob.size)
    for (let firstFrame = 0; firstFrame < frames; firstFrame += PIECE_FRAMES) {
      pieces.push({
        source: blob.source,
        key: blob.key,
        blobBytes: blob.size,
        firstFrame,
        frames: Math.min(PIECE_FRAMES, frames - firstFrame),
        target,
        targetPosition: blobStart + firstFrame * FRAME_BYTES,
      })
    }
    blobStart += blob.size
  }
  return pieces
}

function batchesOf(pieces: readonly OpenPiece[]): OpenPiece[][] {
  const batches: OpenPiece[][] = []
  let frames = Number.POSITIVE_INFINITY
  for (const piece of pieces) {
    const batch = batches.at(-1)
    if (batch === undefined || frames + piece.frames > PIECE_FRAMES || batch.length >= BATCH_PIECES) {
      batches.push([piece])
      frames = piece.frames
    } else {
      batch.push(piece)
      frames += piece.frames
    }
  }
  return batches
}

/** `.json.gz` of `events/a.json.gz`; at most two endings of plain letters and digits. */
function endingOf(key: string): string {
  const inner = extname(key)
  const outer = extname(key.slice(0, key.length - inner.length))
  return [outer, inner].filter((ending) => /^\.[A-Za-z0-9]{1,10}$/.test(ending)).join('')
}
