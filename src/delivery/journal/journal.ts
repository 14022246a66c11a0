/**
 * The durable memory of one delivery stream: an append-only log, in segment files, of records, seals and releases.
 *
 * Records come in on the main lane. What processors make of a batch goes to other lanes, each with an open batch of its
 * own: `replace` writes all of it and lets go of the batch, as one, so that a crash finds either the batch or all that
 * became of it.
 *
 * Invariants
 *  - what `append`, `seal`, `retarget` or `release` promised is on stable storage when its promise resolves;
 *  - order in the log is order of calls; a batch is every record of a lane between two seals of it;
 *  - a write that fails leaves nothing behind: the segment is cut back to what is durable before anything else is
 *    written, and every call that waited behind the failed one fails with it;
 *  - record bytes stay in memory only until they are durable; afterwards they are read back from the files;
 *  - a segment is removed only when every batch with bytes in it was released, oldest first;
 *  - bytes that were promised and cannot be read again are reported (`damage`) and their file is kept.
 *
 * Group commit needs no timer: while one write and fdatasync run, calls queue, and the next group takes them all.
 */
import { basename, join } from 'node:path'
import type { FileSystem, OpenFile } from '../../platform/file-system.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { SourceRecord } from '../processing/record.ts'
import { batchBytes, batchRecords, type Extent } from './batch-reader.ts'
import { Batches, MAIN_LANE, NOTHING, plus, type SealedBatch, type StoredBatch, type Tally } from './batches.ts'
import {
  bytesOf,
  decodePart,
  decodeRecords,
  encodeFrame,
  encodePart,
  encodeRecords,
  type FrameKind,
  SEGMENT_HEADER,
  unwrapped,
} from './frame.ts'
import { type PlacedFrame, readSegment } from './replay.ts'
import { keyIdOf, type SealingKey } from './sealing.ts'

/** Records for one lane, in the order of their arrival. */
export interface LaneRecords {
  readonly lane: string
  readonly records: readonly SourceRecord[]
}

export interface Damage {
  readonly segment: string
  readonly start: number
  readonly end: number
}

export type { SealedBatch, Tally } from './batches.ts'

export interface JournalOptions {
  readonly directory: string
  readonly files: FileSystem
  readonly segmentBytesMax?: number
  /** Keys of records that were encrypted. Default: there are none. */
  readonly keyOf?: (id: number) => Uint8Array
  /** Told of segments that could not be removed: they cost space, not records. */
  readonly onRemovalFailed?: (error: unknown) => void
}

/** A file of the journal, and how much of it is durable. A file that is not final grows, or is cut, behind that. */
export interface JournalFile {
  readonly name: string
  readonly bytes: number
  readonly isFinal: boolean
}

/** A segment is closed at the first group that would take it over this size. */
const SEGMENT_BYTES_MAX = 64 * 1024 * 1024
/** One write and one fdatasync carry at most this much. */
const GROUP_BYTES_MAX = 16 * 1024 * 1024
/** An emptied segment smaller than this is written on rather than replaced. */
const EMPTIED_SEGMENT_BYTES_MAX = 1024 * 1024
/** Of a part's records; a record that is larger is alone in its part. */
const PART_BYTES_MAX = 2 * 1024 * 1024

const SEGMENT_NAME = /^(\d{10})\.journal$/

