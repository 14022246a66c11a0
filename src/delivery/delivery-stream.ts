/**
 * One delivery stream at work: admits records, keeps them in the journal, delivers them as objects.
 *
 * Invariants
 *  - a record is acknowledged only after the journal has it on stable storage;
 *  - a batch gets its object key when it is sealed and the key is journalled before the first put, so delivering again
 *    after a crash is the same put: the store recognises the batch's id and makes no second object or version;
 *  - the journal lets go of a batch only after the object store has it;
 *  - a delivery that fails is repeated for as long as the stream lives; nothing is dropped;
 *  - batches go out one at a time, oldest first, each to the destination in effect when it goes.
 */
import type { ObjectStore } from '../objects/object-store.ts'
import type { Clock, Timer } from '../platform/clock.ts'
import type { Ids } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import { isRefusal, Refusal } from '../platform/refusal.ts'
import { admittedCount, type BacklogLimits, freeBytes } from './admission.ts'
import type { Backlog } from './backlog.ts'
import { codecs, gzipLevel } from './compression.ts'
import type { BatchTarget, BufferingHints, VersionedDestination } from './destination.ts'
import { dueInMs, type FlushReason, flushReason } from './flush-policy.ts'
import type { Journal, JournalFile, SealedBatch } from './journal/journal.ts'
import { objectKey } from './object-key.ts'
import type { StreamProgress } from './progress.ts'
import { RecordIds } from './record-ids.ts'
import { retryDelayMs } from './retry-delay.ts'
import type { Turns } from './turns.ts'

export interface DeliveryParts {
  readonly journal: Journal<BatchTarget>
  readonly objects: ObjectStore
  readonly clock: Clock
  readonly random: Random
  readonly ids: Ids
  readonly log: Log
  /** Shared by all streams. */
  readonly turns: Turns
  readonly backlog: Backlog
  readonly limits: BacklogLimits
}

/** The outcome of a call: the first `acceptedCount` records are on stable storage, the others were refused. */
export interface Acceptance {
  readonly acceptedCount: number
  readonly recordIdAt: (index: number) => string
}

/** A frame of the journal carries at most this much of one call. */
const APPEND_BYTES_MAX = 4 * 1024 * 1024
const SEAL_RETRY_MS = 1_000
/** Beyond this many undelivered batches intervals make no further ones; sizes do, within the bound on bytes. */
const SEALED_BATCHES_MAX = 1_000

