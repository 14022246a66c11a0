/**
 * What a journal's frames add up to: open batches by lane, sealed ones in their order, and parts that wait for their
 * release. Only bookkeeping, and the same for frames just written and for frames replayed.
 */
import type { Extent } from './batch-reader.ts'

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
  readonly lane: string
  readonly target: Target
  /** True when an earlier process sealed it, so an earlier process may also have delivered it. */
  readonly isRecovered: boolean
}

/** Where records come in. */
export const MAIN_LANE = ''

export const NOTHING: Tally = { recordCount: 0, bytes: 0, firstRecordAtMs: undefined }

/** A batch that records are added to. */
interface OpenBatch {
  tally: Tally
  readonly extents: Extent[]
}

export interface StoredBatch<Target> extends SealedBatch<Target> {
  target: Target
  readonly extents: readonly Extent[]
}

export interface Part extends Tally {
  readonly lane: string
  readonly extent: Extent
}

export class Batches<Target> {
  readonly #sealed: StoredBatch<Target>[] = []
  /** None is empty. */
  readonly #open = new Map<string, OpenBatch>()
  readonly #parts = new Map<string, Part[]>()
  #heldBytes = 0

  /** Sealed and not yet released, oldest first. */
  get sealed(): readonly StoredBatch<Target>[] {
    return this.#sealed
  }

  /** Records' bytes that are not released. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  get isEmpty(): boolean {
    return this.#sealed.length === 0 && this.#open.size === 0
  }

  openTally(lane: string): Tally {
    return this.#open.get(lane)?.tally ?? NOTHING
  }

  *openLanes(): Generator<readonly [lane: string, tally: Tally]> {
    for (const [lane, { tally }] of this.#open) if (lane !== MAIN_LANE) yield [lane, tally]
  }

  /** The first segment with bytes that something still needs. */
  get firstSegment(): number {
    let first = Number.POSITIVE_INFINITY
    for (const { extents } of this.#sealed) first = Math.min(first, extents[0]?.segment ?? first)
    for (const { extents } of this.#open.values()) first = Math.min(first, extents[0]?.segment ?? first)
    for (const parts of this.#parts.values()) first = Math.min(first, parts[0]?.extent.segment ?? first)
    return first
  }

  find(id: string): StoredBatch<Target> | undefined {
    return this.#sealed.find((batch) => batch.id === id)
  }

  addRecords(lane: string, tally: Tally, extent: Extent): void {
    const open = this.#open.get(lane) ?? { tally: NOTHING, extents: [] }
    open.tally = plus(open.tally, tally)
    extend(open.extents, extent)
    this.#open.set(lane, open)
    this.#heldBytes += tally.bytes
  }

  /** Of an attempt that is not released yet. */
  addPart(attempt: string, part: Part): void {
    const parts = this.#parts.get(attempt)
    if (parts === undefined) this.#parts.set(attempt, [part])
    else parts.push(part)
  }

  /** An attempt that failed, or all that a crash cut off: what they were made of is still there. */
  dropParts(attempt?: string): void {
    if (attempt === undefined) this.#parts.clear()
    else this.#parts.delete(attempt)
  }

  /** A frame without records became part of the log: reading skips it, so that the open main batch stays one extent. */
  skip(extent: Extent): void {
    const open = this.#open.get(MAIN_LANE)
    if (open !== undefined) extend(open.extents, extent)
  }

  seal(lane: string, sealed: { readonly id: string; readonly target: Target; readonly isRecovered: boolean }): void {
    const open = this.#open.get(lane)
    if (open === undefined) return
    this.#open.delete(lane)
    this.#sealed.push({ lane, extents: open.extents, ...open.tally, ...sealed })
  }

  retarget(id: string, target: Target): void {
    const batch = this.find(id)
    if (batch !== undefined) batch.target = target
  }

  /** `attempt`: whose parts take the batch's place. */
  release(id: string, attempt: string | undefined): void {
    const parts = attempt === undefined ? [] : (this.#parts.get(attempt) ?? [])
    if (attempt !== undefined) this.#parts.delete(attempt)
    const index = this.#sealed.findIndex((batch) => batch.id === id)
    if (index >= 0) this.#heldBytes -= this.#sealed.splice(index, 1)[0]?.bytes ?? 0
    // The batch itself may be gone from a journal that is replayed: its segments go when it is done with.
    for (const { lane, extent, recordCount, bytes, firstRecordAtMs } of parts) {
      this.addRecords(lane, { recordCount, bytes, firstRecordAtMs }, extent)
    }
  }
}

export function plus(tally: Tally, more: Tally): Tally {
  return {
    recordCount: tally.recordCount + more.recordCount,
    bytes: tally.bytes + more.bytes,
    firstRecordAtMs: tally.firstRecordAtMs ?? more.firstRecordAtMs,
  }
}

function extend(extents: Extent[], { segment, start, end }: Extent): void {
  const last = extents.at(-1)
  if (last !== undefined && last.segment === segment && last.end === start) last.end = end
  else extents.push({ segment, start, end })
}