interface Pending {
  readonly kind: FrameKind
  readonly body: readonly Uint8Array[]
  readonly bytes: number
  readonly apply: (extent: Extent) => void
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Bodies of frames that are JSON. */
interface Control<Target> {
  readonly batch: string
  readonly target: Target
  /** Of a seal; absent: the main one. */
  readonly lane?: string
  /** Of a release: whose parts take the batch's place. */
  readonly attempt?: string
}

export class Journal<Target> {
  readonly #directory: string
  readonly #files: FileSystem
  readonly #segmentBytesMax: number
  readonly #onRemovalFailed: (error: unknown) => void
  readonly #keyOf: (id: number) => Uint8Array
  readonly #keysSeen = new Set<number>()
  #sealingKey: SealingKey | undefined
  readonly #segments: number[] = []
  readonly #damagedSegments = new Set<number>()
  readonly #damage: Damage[] = []
  /** As of what is durable. */
  readonly #batches = new Batches<Target>()
  readonly #lanesBeingSealed = new Set<string>()
  #planned: Tally = NOTHING
  #queue: Pending[] = []
  #queuedBytes = 0
  #file: OpenFile | undefined
  #durableBytes = 0
  #nextSegment = 1
  #mustRepair = false
  /** False until the folders that lead to the newest segment are known to survive a crash. */
  #areNamesDurable = false
  #writing: Promise<void> | undefined
  #removing: Promise<void> | undefined
  #isHeld = false
  #isClosed = false

  private constructor(options: JournalOptions) {
    this.#directory = options.directory
    this.#files = options.files
    this.#segmentBytesMax = options.segmentBytesMax ?? SEGMENT_BYTES_MAX
    this.#onRemovalFailed = options.onRemovalFailed ?? (() => undefined)
    this.#keyOf = options.keyOf ?? noKey
  }

  /** Replays what is there. A missing directory is an empty journal; it is made when the first record comes. */
  static async open<Target>(options: JournalOptions): Promise<Journal<Target>> {
    const journal = new Journal<Target>(options)
    await journal.#replay()
    return journal
  }

  /** The open batch as it will be when everything asked for so far is durable: what flush decisions look at. */
  get planned(): Tally {
    return this.#planned
  }

  /** Sealed and not yet released, oldest first. */
  get sealed(): readonly SealedBatch<Target>[] {
    return this.#batches.sealed
  }

  /** Records' bytes not yet released, on disk or on the way there. */
  get backlogBytes(): number {
    return this.#batches.heldBytes + this.#queuedBytes
  }

