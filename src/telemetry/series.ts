/**
 * The values of one series that are in memory: summaries of minutes still open, and the encoded points of those that
 * were closed since the hours were last put together.
 */
import type { Clock } from '../platform/clock.ts'
import type { SeriesName } from './metric.ts'
import { ByteReader, ByteWriter, Summary } from './summary.ts'

export const MINUTE_MS = 60_000
export const MINUTES_PER_HOUR = 60

/** Since the process began; what Prometheus is told. */
export interface Totals {
  readonly count: number
  readonly sum: number
  /** The newest value. */
  readonly last: number
}

export interface Meter {
  /** Now. NaN and infinities are thrown away. */
  record(value: number, count?: number): void
}

interface Mutable {
  count: number
  sum: number
  last: number
}

export class Series implements Meter {
  readonly id: number
  readonly name: SeriesName
  readonly #clock: Clock
  readonly #onOpened: (series: Series) => void
  readonly #totals: Mutable = { count: 0, sum: 0, last: 0 }
  /** In the database. */
  isKept: boolean
  /** The newest minute with a value. */
  lastMinute: number
  #minute = -1
  #current: Summary | undefined
  /** By minute since the epoch; the current one is among them. */
  readonly #open = new Map<number, Summary>()
  /** By hour since the epoch. */
  readonly #closed = new Map<number, ByteWriter>()

  constructor(
    parts: {
      readonly id: number
      readonly name: SeriesName
      readonly isKept: boolean
      readonly lastMinute: number
    },
    clock: Clock,
    onOpened: (series: Series) => void,
  ) {
    this.id = parts.id
    this.name = parts.name
    this.isKept = parts.isKept
    this.lastMinute = parts.lastMinute
    this.#clock = clock
    this.#onOpened = onOpened
  }

  get totals(): Totals {
    return this.#totals
  }

  get openMinutes(): number {
    return this.#open.size
  }

  record(value: number, count = 1): void {
    if (!Number.isFinite(value)) return
    const minute = Math.floor(this.#clock.nowMs() / MINUTE_MS)
    let summary = this.#current
    if (summary === undefined || minute !== this.#minute) {
      summary = this.at(minute)
      this.#current = summary
      this.#minute = minute
    }
    summary.add(value, count)
    const totals = this.#totals
    totals.count += count
    totals.sum += value * count
    totals.last = value
  }

  /** The summary of a minute, to add to at once: it is closed with the next flush. */
  at(minute: number): Summary {
    const known = this.#open.get(minute)
    if (known !== undefined) return known
    const summary = new Summary()
    this.#open.set(minute, summary)
    if (minute > this.lastMinute) this.lastMinute = minute
    this.#onOpened(this)
    return summary
  }

  /** Encodes what is open but for the minute that is still going on; gives each point with its hour. */
  close(goingOn: number | undefined, writer: ByteWriter): { readonly hour: number; readonly point: Buffer }[] {
    const points: { hour: number; point: Buffer }[] = []
    for (const [minute, summary] of this.#open) {
      if (minute === goingOn) continue
      this.#open.delete(minute)
      if (summary === this.#current) this.#current = undefined
      if (summary.count === 0) continue
      summary.write(writer, minute % MINUTES_PER_HOUR)
      const entry = { hour: Math.floor(minute / MINUTES_PER_HOUR), point: writer.take() }
      points.push(entry)
      this.hold(entry.hour, entry.point)
    }
    return points
  }

  /** Closed points, until their hour is put together. */
  hold(hour: number, points: Buffer): void {
    const held = this.#closed.get(hour) ?? new ByteWriter()
    held.append(points)
    this.#closed.set(hour, held)
  }

  /** The hours before `limit` that have closed points. */
  closedHours(limit: number): number[] {
    return [...this.#closed.keys()].filter((hour) => hour < limit)
  }

  /** The closed points of an hour, which are then nobody's but the caller's. */
  release(hour: number): Buffer {
    const points = this.heldIn(hour)
    this.#closed.delete(hour)
    return points
  }

  heldIn(hour: number): Buffer {
    return this.#closed.get(hour)?.copy() ?? Buffer.alloc(0)
  }

  /** Adds what is in memory between two minutes (the second one excluded) to `found`. */
  collect(from: number, to: number, withSpread: boolean, found: Map<number, Summary>): void {
    for (const [hour, points] of this.#closed) {
      if ((hour + 1) * MINUTES_PER_HOUR <= from || hour * MINUTES_PER_HOUR >= to) continue
      collectPoints(points.copy(), { hour, from, to, withSpread }, found)
    }
    for (const [minute, summary] of this.#open) {
      if (minute < from || minute >= to) continue
      const copy = new Summary()
      copy.merge(summary)
      addTo(found, minute, copy)
    }
  }
}

export interface PointsAsked {
  readonly hour: number
  /** Minutes since the epoch; the second one is excluded. */
  readonly from: number
  readonly to: number
  /** See `Summary.read`. */
  readonly withSpread: boolean
}

/** Decodes points that stand one behind the other. */
export function collectPoints(
  points: Buffer,
  { hour, from, to, withSpread }: PointsAsked,
  found: Map<number, Summary>,
): void {
  const reader = new ByteReader(points)
  while (!reader.isAtEnd) {
    const { minute, summary } = Summary.read(reader, withSpread)
    const at = hour * MINUTES_PER_HOUR + minute
    if (at >= from && at < to) addTo(found, at, summary)
  }
}

/** Takes `summary` over. */
function addTo(found: Map<number, Summary>, minute: number, summary: Summary): void {
  const known = found.get(minute)
  if (known !== undefined) {
    known.merge(summary)
    return
  }
  found.set(minute, summary)
}
