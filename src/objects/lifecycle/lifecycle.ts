/**
 * Carries out the lifecycle rules of every bucket: soon after each midnight UTC, when ages in days end, and soon after
 * the lake has started, for what fell due while it was down.
 *
 *  - Each step is an ordinary delete or abort, durable by itself, so a run may end anywhere; the next one goes on.
 *  - A version that was replaced since it was read stays: the delete holds only for the very version that was due.
 *  - What object lock protects stays, whatever a rule says.
 *  - A bucket without rules costs nothing; with rules, a run reads the versions below their prefixes, page by page.
 */
import type { Clock, Timer } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { isRefusal } from '../../platform/refusal.ts'
import { TaskScope } from '../../platform/tasks.ts'
import type { Bucket, ObjectVersion } from '../object-store.ts'
import type { S3ObjectStore, VersionPage } from '../s3-object-store.ts'
import { abortOf, type Due, dueAction, prefixesOf, type VersionPlace } from './due.ts'
import type { LifecycleRule } from './rules.ts'

const DAY_MS = 24 * 3600 * 1000
const PAGE_VERSIONS = 1000
/** Under way at once: they share a commit. */
const STEPS_MAX = 64
const AFTER_START_MS = 60_000
/** Lets what was written in the last moments of the day settle. */
const AFTER_MIDNIGHT_MS = 10_000

/** Of the run under way, or of the last one since the start. */
export interface LifecycleProgress {
  readonly isRunning: boolean
  /** Versions and markers looked at. */
  readonly seen: number
  readonly expired: number
  readonly removed: number
  readonly aborted: number
  /** Due, and kept by object lock. */
  readonly locked: number
}

type Counts = { -readonly [Name in keyof Omit<LifecycleProgress, 'isRunning'>]: number }
type Objects = Pick<S3ObjectStore, 'buckets' | 'findBucket' | 'listVersions' | 'listUploads' | 'delete' | 'abortUpload'>

export interface LifecycleParts {
  readonly objects: Objects
  readonly clock: Clock
  readonly log: Log
}

export class LifecycleRuns {
  readonly #parts: LifecycleParts
  readonly #tasks: TaskScope
  #timer: Timer | undefined
  #running: Promise<void> | undefined
  #counts = noCounts()

  constructor(parts: LifecycleParts) {
    this.#parts = parts
    this.#tasks = new TaskScope(parts.log)
  }

  start(): void {
    this.#runIn(AFTER_START_MS)
  }

  get progress(): LifecycleProgress {
    return { isRunning: this.#running !== undefined, ...this.#counts }
  }

  /** Begins to carry out what is due now, or joins the run under way. Its failure is in the log. */
  begin(): LifecycleProgress {
    if (this.#running === undefined) this.#tasks.spawn('lifecycle', () => this.run())
    return this.progress
  }

  /** Carries out what is due now. One run at a time: a second call joins the one under way. */
  run(): Promise<void> {
    this.#running ??= this.#run(this.#tasks.signal).finally(() => (this.#running = undefined))
    return this.#running
  }

  async close(): Promise<void> {
    this.#timer?.cancel()
    await this.#tasks.close()
    // Its failure is its caller's; here only its end matters.
    await this.#running?.catch(() => undefined)
  }

  #runIn(delayMs: number): void {
    const { clock } = this.#parts
    this.#timer = clock.after(delayMs, () => {
      this.begin()
      this.#runIn(DAY_MS - (clock.nowMs() % DAY_MS) + AFTER_MIDNIGHT_MS)
    })
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { objects, clock, log } = this.#parts
    const counts = noCounts()
    this.#counts = counts
    for (const bucket of objects.buckets()) {
      const rules = bucket.lifecycle?.rules.filter((rule) => rule.isEnabled) ?? []
      if (rules.length === 0) continue
      await new BucketRun({ objects, clock, bucket, rules, counts, signal }).toEnd()
    }
    const { seen, ...done } = counts
    if (Object.values(done).some((count) => count > 0)) log.info('LifecycleCarriedOut', { seen, ...done })
  }
}

function noCounts(): Counts {
  return { seen: 0, expired: 0, removed: 0, aborted: 0, locked: 0 }
}

interface BucketRunParts {
  readonly objects: Objects
  readonly clock: Clock
  readonly bucket: Bucket
  readonly rules: readonly LifecycleRule[]
  readonly counts: Counts
  readonly signal: AbortSignal
}

class BucketRun {
  readonly #parts: BucketRunParts
  readonly #nowMs: number

  constructor(parts: BucketRunParts) {
    this.#parts = parts
    this.#nowMs = parts.clock.nowMs()
  }

