/**
 * The durable memory of one delivery stream: an append-only log, in segment files, of records, seals and releases.
 *
 * Invariants
 *  - what `append`, `seal`, `retarget` or `release` promised is on stable storage when its promise resolves;
 *  - order in the log is order of calls; a batch is every record between two seals;
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
import { bytesOf, decodeRecords, encodeFrame, encodeRecords, type FrameKind, SEGMENT_HEADER } from './frame.ts'
import { type PlacedFrame, readSegment, soundFrames } from './replay.ts'

/** What is known of records without reading them. */
export interface Tally {
  readonly recordCount: number
  readonly bytes: number
  /** Arrival of the oldest record; undefined when there is none. */
  readonly firstRecordAtMs: number | undefined
}

/** A closed set of records with the place where its object goes. `Target` is the stream's business; here it is JSON. */
export interface SealedBatch<Target> extends Tally {
  readonly id: string
  readonly target: Target
  /** True when an earlier process sealed it, so an earlier process may also have delivered it. */
  readonly isRecovered: boolean
}

export interface Damage {
  readonly segment: string
  readonly start: number
  readonly end: number
}

export interface JournalOptions {
  readonly directory: string
  readonly files: FileSystem
  readonly segmentBytesMax?: number
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

/**
 * What a delivery reads at once. The compressor asks for the next piece through the event loop, which has 10 ms of
 * other work when the lake is busy: with 1 MiB (4 ms of deflating) it waits most of the time, with 4 MiB hardly.
 */
const BODY_PIECE_BYTES = 4 * 1024 * 1024

const SEGMENT_NAME = /^(\d{10})\.journal$/

/** Bytes of a batch that lie together; control frames may lie between them. */
interface Extent {
  readonly segment: number
  readonly start: number
  end: number
}

/** The batch that records are added to. */
interface OpenBatch {
  tally: Tally
  readonly extents: Extent[]
}

interface StoredBatch<Target> extends SealedBatch<Target> {
  target: Target
  readonly extents: readonly Extent[]
}

interface Pending {
  readonly kind: FrameKind
  readonly body: readonly Uint8Array[]
  readonly bytes: number
  readonly apply: (segment: number, start: number, end: number) => void
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

interface Seal<Target> {
  readonly batch: string
  readonly target: Target
}

const NOTHING: Tally = { recordCount: 0, bytes: 0, firstRecordAtMs: undefined }

export class Journal<Target> {
  readonly #directory: string
  readonly #files: FileSystem
  readonly #segmentBytesMax: number
  readonly #onRemovalFailed: (error: unknown) => void
  readonly #segments: number[] = []
  readonly #damagedSegments = new Set<number>()
  readonly #damage: Damage[] = []
  readonly #sealed: StoredBatch<Target>[] = []
  #open: OpenBatch = { tally: NOTHING, extents: [] }
  #planned: Tally = NOTHING
  #queue: Pending[] = []
  #queuedBytes = 0
  /** Records' bytes that are durable and not released. */
  #heldBytes = 0
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
    return this.#sealed
  }

  /** Records' bytes not yet released, on disk or on the way there. */
  get backlogBytes(): number {
    return this.#heldBytes + this.#queuedBytes
  }

  get backlogRecords(): number {
    const waiting = this.#planned.recordCount
    return this.#sealed.reduce((sum, batch) => sum + batch.recordCount, waiting)
  }

  /** Arrival of the oldest record that was not released. */
  get oldestRecordAtMs(): number | undefined {
    return this.#sealed[0]?.firstRecordAtMs ?? this.#planned.firstRecordAtMs
  }

  /** Records' bytes held in memory because they are not durable yet. */
  get queuedBytes(): number {
    return this.#queuedBytes
  }

  /** What was promised and could not be read at open. */
  get damage(): readonly Damage[] {
    return this.#damage
  }

  /** Adds records to the open batch. The slices must stay as they are until the promise settles. */
  append(payloads: readonly Uint8Array[], arrivalMs: number): Promise<void> {
    const bytes = bytesOf(payloads)
    const count = payloads.length
    this.#planned = plus(this.#planned, count, bytes, arrivalMs)
    return this.#enqueue('records', encodeRecords(payloads, arrivalMs), bytes, (segment, start, end) => {
      this.#addRecords(count, bytes, arrivalMs)
      extend(this.#open, segment, start, end)
    })
  }

  /** Closes the open batch as planned now, under `id`. */
  seal(id: string, target: Target): Promise<void> {
    this.#planned = NOTHING
    return this.#control('seal', { batch: id, target }, () => this.#sealOpen(id, target, false))
  }

  retarget(batch: SealedBatch<Target>, target: Target): Promise<void> {
    return this.#control('retarget', { batch: batch.id, target }, () => this.#retarget(batch.id, target))
  }

  /** Lets go of a batch that the object store has, and of the segments that only it kept. */
  release(batch: SealedBatch<Target>): Promise<void> {
    return this.#control('release', { batch: batch.id }, () => this.#release(batch.id))
  }

