/**
 * Metrics as a bounded time series: namespace, name, dimensions and unit, by the minute.
 *
 * Values are added up in memory, which costs well under a microsecond each. Once a minute, and at close, every minute
 * that is over is written as one row of all series (`metric_flush`): a crash loses one minute at most. Once an hour those
 * rows are put together into one row for each series and hour (`metric_chunk`), fifty series at a time, so that
 * nothing else waits. Reading takes hours from the database and the newest points from memory.
 *
 * Bounds. Time: points of one minute for `FINE_HOURS`, of five minutes for `KEPT_HOURS`. Disk: `DISK_BYTES_MAX`, the
 * oldest hours go first. Memory: `SERIES_MAX` series; `MEMORY_BYTES_MAX` of encoded points, and then they are put together
 * early; `OPEN_MAX` open minutes, and then they are flushed early. Series without a value for `KEPT_HOURS` are forgotten.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock, Timer } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { Refusal } from '../platform/refusal.ts'
import type { MetadataDatabase } from '../platform/sqlite.ts'
import { type MetricName, type SeriesName, seriesKey, sortedDimensions } from './metric.ts'
import { type LoosePoint, MetricTable, SERIES_IDS } from './metric-table.ts'
import { TELEMETRY_COMPONENT, TELEMETRY_MIGRATIONS } from './schema.ts'
import { collectPoints, type Meter, MINUTE_MS, MINUTES_PER_HOUR, Series, type Totals } from './series.ts'
import { ByteWriter, type Summary } from './summary.ts'

export const FINE_HOURS = 24
export const KEPT_HOURS = 15 * 24
export const DISK_BYTES_MAX = 256 * 1024 * 1024
export const MEMORY_BYTES_MAX = 32 * 1024 * 1024
export const SERIES_MAX = 10_000
const OPEN_MAX = 20_000
const FLUSH_MS = MINUTE_MS
/** After `FINE_HOURS` one point stands for so many minutes. */
const COARSE_MINUTES = 5
/** Put together in one change of the database. */
const SERIES_PER_STEP = 50

export interface KnownSeries {
  readonly name: SeriesName
  /** Of the newest minute with a value. */
  readonly lastMs: number
}

/** Every value of one minute. */
export interface Point {
  readonly atMs: number
  readonly summary: Summary
}

interface Released {
  readonly series: Series
  readonly hour: number
  readonly points: Buffer
}

export interface MetricStoreParts {
  readonly database: MetadataDatabase
  readonly clock: Clock
  readonly log: Log
}

export class MetricStore {
  readonly #database: MetadataDatabase
  readonly #table: MetricTable
  readonly #clock: Clock
  readonly #log: Log
  readonly #series = new Map<string, Series>()
  readonly #byId = new Map<number, Series>()
  /** Those with open minutes. */
  readonly #opened = new Set<Series>()
  /** Held by somebody who records: not forgotten while the process lasts. */
  readonly #metered = new Set<Series>()
  #nextId = 1
  #openCount = 0
  #heldBytes = 0
  #settledHour: number
  #timer: Timer | undefined
  /** Flushes and what follows them, one after the other. */
  #work: Promise<void> = Promise.resolve()
  #isEarlyDue = false
  #isClosed = false
  #overflowed = 0

  static async open(parts: MetricStoreParts): Promise<MetricStore> {
    parts.database.migrate(TELEMETRY_COMPONENT, TELEMETRY_MIGRATIONS)
    const store = new MetricStore(parts)
    await store.#load()
    store.#schedule()
    return store
  }

  private constructor({ database, clock, log }: MetricStoreParts) {
    this.#database = database
    this.#table = new MetricTable(database)
    this.#clock = clock
    this.#log = log
    this.#settledHour = this.#hour()
  }