  get backlogRecords(): number {
    let count = this.#planned.recordCount
    for (const [, { recordCount }] of this.#batches.openLanes()) count += recordCount
    for (const { recordCount } of this.#batches.sealed) count += recordCount
    return count
  }

  /** Arrival of the oldest record that was not released. */
  get oldestRecordAtMs(): number | undefined {
    let oldest = this.#planned.firstRecordAtMs ?? Number.POSITIVE_INFINITY
    for (const [, { firstRecordAtMs }] of this.#batches.openLanes())
      oldest = Math.min(oldest, firstRecordAtMs ?? oldest)
    for (const { firstRecordAtMs } of this.#batches.sealed) oldest = Math.min(oldest, firstRecordAtMs ?? oldest)
    return oldest === Number.POSITIVE_INFINITY ? undefined : oldest
  }

  /** Open batches of the lanes other than the main one, but for those whose seal is on its way. */
  *lanes(): Generator<readonly [lane: string, tally: Tally]> {
    for (const open of this.#batches.openLanes()) if (!this.#lanesBeingSealed.has(open[0])) yield open
  }

  /** Records' bytes held in memory because they are not durable yet. */
  get queuedBytes(): number {
    return this.#queuedBytes
  }

  /** What was promised and could not be read at open. */
  get damage(): readonly Damage[] {
    return this.#damage
  }

  /** Ids of the keys that records found at open were encrypted with. */
  get keysSeen(): ReadonlySet<number> {
    return this.#keysSeen
  }

  /** Records that come from now on are encrypted, or not. The key must be durable, and new to this journal. */
  encryptWith(key: SealingKey | undefined): void {
    this.#sealingKey = key
  }

  /** Adds records to the open batch. The slices must stay as they are until the promise settles. */
  append(payloads: readonly Uint8Array[], arrivalMs: number): Promise<void> {
    const bytes = bytesOf(payloads)
    const tally = { recordCount: payloads.length, bytes, firstRecordAtMs: arrivalMs }
    this.#planned = plus(this.#planned, tally)
    return this.#enqueueRecords('records', encodeRecords(payloads, arrivalMs), bytes, (extent) =>
      this.#batches.addRecords(MAIN_LANE, tally, extent),
    )
  }

  /** Closes the open batch of a lane as planned now, under `id`. */
  seal(id: string, target: Target, lane: string = MAIN_LANE): Promise<void> {
    const seal = { id, target, isRecovered: false }
    if (lane === MAIN_LANE) {
      this.#planned = NOTHING
      return this.#control('seal', { batch: id, target }, () => this.#batches.seal(lane, seal))
    }
    this.#lanesBeingSealed.add(lane)
    const sealed = this.#control('seal', { batch: id, target, lane }, () => this.#batches.seal(lane, seal))
    return sealed.finally(() => this.#lanesBeingSealed.delete(lane))
  }

  /**
   * Puts `outcome` in the place of a batch: either all of it is there and the batch is gone, or, when this fails or is cut
   * off, the batch is as it was. `attempt` must be new each time. A record may have up to some 7 MiB.
   */
  async replace(batch: SealedBatch<Target>, attempt: string, outcome: readonly LaneRecords[]): Promise<void> {
    const written = outcome.flatMap(({ lane, records }) =>
      cutInParts(records).map((part) => {
        const bytes = part.reduce((sum, { data }) => sum + data.byteLength, 0)
        const tally = { recordCount: part.length, bytes, firstRecordAtMs: part[0]?.arrivalMs }
        return this.#enqueueRecords('part', encodePart({ attempt, lane }, part), bytes, (extent) =>
          this.#batches.addPart(attempt, { lane, extent, ...tally }),
        )
      }),
    )
    const released = this.#control('release', { batch: batch.id, attempt }, () =>
      this.#batches.release(batch.id, attempt),
    )
    try {
      await Promise.all([...written, released])
    } catch (error) {
      this.#batches.dropParts(attempt)
      throw error
    }
  }

  retarget(batch: SealedBatch<Target>, target: Target): Promise<void> {
    return this.#control('retarget', { batch: batch.id, target }, () => this.#batches.retarget(batch.id, target))
  }

  /** Lets go of a batch that the object store has, and of the segments that only it kept. */
  release(batch: SealedBatch<Target>): Promise<void> {
    return this.#control('release', { batch: batch.id }, () => this.#batches.release(batch.id, undefined))
  }

  /**
   * The batch's bytes, about BODY_PIECE_BYTES at a time, each checked against its checksum. Ends by throwing a Refusal
   * 'journalUnreadable' when anything that replay or append counted cannot be read.
   */
  async *body(batch: SealedBatch<Target>): AsyncGenerator<Buffer> {
    let read = 0
    for await (const chunk of batchBytes(this.#reading(batch))) {
      read += chunk.byteLength
      yield chunk
    }
    this.#requireWhole(batch, read)
  }

  /** As `body`, record by record. */
  async *records(batch: SealedBatch<Target>): AsyncGenerator<SourceRecord[]> {
    let read = 0
    for await (const records of batchRecords(this.#reading(batch))) {
      for (const { data } of records) read += data.byteLength
      yield records
    }
    this.#requireWhole(batch, read)
  }

  #reading(batch: SealedBatch<Target>) {
    const { extents } = this.#sealedBatch(batch.id)
    return { files: this.#files, pathOf: (segment: number) => this.#path(segment), extents, keyOf: this.#keyOf }
  }

  #requireWhole({ id, bytes }: SealedBatch<Target>, read: number): void {
    if (read === bytes) return
    throw new Refusal('journalUnreadable', `Batch ${id} has ${bytes} bytes, ${read} could be read.`)
  }

  /**
   * What is durable now, as files; until `letGo` none of them is removed and no byte of them changes. Appending goes on.
   */
  async hold(): Promise<readonly JournalFile[]> {
    this.#isHeld = true
    await this.#removing
    const segments = [...this.#segments]
    const durableBytes = this.#durableBytes
    const newest = segments.pop()
    const files: JournalFile[] = []
    for (const segment of segments) {
      const bytes = (await this.#files.size(this.#path(segment))) ?? 0
      files.push({ name: basename(this.#path(segment)), bytes, isFinal: true })
    }
    if (newest !== undefined && durableBytes > 0)
      files.push({ name: basename(this.#path(newest)), bytes: durableBytes, isFinal: false })
    return [...files, ...(await this.#damagedFiles())]
  }

  letGo(): void {
    this.#isHeld = false
  }

  /** Lets what was asked for become durable, then closes the files. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#writing
    await this.#file?.close()
    this.#file = undefined
  }

  #control(kind: FrameKind, body: object, apply: () => void): Promise<void> {
    return this.#enqueue(kind, [Buffer.from(JSON.stringify(body))], 0, (extent) => {
      if (kind !== 'seal') this.#batches.skip(extent)
      apply()
    })
  }

  #enqueueRecords(
    kind: 'records' | 'part',
    [table, ...records]: readonly Uint8Array[],
    bytes: number,
    apply: Pending['apply'],
  ): Promise<void> {
    const key = this.#sealingKey
    if (table === undefined) throw new Error('A frame of records begins with a table.')
    return key === undefined
      ? this.#enqueue(kind, [table, ...records], bytes, apply)
      : this.#enqueue(kind === 'records' ? 'sealedRecords' : 'sealedPart', key.seal(table, records), bytes, apply)
  }

  #enqueue(kind: FrameKind, body: readonly Uint8Array[], bytes: number, apply: Pending['apply']): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Refusal('closing', 'The lake is shutting down.'))
    return new Promise((resolve, reject) => {
      this.#queue.push({ kind, body, bytes, apply, resolve, reject })
      this.#queuedBytes += bytes
      this.#writing ??= this.#writeQueue()
    })
  }

  async #writeQueue(): Promise<void> {
    // One turn of patience: calls made in the same turn of the event loop share the first group too.
    await Promise.resolve()
    while (this.#queue.length > 0) {
      const group = takeGroup(this.#queue)
      try {
        await this.#writeGroup(group)
      } catch (error) {
        this.#mustRepair = true
        this.#failAll([...group, ...this.#queue.splice(0)], error)
        continue
      }
      if (!this.#hasReleasedSegments || this.#isHeld) continue
      this.#removing = this.#removeReleasedSegments()
      await this.#removing
    }
    this.#writing = undefined
  }

  async #writeGroup(group: readonly Pending[]): Promise<void> {
    if (this.#mustRepair) await this.#repair()
    const groupBytes = group.reduce((sum, pending) => sum + bytesOf(pending.body), 0)
    // One that has nothing durable may not have a durable name either: it is written on, so that no name is left out.
    const isFull = this.#durableBytes > 0 && this.#durableBytes + groupBytes > this.#segmentBytesMax
    if (this.#file !== undefined && isFull) await this.#endSegment()
    const file = this.#file ?? (await this.#beginSegment())
    const segment = this.#segments.at(-1) as number
    const buffers: Uint8Array[] = this.#durableBytes === 0 ? [SEGMENT_HEADER] : []
    const starts: number[] = []
    let end = this.#durableBytes + bytesOf(buffers)
    for (const pending of group) {
      const frame = encodeFrame(pending.kind, this.#durableBytes, pending.body)
      starts.push(end)
      end += bytesOf(frame)
      buffers.push(...frame)
    }
    await file.writeMany(buffers)
    await file.sync()
    if (!this.#areNamesDurable) await this.#makeNamesDurable()
    this.#durableBytes = end
    for (const [index, pending] of group.entries()) {
      this.#queuedBytes -= pending.bytes
      pending.apply({ segment, start: starts[index] as number, end: starts[index + 1] ?? end })
    }
    for (const pending of group) pending.resolve()
  }

  #failAll(failed: readonly Pending[], cause: unknown): void {
    for (const pending of failed) this.#queuedBytes -= pending.bytes
    this.#planned = this.#batches.openTally(MAIN_LANE)
    const refusal = new Refusal('journalUnwritable', 'The journal cannot be written.', { cause })
    for (const pending of failed) pending.reject(refusal)
  }

  /** After a failed write or fsync nobody knows what lies past the durable end, so it is cut off and written anew. */
  async #repair(): Promise<void> {
    if (this.#file !== undefined) {
      await this.#file.truncate(this.#durableBytes)
      await this.#file.sync()
    }
    this.#mustRepair = false
  }

  async #beginSegment(): Promise<OpenFile> {
    await this.#files.makeDirectory(this.#directory)
    const number = this.#nextSegment
    const file = await this.#files.open(this.#path(number), 'append')
    try {
      await file.truncate(0)
    } catch (error) {
      await file.close()
      throw error
    }
    this.#file = file
    this.#durableBytes = 0
    this.#nextSegment = number + 1
    this.#areNamesDurable = false
    this.#segments.push(number)
    return file
  }

  async #makeNamesDurable(): Promise<void> {
    await this.#files.syncDirectory(this.#directory)
    await this.#files.syncDirectory(join(this.#directory, '..'))
    this.#areNamesDurable = true
  }

  async #endSegment(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await file?.close()
  }

  get #isEmptied(): boolean {
    return this.#batches.isEmpty && this.#file !== undefined && this.#durableBytes > EMPTIED_SEGMENT_BYTES_MAX
  }

  /** The first segment that something still needs: a batch, or the next write. */
  get #firstNeededSegment(): number {
    const current = this.#file === undefined ? this.#nextSegment : this.#nextSegment - 1
    return Math.min(current, this.#batches.firstSegment)
  }

  get #hasReleasedSegments(): boolean {
    const [oldest] = this.#segments
    return this.#isEmptied || (oldest !== undefined && oldest < this.#firstNeededSegment)
  }

  async #removeReleasedSegments(): Promise<void> {
    try {
      if (this.#isEmptied) await this.#endSegment()
      const keepFrom = this.#firstNeededSegment
      for (let oldest = this.#segments[0]; oldest !== undefined && oldest < keepFrom; oldest = this.#segments[0]) {
        if (this.#damagedSegments.has(oldest))
          await this.#files.rename(this.#path(oldest), `${this.#path(oldest)}.damaged`)
        else await this.#files.remove(this.#path(oldest))
        // Each removal is settled before the next: a later segment must never disappear before an earlier one.
        await this.#files.syncDirectory(this.#directory)
        this.#segments.shift()
      }
    } catch (error) {
      this.#onRemovalFailed(error)
    }
  }

  #sealedBatch(id: string): StoredBatch<Target> {
    const batch = this.#batches.find(id)
    if (batch === undefined) throw new Error(`Batch ${id} is not waiting in the journal.`)
    return batch
  }

  async #replay(): Promise<void> {
    const numbers = await this.#listSegments()
    for (const [index, number] of numbers.entries()) {
      const isLast = index === numbers.length - 1
      const expected = index === 0 ? number : (numbers[index - 1] as number) + 1
      for (let missing = expected; missing < number; missing++) this.#reportDamage(missing, 0, 0)
      await this.#replaySegment(number, isLast)
    }
    this.#planned = this.#batches.openTally(MAIN_LANE)
    this.#batches.dropParts()
  }

  async #listSegments(): Promise<number[]> {
    if ((await this.#files.size(this.#directory)) === undefined) return []
    const entries = await this.#files.list(this.#directory)
    const numbers = entries.flatMap(({ name }) => SEGMENT_NAME.exec(name)?.[1] ?? []).map(Number)
    return numbers.sort((a, b) => a - b)
  }

  async #replaySegment(number: number, isLast: boolean): Promise<void> {
    const file = await this.#files.open(this.#path(number), 'append')
    const reading = await readSegment(file, isLast, (placed) => this.#replayFrame(number, placed))
    for (const { start, end } of reading.damaged) this.#reportDamage(number, start, end)
    this.#segments.push(number)
    this.#nextSegment = number + 1
    if (!isLast) return file.close()
    // A process that died between its write and its fsync leaves bytes that a power failure could still take back.
    // Nothing may be done about them, least of all deliver them, before that is out of the question.
    await file.truncate(reading.end)
    await file.sync()
    await this.#makeNamesDurable()
    this.#durableBytes = reading.end
    this.#file = file
    return undefined
  }

  #replayFrame(segment: number, { frame: written, start, end }: PlacedFrame): void {
    const extent = { segment, start, end }
    const frame = unwrapped(written)
    if (frame.kind !== written.kind) this.#keysSeen.add(keyIdOf(written.body))
    switch (frame.kind) {
      case 'records': {
        const { recordCount, bytes, arrivalMs } = decodeRecords(frame.body)
        const tally = { recordCount, bytes: bytes.byteLength, firstRecordAtMs: arrivalMs }
        this.#batches.addRecords(MAIN_LANE, tally, extent)
        return
      }
      case 'part': {
        const { attempt, lane, firstMs, recordCount, bytes } = decodePart(frame.body)
        const tally = { recordCount, bytes: bytes.byteLength, firstRecordAtMs: firstMs }
        this.#batches.addPart(attempt, { lane, extent, ...tally })
        return
      }
      default:
        this.#replayControl(frame.kind, JSON.parse(frame.body.toString()) as Control<Target>)
    }
  }

  #replayControl(kind: FrameKind, { batch: id, target, lane = MAIN_LANE, attempt }: Control<Target>): void {
    if (kind === 'seal') this.#batches.seal(lane, { id, target, isRecovered: true })
    else if (kind === 'retarget') this.#batches.retarget(id, target)
    else this.#batches.release(id, attempt)
  }

  /** Released segments that were damaged: kept for whoever wants to look for their records. */
  async #damagedFiles(): Promise<JournalFile[]> {
    if (this.#segments.length === 0) return []
    const entries = await this.#files.list(this.#directory)
    const names = entries.map(({ name }) => name).filter((name) => name.endsWith('.damaged'))
    const sizes = await Promise.all(names.map((name) => this.#files.size(join(this.#directory, name))))
    return names.map((name, index) => ({ name, bytes: sizes[index] ?? 0, isFinal: true }))
  }

  #reportDamage(segment: number, start: number, end: number): void {
    this.#damagedSegments.add(segment)
    this.#damage.push({ segment: this.#path(segment), start, end })
  }

  #path(segment: number): string {
    return join(this.#directory, `${String(segment).padStart(10, '0')}.journal`)
  }
}

function noKey(id: number): never {
  throw new Refusal('journalUnreadable', `The key ${id} of encrypted records is not known.`)
}

function takeGroup(queue: Pending[]): Pending[] {
  let bytes = 0
  let count = 0
  for (const pending of queue) {
    if (count > 0 && bytes + pending.bytes > GROUP_BYTES_MAX) break
    bytes += pending.bytes
    count += 1
  }
  return queue.splice(0, count)
}

/** In their order, PART_BYTES_MAX at most or one record each. */
function cutInParts(records: readonly SourceRecord[]): SourceRecord[][] {
  const parts: SourceRecord[][] = []
  let room = 0
  for (const record of records) {
    const part = parts.at(-1)
    if (part !== undefined && record.data.byteLength <= room) part.push(record)
    else {
      parts.push([record])
      room = PART_BYTES_MAX
    }
    room -= record.data.byteLength
  }
  return parts
}