  async toEnd(): Promise<void> {
    for (const prefix of prefixesOf(this.#parts.rules)) {
      await this.#versionsBelow(prefix)
      await this.#uploadsBelow(prefix)
    }
  }

  /** A page is acted upon when the one behind it has been read: a page begins at a version that must still be there. */
  async #versionsBelow(prefix: string): Promise<void> {
    const { objects, bucket, clock, signal } = this.#parts
    const places = new Places()
    let due: { place: VersionPlace; action: Due }[] = []
    let next: VersionPage['next'] | 'first' = 'first'
    while (next !== undefined) {
      signal.throwIfAborted()
      const query = { prefix, limit: PAGE_VERSIONS, ...(next === 'first' ? {} : markersOf(next)) }
      const page: VersionPage = await objects.listVersions(bucket.name, query)
      next = page.next
      const found = places.next(page.versions, { isEnd: next === undefined })
      this.#parts.counts.seen += page.versions.length
      await this.#carryOut(due)
      due = found.flatMap((place) => {
        const action = dueAction(this.#parts.rules, place, this.#nowMs)
        return action === undefined ? [] : [{ place, action }]
      })
      // Requests come first.
      await clock.sleep(0, signal)
    }
    await this.#carryOut(due)
  }

  async #carryOut(due: readonly { place: VersionPlace; action: Due }[]): Promise<void> {
    for (let at = 0; at < due.length; at += STEPS_MAX) {
      this.#parts.signal.throwIfAborted()
      await Promise.all(due.slice(at, at + STEPS_MAX).map(({ place, action }) => this.#step(place.version, action)))
    }
  }

  async #step(version: ObjectVersion, { action }: Due): Promise<void> {
    const { bucket, key, versionId, revision } = version
    const isExpiry = action === 'expire'
    try {
      const condition = revision === undefined ? undefined : { ifRevision: revision }
      await this.#parts.objects.delete({ bucket, key, ...(!isExpiry && { versionId }) }, condition)
      this.#parts.counts[isExpiry ? 'expired' : 'removed']++
    } catch (error) {
      if (!isRefusal(error)) throw error
      if (error.code === 'objectLocked') this.#parts.counts.locked++
      else if (!OVERTAKEN.has(error.code)) throw error
    }
  }

  async #uploadsBelow(prefix: string): Promise<void> {
    const { objects, bucket, rules, signal } = this.#parts
    if (rules.every((rule) => rule.abortsUploadsAfterDays === undefined)) return
    const due: { bucket: string; key: string; uploadId: string }[] = []
    let markers = {}
    for (;;) {
      signal.throwIfAborted()
      const page = await objects.listUploads(bucket.name, { prefix, limit: PAGE_VERSIONS, ...markers })
      due.push(
        ...page.uploads.filter((upload) => (abortOf(rules, upload)?.atMs ?? Number.POSITIVE_INFINITY) <= this.#nowMs),
      )
      if (page.next === undefined) break
      markers = page.next
    }
    for (const upload of due) {
      try {
        await objects.abortUpload(upload)
        this.#parts.counts.aborted++
      } catch (error) {
        if (!isRefusal(error) || !OVERTAKEN.has(error.code)) throw error
      }
    }
  }
}

/** Somebody else was faster: there is nothing left to do. */
const OVERTAKEN: ReadonlySet<string> = new Set([
  'preconditionFailed',
  'noSuchKey',
  'noSuchVersion',
  'noSuchUpload',
  'noSuchBucket',
])

function markersOf({ keyMarker, versionIdMarker }: NonNullable<VersionPage['next']>) {
  return { keyMarker, ...(versionIdMarker !== undefined && { versionIdMarker }) }
}

/** Tells each version of a listing its place among those of its key. One version is held back: is it the only one? */
class Places {
  #held: Omit<VersionPlace, 'isOnly'> | undefined
  #heldIsFirst = true

  next(versions: readonly ObjectVersion[], { isEnd }: { isEnd: boolean }): VersionPlace[] {
    const places: VersionPlace[] = []
    for (const version of versions) {
      const above = this.#held?.version.key === version.key ? this.#held : undefined
      places.push(...this.#release(above === undefined))
      this.#heldIsFirst = above === undefined
      this.#held = {
        version,
        noncurrentSinceMs: above?.version.lastModifiedMs,
        noncurrentAbove: above === undefined || above.noncurrentSinceMs === undefined ? 0 : above.noncurrentAbove + 1,
      }
    }
    if (isEnd) {
      places.push(...this.#release(true))
      this.#held = undefined
    }
    return places
  }

  #release(endsKey: boolean): VersionPlace[] {
    return this.#held === undefined ? [] : [{ ...this.#held, isOnly: this.#heldIsFirst && endsKey }]
  }
}