  /** Where values of a series are recorded. Keep it: finding it costs more than recording. Never refuses. */
  meter(name: SeriesName): Meter {
    const series = this.#named(name)
    if (series === undefined) {
      if (this.#overflowed++ === 0) this.#log.warn('MetricsOverflowed', { seriesMax: SERIES_MAX, name: name.name })
      return NOBODY
    }
    this.#metered.add(series)
    return series
  }

  /** A summary of some minute, to add to at once. Refuses tooManyMetrics. */
  summaryAt(name: SeriesName, atMs: number): Summary {
    const series = this.#named(name)
    if (series === undefined) {
      throw new Refusal('tooManyMetrics', `The lake keeps no more than ${SERIES_MAX} metrics.`)
    }
    return series.at(Math.floor(atMs / MINUTE_MS))
  }

  /** Whatever has a value that is still kept. */
  known(): KnownSeries[] {
    return [...this.#series.values()]
      .filter((series) => series.lastMinute > 0)
      .map((series) => ({ name: series.name, lastMs: series.lastMinute * MINUTE_MS }))
  }

  /** Every unit of a metric, or one. */
  unitsOf(metric: MetricName, unit?: string): SeriesName[] {
    const wanted = seriesKey({ ...metric, unit: '' })
    return [...this.#series.values()]
      .filter(({ name }) => name.name === metric.name && name.namespace === metric.namespace)
      .filter(({ name }) => (unit === undefined || name.unit === unit) && seriesKey({ ...name, unit: '' }) === wanted)
      .map(({ name }) => name)
  }

  /** Since the process began, of those that were recorded by a meter. */
  totals(): { readonly name: SeriesName; readonly totals: Totals }[] {
    return [...this.#metered].map(({ name, totals }) => ({ name, totals }))
  }

  /**
   * Minutes with values from one instant to another, which is excluded; in the order of time, and the caller's own.
   * `withSpread` false: without percentiles, in a fraction of the time.
   */
  points(name: SeriesName, fromMs: number, toMs: number, { withSpread = true } = {}): Point[] {
    const series = this.#series.get(seriesKey(name))
    if (series === undefined) return []
    const [from, to] = [Math.ceil(fromMs / MINUTE_MS), Math.ceil(toMs / MINUTE_MS)]
    const found = new Map<number, Summary>()
    for (const { hour } of this.#table.hours()) {
      if ((hour + 1) * MINUTES_PER_HOUR <= from || hour * MINUTES_PER_HOUR >= to) continue
      const points = this.#table.chunk(hour, series.id)
      if (points !== undefined) collectPoints(points, { hour, from, to, withSpread }, found)
    }
    series.collect(from, to, withSpread, found)
    return [...found].sort(([a], [b]) => a - b).map(([minute, summary]) => ({ atMs: minute * MINUTE_MS, summary }))
  }

  /** Writes what is over now, and puts hours together that are; for tests, and for whoever closes. */
  flush(): Promise<void> {
    return this.#enqueue(() => this.#flush(this.#minute()))
  }

  /** Everything is written when it resolves; what is recorded afterwards is lost. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#timer?.cancel()
    await this.#enqueue(() => this.#writeOpen(undefined))
  }

  #minute(): number {
    return Math.floor(this.#clock.nowMs() / MINUTE_MS)
  }

  #hour(): number {
    return Math.floor(this.#minute() / MINUTES_PER_HOUR)
  }

  #named(name: SeriesName): Series | undefined {
    const key = seriesKey(name)
    const known = this.#series.get(key)
    if (known !== undefined) return known
    if (this.#series.size >= SERIES_MAX || this.#nextId >= SERIES_IDS) return undefined
    return this.#add({
      id: this.#nextId,
      name: { ...name, dimensions: sortedDimensions(name.dimensions) },
      isKept: false,
      lastMinute: 0,
    })
  }

  #add(row: { id: number; name: SeriesName; isKept: boolean; lastMinute: number }): Series {
    const series = new Series(row, this.#clock, (opened) => this.#noteOpened(opened))
    this.#series.set(seriesKey(row.name), series)
    this.#byId.set(row.id, series)
    this.#nextId = Math.max(this.#nextId, row.id + 1)
    return series
  }

  #noteOpened(series: Series): void {
    this.#opened.add(series)
    if (++this.#openCount > OPEN_MAX) this.#flushEarly()
  }

  #flushEarly(): void {
    if (this.#isEarlyDue || this.#isClosed) return
    this.#isEarlyDue = true
    void this.flush().finally(() => {
      this.#isEarlyDue = false
    })
  }

  #schedule(): void {
    this.#timer = this.#clock.after(FLUSH_MS, () => {
      void this.flush()
      this.#schedule()
    })
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      // Points stay in memory, where they are read, and are written with their hour.
      this.#log.error('MetricsNotWritten', { error })
    })
    return this.#work
  }

  // ---- reading back what an earlier process wrote

  async #load(): Promise<void> {
    for (const { id, name, lastMinute } of this.#table.series()) this.#add({ id, name, isKept: true, lastMinute })
    const settling = this.#table.settling()
    const left: LoosePoint[] = []
    for (const { flush, series, hour, point } of this.#table.loosePoints()) {
      const isSettled =
        settling !== undefined && flush <= settling.flush && hour < settling.hour && series <= settling.series
      const owner = this.#byId.get(series)
      if (isSettled || owner === undefined) continue
      left.push({ series, hour, point })
      this.#hold(owner, hour, point)
      owner.lastMinute = Math.max(owner.lastMinute, hour * MINUTES_PER_HOUR)
    }
    if (settling === undefined) return
    await this.#database.write(() => {
      this.#table.deleteFlushes(this.#table.lastFlush())
      if (left.length > 0) this.#table.addFlush(left)
      this.#table.putSettling(undefined)
    })
  }

  #hold(series: Series, hour: number, point: Buffer): void {
    series.hold(hour, point)
    this.#heldBytes += point.byteLength
  }

  // ---- writing

  async #flush(goingOn: number): Promise<void> {
    await this.#writeOpen(goingOn)
    const hour = this.#hour()
    if (this.#heldBytes > MEMORY_BYTES_MAX) await this.#settle(Number.MAX_SAFE_INTEGER)
    if (hour <= this.#settledHour) return
    await this.#settle(hour)
    await this.#age(hour)
    this.#settledHour = hour
  }

  /** One row of everything that is open, but for the minute that is going on. */
  async #writeOpen(goingOn: number | undefined): Promise<void> {
    const points: LoosePoint[] = []
    const fresh: Series[] = []
    const writer = new ByteWriter()
    let sinceTurn = 0
    for (const series of [...this.#opened]) {
      // Thousands of series take a tenth of a second: others are served in between.
      if (++sinceTurn % SERIES_PER_STEP === 0) await nextTurn()
      for (const { hour, point } of series.close(goingOn, writer)) {
        points.push({ series: series.id, hour, point })
        this.#heldBytes += point.byteLength
      }
      if (series.openMinutes === 0) this.#opened.delete(series)
      if (!series.isKept) fresh.push(series)
    }
    this.#openCount = [...this.#opened].reduce((sum, { openMinutes }) => sum + openMinutes, 0)
    if (points.length === 0) return
    await this.#database.write(() => {
      for (const series of fresh) this.#table.putSeries(series)
      this.#table.addFlush(points)
    })
    for (const series of fresh) series.isKept = true
  }

  /** Puts the closed points of all hours before `limit` into the rows of their series, step by step. */
  async #settle(limit: number): Promise<void> {
    const flush = this.#table.lastFlush()
    const due = [...this.#byId.values()]
      .filter((series) => series.closedHours(limit).length > 0)
      .sort((a, b) => a.id - b.id)
    for (let at = 0; at < due.length; at += SERIES_PER_STEP) {
      const step = due.slice(at, at + SERIES_PER_STEP)
      const last = step.at(-1) as Series
      const released: Released[] = []
      try {
        await this.#database.write(() => {
          for (const series of step) released.push(...this.#settleSeries(series, limit))
          this.#table.putSettling({ flush, hour: limit, series: last.id })
        })
      } catch (error) {
        for (const { series, hour, points } of released) this.#hold(series, hour, points)
        throw error
      }
    }
    await this.#database.write(() => {
      this.#table.deleteFlushes(flush)
      const left = this.#heldFrom(limit)
      if (left.length > 0) this.#table.addFlush(left)
      this.#table.putSettling(undefined)
    })
  }

  /** Within a change, so that nobody reads the points of both places. Gives what to take back when it is undone. */
  #settleSeries(series: Series, limit: number): Released[] {
    this.#table.putSeries(series)
    series.isKept = true
    return series.closedHours(limit).map((hour) => {
      const points = series.release(hour)
      this.#heldBytes -= points.byteLength
      const known = this.#table.chunk(hour, series.id)
      const all = known === undefined ? points : Buffer.concat([known, points])
      this.#table.putChunk(hour, series.id, all, known?.byteLength ?? 0)
      return { series, hour, points }
    })
  }

  /** Points of the future, or of an hour that began while others were put together: they stay flushed. */
  #heldFrom(limit: number): LoosePoint[] {
    return [...this.#byId.values()].flatMap((series) =>
      series
        .closedHours(Number.POSITIVE_INFINITY)
        .filter((hour) => hour >= limit)
        .map((hour) => ({ series: series.id, hour, point: series.heldIn(hour) })),
    )
  }

  // ---- ageing

  async #age(now: number): Promise<void> {
    for (const { hour, step } of this.#table.hours()) {
      if (hour < now - FINE_HOURS && step < COARSE_MINUTES) await this.#coarsen(hour)
    }
    let bytes = this.#table.hours().reduce((sum, row) => sum + row.bytes, 0)
    for (const row of this.#table.hours()) {
      if (row.hour >= now - KEPT_HOURS && bytes <= DISK_BYTES_MAX) break
      bytes -= row.bytes
      await this.#database.write(() => this.#table.deleteHour(row.hour))
    }
    await this.#forget((now - KEPT_HOURS) * MINUTES_PER_HOUR)
  }

  /** Doing it again changes nothing, so a crash may come between any two steps. */
  async #coarsen(hour: number): Promise<void> {
    for (let after = -1; ; ) {
      const ids = this.#table.chunkSeries(hour, after, SERIES_PER_STEP)
      const last = ids.at(-1)
      if (last === undefined) break
      await this.#database.write(() => {
        for (const id of ids) {
          const fine = this.#table.chunk(hour, id)
          if (fine !== undefined) this.#table.putChunk(hour, id, coarse(fine, hour), fine.byteLength)
        }
      })
      after = last
    }
    await this.#database.write(() => this.#table.setStep(hour, COARSE_MINUTES))
  }

  async #forget(beforeMinute: number): Promise<void> {
    const old = [...this.#byId.values()].filter(
      (series) => series.lastMinute < beforeMinute && series.openMinutes === 0 && !this.#metered.has(series),
    )
    if (old.length === 0) return
    await this.#database.write(() => {
      for (const { id } of old) this.#table.deleteSeries(id)
    })
    for (const series of old) {
      if (series.openMinutes > 0) continue
      this.#byId.delete(series.id)
      this.#series.delete(seriesKey(series.name))
    }
  }
}

const NOBODY: Meter = { record: () => undefined }

/** The points of an hour, each of five minutes, at the first of them. */
export function coarse(points: Buffer, hour: number): Buffer {
  const fine = new Map<number, Summary>()
  collectPoints(points, { hour, from: 0, to: Number.POSITIVE_INFINITY, withSpread: true }, fine)
  const merged = new Map<number, Summary>()
  for (const [minute, summary] of fine) {
    const first = minute - (minute % COARSE_MINUTES)
    const known = merged.get(first)
    if (known === undefined) merged.set(first, summary)
    else known.merge(summary)
  }
  const writer = new ByteWriter()
  for (const [minute, summary] of [...merged].sort(([a], [b]) => a - b))
    summary.write(writer, minute % MINUTES_PER_HOUR)
  return writer.take()
}
