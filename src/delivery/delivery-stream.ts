/**
 * One delivery stream at work: admits records, keeps them in the journal, delivers them as objects. Where processors are
 * asked for, what comes in goes through them in small batches (steps) first, and their outcome is buffered lane by lane.
 *
 * Invariants
 *  - a record is acknowledged only after the journal has it on stable storage;
 *  - a batch gets its object key when it is sealed and the key is journalled before the first put, so delivering again
 *    after a crash is the same put: the store recognises the batch's id and makes no second object or version;
 *  - the journal lets go of a batch only after the object store has it;
 *  - a delivery that fails is repeated for as long as the stream lives; nothing is dropped;
 *  - a step's outcome takes its place in the journal as one, so no record is processed into objects twice;
 *  - batches go out one at a time, oldest first, each to the destination in effect when it goes; backups beside them.
 */
import type { ObjectStore } from '../objects/object-store.ts'
import type { Clock, Timer } from '../platform/clock.ts'
import type { Ids } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import { Refusal } from '../platform/refusal.ts'
import { admittedCount, type BacklogLimits, freeBytes } from './admission.ts'
import type { Backlog } from './backlog.ts'
import type { Conversions } from './conversion/conversions.ts'
import type { BatchTarget, BufferingHints, ObjectTarget, S3Destination, VersionedDestination } from './destination.ts'
import { dueInMs, type FlushReason, flushReason } from './flush-policy.ts'
import { MAIN_LANE } from './journal/batches.ts'
import type { Journal, JournalFile, LaneRecords, SealedBatch, Tally } from './journal/journal.ts'
import type { SealingKey } from './journal/sealing.ts'
import type { JournalEncryption } from './journal-keys.ts'
import { laneName, laneNamed } from './lane.ts'
import { objectTarget } from './object-target.ts'
import { ObjectWriter } from './object-writer.ts'
import type { StreamObserver } from './observer.ts'
import { Partitions } from './partitions.ts'
import { outcomeLanes } from './processing/outcome-lanes.ts'
import type { Outcome, Processor, SourceRecord } from './processing/record.ts'
import type { StreamProgress } from './progress.ts'
import { RecordIds } from './record-ids.ts'
import { RetryLoop, type Work } from './retry-loop.ts'
import type { RoleDirectory } from './roles.ts'
import { isProcessed, stepHints } from './step-hints.ts'
import type { Turns } from './turns.ts'

export interface DeliveryParts {
  readonly journal: Journal<BatchTarget>
  readonly objects: ObjectStore
  readonly clock: Clock
  readonly random: Random
  readonly ids: Ids
  readonly log: Log
  /** Of deliveries; shared by all streams. */
  readonly turns: Turns
  /** Of steps in the hands of processors; shared by all streams. */
  readonly stepTurns: Turns
  readonly makeProcessor: (stream: string, destination: S3Destination) => Processor
  readonly roles: RoleDirectory
  readonly conversions: Pick<Conversions, 'convert'>
  readonly observer: StreamObserver
  readonly keys: {
    /** A new one for this stream's journal. */
    add(encryption: JournalEncryption): Promise<SealingKey>
    requireUsable(encryption: JournalEncryption): void
  }
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
  readonly #writer: ObjectWriter<BatchTarget>
  readonly #steps: RetryLoop<Batch>
  readonly #objects: RetryLoop<Batch>
  /** On its own, so that a backup that cannot be written does not hold up what it is a backup of. */
  readonly #backups: RetryLoop<Batch>
  #current: VersionedDestination
  /** Made when first needed, for one version of the destination. */
  #processor: { readonly version: number; readonly processor: Processor } | undefined
  readonly #retired: Processor[] = []
  #ahead: Ahead | undefined
  /** By lane. */
  readonly #timers = new Map<string, Timer>()
  /** Of what is in the journal; undefined: it is in the clear. */
  #encryption: JournalEncryption | undefined
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
    this.#writer = new ObjectWriter({ ...parts, onConverted: (figures) => parts.observer.converted(figures) })
    const { turns, stepTurns, clock, random } = parts
    const loop = (work: Pick<Work<Batch>, 'next' | 'perform'>, its: Turns) =>
      new RetryLoop<Batch>(
        { onFailed: this.#onFailed, onIdle: () => this.#sealDue(), ...work },
        { turns: its, clock, random },
      )
    this.#steps = loop(
      { next: () => this.#firstSealed(isStep), perform: (batch, signal) => this.#process(batch, signal) },
      stepTurns,
    )
    this.#objects = loop({ next: () => this.#firstSealed(isObject), perform: (batch) => this.#send(batch) }, turns)
    this.#backups = loop({ next: () => this.#firstSealed(isBackup), perform: (batch) => this.#send(batch) }, turns)
    parts.backlog.totalBytes += parts.journal.backlogBytes
  }