  /**
   * The batch's bytes, about BODY_PIECE_BYTES at a time, each checked against its checksum. Ends by throwing a Refusal
   * 'journalUnreadable' when anything that replay or append counted cannot be read.
   */
  async *body(batch: SealedBatch<Target>): AsyncGenerator<Buffer> {
    const { extents, bytes } = this.#sealedBatch(batch.id)
    let read = 0
    for (const extent of extents) {
      const file = await this.#files.open(this.#path(extent.segment), 'read')
      try {
        for await (const chunk of recordBytes(file, extent)) {
          read += chunk.byteLength
          yield chunk
        }
      } finally {
        await file.close()
      }
    }
    if (read !== bytes)
      throw new Refusal('journalUnreadable', `Batch ${batch.id} has ${bytes} bytes, ${read} could be read.`)
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
    return this.#enqueue(kind, [Buffer.from(JSON.stringify(body))], 0, (segment, start, end) => {
      // Inside an open batch the frame becomes a stretch that reading skips, so that the batch stays one extent.
      if (this.#open.tally.recordCount > 0 && kind !== 'seal') extend(this.#open, segment, start, end)
      apply()
    })
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
    if (this.#file !== undefined && this.#durableBytes + groupBytes > this.#segmentBytesMax) await this.#endSegment()
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
      pending.apply(segment, starts[index] as number, starts[index + 1] ?? end)
    }
    for (const pending of group) pending.resolve()
  }

  #failAll(failed: readonly Pending[], cause: unknown): void {
    for (const pending of failed) this.#queuedBytes -= pending.bytes
    this.#planned = this.#open.tally
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
    const isEmpty = this.#open.tally.recordCount === 0 && this.#sealed.length === 0
    return isEmpty && this.#file !== undefined && this.#durableBytes > EMPTIED_SEGMENT_BYTES_MAX
  }

  /** The first segment that something still needs: a batch, or the next write. */
  get #firstNeededSegment(): number {
    const current = this.#file === undefined ? this.#nextSegment : this.#nextSegment - 1
    const needed = [this.#sealed[0], this.#open].flatMap((batch) => batch?.extents[0]?.segment ?? [])
    return Math.min(current, ...needed)
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

  #addRecords(count: number, bytes: number, arrivalMs: number): void {
    this.#open.tally = plus(this.#open.tally, count, bytes, arrivalMs)
    this.#heldBytes += bytes
  }

  #sealOpen(id: string, target: Target, isRecovered: boolean): void {
    const { tally, extents } = this.#open
    this.#open = { tally: NOTHING, extents: [] }
    if (tally.recordCount > 0) this.#sealed.push({ ...tally, id, target, isRecovered, extents })
  }

  #retarget(id: string, target: Target): void {
    const batch = this.#sealed.find((candidate) => candidate.id === id)
    if (batch !== undefined) batch.target = target
  }

  #release(id: string): void {
    const index = this.#sealed.findIndex((batch) => batch.id === id)
    if (index === -1) return
    const [released] = this.#sealed.splice(index, 1)
    this.#heldBytes -= released?.bytes ?? 0
  }

  #sealedBatch(id: string): StoredBatch<Target> {
    const batch = this.#sealed.find((candidate) => candidate.id === id)
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
    this.#planned = this.#open.tally
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

  #replayFrame(segment: number, { frame, start, end }: PlacedFrame): void {
    if (frame.kind === 'records') {
      const { recordCount, bytes, arrivalMs } = decodeRecords(frame.body)
      this.#addRecords(recordCount, bytes.byteLength, arrivalMs)
      extend(this.#open, segment, start, end)
      return
    }
    const { batch, target } = JSON.parse(frame.body.toString()) as Seal<Target>
    if (frame.kind === 'seal') this.#sealOpen(batch, target, true)
    else if (frame.kind === 'retarget') this.#retarget(batch, target)
    else this.#release(batch)
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

function plus(tally: Tally, count: number, bytes: number, arrivalMs: number): Tally {
  return {
    recordCount: tally.recordCount + count,
    bytes: tally.bytes + bytes,
    firstRecordAtMs: tally.firstRecordAtMs ?? arrivalMs,
  }
}

function extend(batch: { extents: Extent[] }, segment: number, start: number, end: number): void {
  const last = batch.extents.at(-1)
  if (last !== undefined && last.segment === segment && last.end === start) last.end = end
  else batch.extents.push({ segment, start, end })
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

async function* recordBytes(file: OpenFile, { start, end }: Extent): AsyncGenerator<Buffer> {
  const reading = soundFrames(file, start, end, BODY_PIECE_BYTES)
  for (;;) {
    const step = await reading.next()
    if (step.done) {
      if (step.value === end) return
      throw new Refusal('journalUnreadable', `The journal cannot be read at byte ${step.value}.`)
    }
    const pieces = step.value.filter(({ frame }) => frame.kind === 'records')
    const bytes = joined(pieces.map(({ frame }) => decodeRecords(frame.body).bytes))
    if (bytes.byteLength > 0) yield bytes
  }
}

/** Many frames become one piece, because every piece costs a round trip through the compressor. */
function joined(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)
}