export class DeliveryStream {
  readonly name: string
  readonly #parts: DeliveryParts
  readonly #recordIds: RecordIds
  #current: VersionedDestination
  #timer: Timer | undefined
  #delivery: Promise<void> | undefined
  /** The batch that is going out. */
  #going: Promise<void> | undefined
  /** Present while a failed delivery waits for its next attempt. */
  #wake: AbortController | undefined
  #isStopped = false
  #isHeld = false
  #isJournalFailing = false
  readonly #counts = {
    acceptedRecords: 0,
    acceptedBytes: 0,
    deliveredObjects: 0,
    deliveredRecords: 0,
    deliveredBytes: 0,
  }
  #lastError: { readonly atMs: number; readonly message: string } | undefined

  constructor(name: string, current: VersionedDestination, parts: DeliveryParts) {
    this.name = name
    this.#current = current
    this.#parts = parts
    this.#recordIds = new RecordIds(parts.ids)
    parts.backlog.totalBytes += parts.journal.backlogBytes
  }

  /** Takes up what an earlier process left: delivers sealed batches, resumes the open one where its interval stands. */
  start(): void {
    const { damage } = this.#parts.journal
    if (damage.length > 0) {
      this.#parts.log.error('JournalDamaged', { stream: this.name, damage })
      this.#noteError(`${damage.length} stretch(es) of the journal cannot be read; see the log.`)
    }
    this.#sealIfDue()
    this.#deliver()
  }

  /**
   * Resolves when the accepted records are durable. Refuses with 'slowDown' when nothing could be accepted.
   * The payloads' bytes must not change until then; the views themselves are not held while waiting.
   */
  accept(payloads: readonly Uint8Array[]): Promise<Acceptance> {
    if (this.#isStopped) return Promise.reject(new Refusal('closing', 'The stream is being closed.'))
    const admitted = admittedCount(payloads, freeBytes(this.#backlogUse(), this.#parts.limits))
    if (admitted === 0) return Promise.reject(new Refusal('slowDown', 'Slow down.'))
    return this.#acceptance(this.#append(admitted === payloads.length ? payloads : payloads.slice(0, admitted)))
  }

  async #acceptance(writes: readonly Write[]): Promise<Acceptance> {
    const acceptedCount = await this.#durableCount(writes)
    if (acceptedCount === 0) throw new Refusal('slowDown', 'Slow down.')
    return { acceptedCount, recordIdAt: this.#recordIds.reserve(acceptedCount) }
  }

  /** Records already buffered go out under the new destination too: it is the one in effect when they are delivered. */
  update(next: VersionedDestination): void {
    this.#current = next
    this.#disarm()
    this.#arm()
    this.#wake?.abort()
  }

  /**
   * The journal as it stands, for a copy of the lake. Until `letGo` no batch is closed or sent anywhere, so that what
   * these files hold is in no object; the batch going out is waited for. Records are taken in meanwhile.
   */
  async hold(): Promise<readonly JournalFile[]> {
    this.#isHeld = true
    // Its failure is the delivery's to deal with.
    await this.#going?.catch(() => undefined)
    return this.#parts.journal.hold()
  }

  letGo(): void {
    this.#isHeld = false
    this.#parts.journal.letGo()
    this.#sealIfDue()
    this.#deliver()
  }

  progress(): StreamProgress {
    const { journal, clock } = this.#parts
    const nowMs = clock.nowMs()
    const { planned } = journal
    return {
      name: this.name,
      bufferedRecords: journal.backlogRecords,
      bufferedBytes: journal.backlogBytes,
      sealedBatches: journal.sealed.length,
      oldestAgeMs: journal.oldestRecordAtMs === undefined ? undefined : Math.max(0, nowMs - journal.oldestRecordAtMs),
      dueInMs: planned.firstRecordAtMs === undefined ? undefined : dueInMs(planned.firstRecordAtMs, this.#hints, nowMs),
      ...this.#counts,
      lastError: this.#lastError?.message,
      lastErrorAtMs: this.#lastError?.atMs,
    }
  }

  /** Admits nothing more, lets appends become durable and the running delivery end. The rest waits in the journal. */
  async close(): Promise<void> {
    this.#isStopped = true
    this.#disarm()
    this.#wake?.abort()
    await this.#delivery
    await this.#parts.journal.close()
    this.#parts.backlog.totalBytes -= this.#parts.journal.backlogBytes
  }

  get #hints(): BufferingHints {
    return this.#current.destination.buffering
  }

  #backlogUse() {
    const { journal, backlog } = this.#parts
    return { streamBytes: journal.backlogBytes, totalBytes: backlog.totalBytes, queuedBytes: backlog.queuedBytes }
  }

  /** Hands the records to the journal, cut where a batch is full, so that an object exceeds its size by a record at most. */
  #append(payloads: readonly Uint8Array[]): Write[] {
    const { journal, clock, backlog } = this.#parts
    const nowMs = clock.nowMs()
    const writes: Write[] = []
    for (let from = 0; from < payloads.length; ) {
      // While nothing may be closed, a full batch grows.
      const batchRoom = this.#isHeld ? APPEND_BYTES_MAX : this.#hints.bytesMax - journal.planned.bytes
      const room = Math.min(batchRoom, APPEND_BYTES_MAX)
      const { to, bytes } = fill(payloads, from, room)
      const slice = from === 0 && to === payloads.length ? payloads : payloads.slice(from, to)
      backlog.totalBytes += bytes
      backlog.queuedBytes += bytes
      writes.push({ count: to - from, bytes, durable: journal.append(slice, nowMs) })
      this.#sealIfDue()
      from = to
    }
    return writes
  }

  async #durableCount(writes: readonly Write[]): Promise<number> {
    const { backlog } = this.#parts
    const results = await Promise.allSettled(writes.map(({ durable }) => durable))
    let count = 0
    let failure: unknown
    for (const [index, write] of writes.entries()) {
      backlog.queuedBytes -= write.bytes
      const result = results[index] as PromiseSettledResult<void>
      if (result.status === 'fulfilled') {
        count += write.count
        this.#counts.acceptedRecords += write.count
        this.#counts.acceptedBytes += write.bytes
        continue
      }
      backlog.totalBytes -= write.bytes
      failure = result.reason
    }
    if (failure !== undefined) this.#noteJournalFailure(failure)
    else this.#noteJournalSuccess()
    return count
  }

  /** Logged once until writing works again: a full disk refuses thousands of calls, and holds the log too. */
  #noteJournalFailure(error: unknown): void {
    if (!this.#isJournalFailing) this.#parts.log.error('JournalWriteFailed', { stream: this.name, error })
    this.#isJournalFailing = true
    this.#noteError(messageOf(error))
    this.#disarm()
    this.#arm()
  }

  #noteJournalSuccess(): void {
    if (this.#isJournalFailing) this.#parts.log.info('JournalWriteRecovered', { stream: this.name })
    this.#isJournalFailing = false
  }

  #sealIfDue(): void {
    const reason = flushReason(this.#parts.journal.planned, this.#hints, this.#parts.clock.nowMs())
    if (reason === undefined) this.#arm()
    else if (reason === 'size' || !this.#mustWait) this.#seal(reason)
  }

  /**
   * With an interval of 0 the next batch is what came in while the one before it was being delivered. And when very
   * many batches wait for a place to go to, the open one grows instead. Either way it is closed when delivery is done.
   */
  get #mustWait(): boolean {
    const isLate = this.#hints.intervalMs === 0 || this.#parts.journal.sealed.length >= SEALED_BATCHES_MAX
    return isLate && this.#delivery !== undefined
  }

  /** The timer measures the interval by itself, so a wall clock that jumps can neither hold nor hurry a batch. */
  #arm(): void {
    const { journal, clock } = this.#parts
    const { firstRecordAtMs } = journal.planned
    if (this.#timer !== undefined || this.#isStopped || firstRecordAtMs === undefined) return
    this.#timer = clock.after(dueInMs(firstRecordAtMs, this.#hints, clock.nowMs()), () => {
      this.#timer = undefined
      if (!this.#mustWait) this.#seal('interval')
    })
  }

  #disarm(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #seal(reason: FlushReason): void {
    const { journal, ids, clock, log } = this.#parts
    const { firstRecordAtMs } = journal.planned
    if (firstRecordAtMs === undefined || this.#isStopped || this.#isHeld) return
    this.#disarm()
    journal.seal(ids.uuid(), this.#target(firstRecordAtMs)).then(
      () => this.#deliver(),
      (error: unknown) => {
        log.error('SealFailed', { stream: this.name, reason, error })
        this.#noteError(messageOf(error))
        if (!this.#isStopped) clock.after(SEAL_RETRY_MS, () => this.#sealIfDue())
      },
    )
  }

  #target(firstRecordAtMs: number): BatchTarget {
    const { version, destination } = this.#current
    const key = objectKey(destination, { stream: this.name, version, firstRecordAtMs }, this.#parts.ids)
    return { version, bucket: destination.bucket, key, compression: destination.compression }
  }

  get #mayDeliver(): boolean {
    return !this.#isStopped && !this.#isHeld
  }

  #deliver(): void {
    if (this.#delivery !== undefined || !this.#mayDeliver || this.#parts.journal.sealed.length === 0) return
    this.#delivery = this.#deliverSealed()
  }

  async #deliverSealed(): Promise<void> {
    const { journal, turns, random } = this.#parts
    let failures = 0
    for (let batch = journal.sealed[0]; batch !== undefined && this.#mayDeliver; batch = journal.sealed[0]) {
      try {
        await turns.take(() => this.#deliverBatch(batch as SealedBatch<BatchTarget>))
        failures = 0
      } catch (error) {
        failures += 1
        await this.#waitAfter(error, retryDelayMs(failures, random.unit()), batch.target)
      }
    }
    this.#delivery = undefined
    if (!this.#isStopped) this.#sealIfDue()
  }

  async #deliverBatch(batch: SealedBatch<BatchTarget>): Promise<void> {
    // The turn may have come after the stream was closed or held.
    if (!this.#mayDeliver) return
    this.#going = this.#sendBatch(batch).finally(() => {
      this.#going = undefined
    })
    await this.#going
  }

  async #sendBatch(batch: SealedBatch<BatchTarget>): Promise<void> {
    const { journal, backlog, log } = this.#parts
    const { version } = this.#current
    if (batch.target.version === version || !(await this.#isThereAlready(batch))) {
      if (batch.target.version !== version) await journal.retarget(batch, this.#target(batch.firstRecordAtMs as number))
      await this.#put(batch)
    }
    await journal.release(batch)
    backlog.totalBytes -= batch.bytes
    this.#counts.deliveredObjects += 1
    this.#counts.deliveredRecords += batch.recordCount
    this.#counts.deliveredBytes += batch.bytes
    const { bucket, key } = batch.target
    log.info('BatchDelivered', { stream: this.name, bucket, key, records: batch.recordCount, bytes: batch.bytes })
  }

  async #put(batch: SealedBatch<BatchTarget>): Promise<void> {
    const { journal, objects, clock } = this.#parts
    const { bucket, key, compression } = batch.target
    const { encode, metadata } = codecs[compression]
    const { bytes, firstRecordAtMs = 0 } = batch
    const level = gzipLevel({ bytes, ageMs: clock.nowMs() - firstRecordAtMs, backlogBytes: journal.backlogBytes })
    const body = encode(journal.body(batch), level)
    await objects.put({ bucket, key }, body, { metadata, onceToken: batch.id })
  }

  /** Before a batch moves to a newer destination: an attempt that this process did not see the end of may have succeeded. */
  async #isThereAlready({ target: { bucket, key } }: SealedBatch<BatchTarget>): Promise<boolean> {
    try {
      await this.#parts.objects.head({ bucket, key })
      return true
    } catch (error) {
      if (isRefusal(error) && (error.code === 'noSuchKey' || error.code === 'noSuchBucket')) return false
      throw error
    }
  }

  async #waitAfter(error: unknown, delayMs: number, target: BatchTarget): Promise<void> {
    if (this.#isStopped) return
    this.#noteError(messageOf(error))
    const { bucket, key } = target
    this.#parts.log.warn('DeliveryFailed', { stream: this.name, bucket, key, retryInMs: delayMs, error })
    const wake = new AbortController()
    this.#wake = wake
    try {
      await this.#parts.clock.sleep(delayMs, wake.signal)
    } catch (reason) {
      // Woken early: the destination changed, or the stream is being closed.
      if (!wake.signal.aborted) throw reason
    } finally {
      this.#wake = undefined
    }
  }

  #noteError(message: string): void {
    this.#lastError = { atMs: this.#parts.clock.nowMs(), message }
  }
}

interface Write {
  readonly count: number
  readonly bytes: number
  readonly durable: Promise<void>
}

/** From `from` on, as many records as it takes to reach `room` bytes, and always one. */
function fill(payloads: readonly Uint8Array[], from: number, room: number): { to: number; bytes: number } {
  let to = from
  let bytes = 0
  do {
    bytes += (payloads[to] as Uint8Array).byteLength
    to += 1
  } while (to < payloads.length && bytes < room)
  return { to, bytes }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