  /** Takes up what an earlier process left: delivers sealed batches, resumes the open ones where their intervals stand. */
  start(): void {
    const { damage } = this.#parts.journal
    if (damage.length > 0) {
      this.#parts.log.error('JournalDamaged', { stream: this.name, damage })
      this.#noteError(`${damage.length} stretch(es) of the journal cannot be read; see the log.`)
    }
    this.#sealDue()
    this.#work()
  }

  /**
   * Resolves when the accepted records are durable. Refuses with 'slowDown' when nothing could be accepted, and like
   * `CustomerKeys.requireUsable` when they could not be encrypted as asked.
   * The payloads' bytes must not change until then; the views themselves are not held while waiting.
   */
  accept(payloads: readonly Uint8Array[]): Promise<Acceptance> {
    if (this.#isStopped) return Promise.reject(new Refusal('closing', 'The stream is being closed.'))
    const { keys, limits } = this.#parts
    if (this.#encryption !== undefined) {
      try {
        keys.requireUsable(this.#encryption)
      } catch (error) {
        return Promise.reject(error)
      }
    }
    const admitted = admittedCount(payloads, freeBytes(this.#backlogUse(), limits))
    if (admitted < payloads.length) this.#parts.observer.throttled(payloads.length - admitted)
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
    this.#ahead = undefined
    for (const lane of [...this.#timers.keys()]) this.#disarm(lane)
    this.#sealDue()
    for (const loop of this.#loops) loop.hurry()
  }

  /** Records that come from now on are kept encrypted, or in the clear. Refuses like `CustomerKeys.requireUsable`. */
  async setEncryption(encryption: JournalEncryption | undefined): Promise<void> {
    const { keys, journal } = this.#parts
    journal.encryptWith(encryption && (await keys.add(encryption)))
    this.#encryption = encryption
  }

  /**
   * The journal as it stands, for a copy of the lake. Until `letGo` no batch is closed or sent anywhere, so that what
   * these files hold is in no object; the batch going out is waited for. Records are taken in meanwhile.
   */
  async hold(): Promise<readonly JournalFile[]> {
    this.#isHeld = true
    await Promise.all([this.#steps.pause('abort'), this.#objects.pause('finish'), this.#backups.pause('finish')])
    return this.#parts.journal.hold()
  }

  letGo(): void {
    this.#isHeld = false
    this.#parts.journal.letGo()
    this.#sealDue()
    for (const loop of this.#loops) loop.resume()
  }

  progress(): StreamProgress {
    const { journal, clock } = this.#parts
    const nowMs = clock.nowMs()
    const due = [...this.#openBatches()].map(([lane, { firstRecordAtMs }]) =>
      firstRecordAtMs === undefined ? Number.POSITIVE_INFINITY : dueInMs(firstRecordAtMs, this.#hints(lane), nowMs),
    )
    const dueFirst = Math.min(...due)
    return {
      name: this.name,
      bufferedRecords: journal.backlogRecords,
      bufferedBytes: journal.backlogBytes,
      sealedBatches: journal.sealed.length,
      oldestAgeMs: journal.oldestRecordAtMs === undefined ? undefined : Math.max(0, nowMs - journal.oldestRecordAtMs),
      dueInMs: Number.isFinite(dueFirst) ? dueFirst : undefined,
      ...this.#counts,
      lastError: this.#lastError?.message,
      lastErrorAtMs: this.#lastError?.atMs,
    }
  }

  /** Admits nothing more, lets appends become durable and the running delivery end. The rest waits in the journal. */
  async close(): Promise<void> {
    this.#isStopped = true
    for (const lane of [...this.#timers.keys()]) this.#disarm(lane)
    await Promise.all([this.#steps.stop('abort'), this.#objects.stop('finish'), this.#backups.stop('finish')])
    await this.#ahead?.processed.catch(() => undefined)
    await Promise.all([...this.#retired, this.#processor?.processor].map((processor) => processor?.close()))
    await this.#parts.journal.close()
    this.#parts.backlog.totalBytes -= this.#parts.journal.backlogBytes
  }

  get #loops(): readonly RetryLoop<Batch>[] {
    return [this.#steps, this.#objects, this.#backups]
  }

  #work(): void {
    for (const loop of this.#loops) loop.kick()
  }

  /** When the open batch of a lane is closed. */
  #hints(lane: string): BufferingHints {
    const { destination } = this.#current
    if (lane === MAIN_LANE) return isProcessed(destination) ? stepHints(destination) : destination.buffering
    return laneNamed(lane).kind === 'backup' ? (destination.backup ?? destination).buffering : destination.buffering
  }

  *#openBatches(): Generator<readonly [lane: string, tally: Tally]> {
    yield [MAIN_LANE, this.#parts.journal.planned]
    yield* this.#parts.journal.lanes()
  }

  #firstSealed(is: (batch: Batch) => boolean): Batch | undefined {
    return this.#parts.journal.sealed.find(is)
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
      const batchRoom = this.#isHeld ? APPEND_BYTES_MAX : this.#hints(MAIN_LANE).bytesMax - journal.planned.bytes
      const room = Math.min(batchRoom, APPEND_BYTES_MAX)
      const { to, bytes } = fill(payloads, from, room)
      const slice = from === 0 && to === payloads.length ? payloads : payloads.slice(from, to)
      backlog.totalBytes += bytes
      backlog.queuedBytes += bytes
      writes.push({ count: to - from, bytes, durable: journal.append(slice, nowMs) })
      this.#sealIfDue(MAIN_LANE, journal.planned)
      from = to
    }
    return writes
  }

  async #durableCount(writes: readonly Write[]): Promise<number> {
    const { backlog, observer } = this.#parts
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
        observer.accepted(write.count, write.bytes)
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
    this.#disarm(MAIN_LANE)
    this.#arm(MAIN_LANE, this.#parts.journal.planned)
  }

  #noteJournalSuccess(): void {
    if (this.#isJournalFailing) this.#parts.log.info('JournalWriteRecovered', { stream: this.name })
    this.#isJournalFailing = false
  }

  #sealDue(): void {
    for (const [lane, tally] of [...this.#openBatches()]) this.#sealIfDue(lane, tally)
  }

  #sealIfDue(lane: string, open: Tally): void {
    const reason = flushReason(open, this.#hints(lane), this.#parts.clock.nowMs())
    if (reason === undefined) this.#arm(lane, open)
    else if (reason === 'size' || !this.#mustWait(lane)) this.#seal(lane, open, reason)
  }

  /**
   * With an interval of 0 the next batch is what came in while the one before it was being delivered. And when very
   * many batches wait for a place to go to, the open one grows instead. Either way it is closed when delivery is done.
   */
  #mustWait(lane: string): boolean {
    const isLate = this.#hints(lane).intervalMs === 0 || this.#parts.journal.sealed.length >= SEALED_BATCHES_MAX
    return isLate && this.#loops.some((loop) => loop.isBusy)
  }

  /** A timer measures the interval by itself, so a wall clock that jumps can neither hold nor hurry a batch. */
  #arm(lane: string, { firstRecordAtMs }: Tally): void {
    if (this.#timers.has(lane) || this.#isStopped || firstRecordAtMs === undefined) return
    const { clock } = this.#parts
    const timer = clock.after(dueInMs(firstRecordAtMs, this.#hints(lane), clock.nowMs()), () => {
      this.#timers.delete(lane)
      const open = this.#openBatch(lane)
      if (open !== undefined && !this.#mustWait(lane)) this.#seal(lane, open, 'interval')
    })
    this.#timers.set(lane, timer)
  }

  #openBatch(lane: string): Tally | undefined {
    for (const [name, tally] of this.#openBatches()) if (name === lane) return tally
    return undefined
  }

  #disarm(lane: string): void {
    this.#timers.get(lane)?.cancel()
    this.#timers.delete(lane)
  }

  #seal(lane: string, { firstRecordAtMs }: Tally, reason: FlushReason): void {
    const { journal, ids, clock, log } = this.#parts
    if (firstRecordAtMs === undefined || this.#isStopped || this.#isHeld) return
    this.#disarm(lane)
    journal.seal(ids.uuid(), this.#target(lane, firstRecordAtMs), lane).then(
      () => this.#work(),
      (error: unknown) => {
        log.error('SealFailed', { stream: this.name, reason, error })
        this.#noteError(messageOf(error))
        if (!this.#isStopped) clock.after(SEAL_RETRY_MS, () => this.#sealDue())
      },
    )
  }

  #target(lane: string, firstRecordAtMs: number): BatchTarget {
    const { version, destination } = this.#current
    if (lane === MAIN_LANE && isProcessed(destination)) return { kind: 'step', version }
    return objectTarget(laneNamed(lane), destination, {
      stream: this.name,
      version,
      firstRecordAtMs,
      ids: this.#parts.ids,
    })
  }

  /** Runs a step through the processors and puts what became of it in its place. */
  async #process(batch: Batch, signal: AbortSignal): Promise<void> {
    const { journal, backlog, ids, clock, observer } = this.#parts
    const { destination } = this.#current
    if (!isProcessed(destination)) {
      await journal.retarget(batch, this.#target(MAIN_LANE, batch.firstRecordAtMs as number))
      return this.#objects.kick()
    }
    const processed = this.#takeProcessed(batch, signal)
    this.#processAhead(batch, signal)
    const { sources, outcome } = await processed
    signal.throwIfAborted()
    const lanes = outcomeLanes(sources, outcome, {
      partitions: destination.partitioning && new Partitions(destination.prefix ?? ''),
      hasBackup: destination.backup !== undefined,
      active: this.#activePartitions(),
      nowMs: clock.nowMs(),
    })
    await journal.replace(batch, ids.uuid(), lanes)
    observer.processed(outcome, {
      active: this.#activePartitions().size,
      areExceeded: lanes.some(({ lane }) => lane === PARTITIONS_EXCEEDED),
    })
    backlog.totalBytes += bytesIn(lanes) - batch.bytes
    this.#sealDue()
  }

  /** While one step is written to the journal, or waits for its function, the next is in the hands of the processors. */
  #processAhead(batch: Batch, signal: AbortSignal): void {
    const next = this.#firstSealed((other) => isStep(other) && other !== batch)
    if (next === undefined || this.#isAhead(next, signal)) return
    const processed = this.#runProcessors(next, signal)
    // Its turn tells of its failure, when it is taken.
    processed.catch(() => undefined)
    this.#ahead = { step: next.id, version: this.#current.version, signal, processed }
  }

  #takeProcessed(batch: Batch, signal: AbortSignal): Promise<ProcessedStep> {
    if (!this.#isAhead(batch, signal)) return this.#runProcessors(batch, signal)
    const { processed } = this.#ahead as Ahead
    this.#ahead = undefined
    return processed
  }

  #isAhead({ id }: Batch, signal: AbortSignal): boolean {
    const { step, version, signal: its } = this.#ahead ?? {}
    return step === id && version === this.#current.version && its === signal
  }

  async #runProcessors(batch: Batch, signal: AbortSignal): Promise<ProcessedStep> {
    const processor = this.#processorOf(this.#current)
    const sources: SourceRecord[] = []
    for await (const records of this.#parts.journal.records(batch)) sources.push(...records)
    const outcome = await processor.process(
      sources.map((source) => ({ data: source.data, source })),
      signal,
    )
    return { sources, outcome }
  }

  #activePartitions(): ReadonlySet<string> {
    const { journal } = this.#parts
    const names = [...[...this.#openBatches()].map(([lane]) => lane), ...journal.sealed.map(({ lane }) => lane)]
    return new Set(names.filter((lane) => laneNamed(lane).kind === 'data'))
  }

  /** Those of earlier versions may be at work still. */
  #processorOf({ version, destination }: VersionedDestination): Processor {
    if (this.#processor?.version !== version) {
      if (this.#processor !== undefined) this.#retired.push(this.#processor.processor)
      this.#processor = { version, processor: this.#parts.makeProcessor(this.name, destination) }
    }
    return this.#processor.processor
  }

  async #send(batch: Batch): Promise<void> {
    const { journal, backlog, log, observer } = this.#parts
    let target = batch.target as ObjectTarget
    const isOld = target.version !== this.#current.version
    const isBegun = isOld && (await this.#writer.isBegun(target))
    if (isOld && !isBegun) {
      await journal.retarget(batch, this.#target(batch.lane, batch.firstRecordAtMs as number))
      // A plain batch of a stream that has processors now.
      if (batch.target.kind === 'step') return this.#steps.kick()
      target = batch.target
    }
    // A conversion makes two objects: what is there may be one of them.
    if (!isBegun || target.conversion !== undefined) {
      await this.#requireRole(batch)
      await this.#writer.write(batch, target)
    }
    await journal.release(batch)
    backlog.totalBytes -= batch.bytes
    if (!isBackup(batch)) {
      this.#counts.deliveredObjects += 1
      this.#counts.deliveredRecords += batch.recordCount
      this.#counts.deliveredBytes += batch.bytes
    }
    const { bucket, key } = target
    observer.delivered(isBackup(batch) ? 'backup' : 'destination', batch)
    log.info('BatchDelivered', { stream: this.name, bucket, key, records: batch.recordCount, bytes: batch.bytes })
  }

  /** A role that was taken away stops delivery until it is given back. */
  async #requireRole(batch: Batch): Promise<void> {
    const { destination } = this.#current
    const { roleArn } = isBackup(batch) ? (destination.backup ?? destination) : destination
    if (await this.#parts.roles.roleExists(roleArn)) return
    throw new Refusal('roleNotAssumable', `There is no role ${roleArn}.`, { fields: { roleArn } })
  }

  readonly #onFailed = (error: unknown, batch: Batch, retryInMs: number): void => {
    const { target } = batch
    this.#noteError(messageOf(error))
    if (target.kind !== 'step')
      this.#parts.observer.notDelivered(isBackup(batch) ? 'backup' : 'destination', batch, target, error)
    const where = target.kind === 'step' ? {} : { bucket: target.bucket, key: target.key }
    this.#parts.log.warn('DeliveryFailed', { stream: this.name, ...where, retryInMs, error })
  }

  #noteError(message: string): void {
    this.#lastError = { atMs: this.#parts.clock.nowMs(), message }
  }
}

type Batch = SealedBatch<BatchTarget>

interface ProcessedStep {
  readonly sources: readonly SourceRecord[]
  readonly outcome: Outcome
}

/** A step that is processed before its turn to be written has come. */
interface Ahead {
  readonly step: string
  readonly version: number
  readonly signal: AbortSignal
  readonly processed: Promise<ProcessedStep>
}

const PARTITIONS_EXCEEDED = laneName({ kind: 'error', outputType: 'activePartitionExceeded' })

const isStep = ({ target }: Batch) => target.kind === 'step'
const isBackup = ({ lane }: Batch) => lane !== MAIN_LANE && laneNamed(lane).kind === 'backup'
const isObject = (batch: Batch) => !isStep(batch) && !isBackup(batch)

function bytesIn(lanes: readonly LaneRecords[]): number {
  return lanes.reduce((sum, { records }) => sum + records.reduce((bytes, { data }) => bytes + data.byteLength, 0), 0)
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
