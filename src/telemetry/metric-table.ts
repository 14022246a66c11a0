/** Series and their points in the database. Nothing here is atomic by itself: the caller makes it one change. */
import type { MetadataDatabase, Statement } from '../platform/sqlite.ts'
import type { SeriesName } from './metric.ts'
import { ByteReader, ByteWriter } from './summary.ts'

/** In `metric_chunk.id`, above the series. */
export const SERIES_IDS = 2 ** 20

export interface SeriesRow {
  readonly id: number
  readonly name: SeriesName
  readonly lastMinute: number
}

/** A closed point on its way into its hour. */
export interface LoosePoint {
  readonly series: number
  readonly hour: number
  readonly point: Buffer
}

export interface Settling {
  readonly flush: number
  readonly hour: number
  readonly series: number
}

export interface HourRow {
  readonly hour: number
  readonly bytes: number
  /** Minutes that a point stands for. */
  readonly step: number
}

export class MetricTable {
  readonly #database: MetadataDatabase
  readonly #putSeries: Statement<unknown>
  readonly #chunk: Statement<{ points: Buffer }>
  readonly #putChunk: Statement<unknown>
  readonly #growHour: Statement<unknown>
  readonly #hours: Statement<HourRow>

  constructor(database: MetadataDatabase) {
    this.#database = database
    this.#putSeries = database.prepare(
      `INSERT INTO metric_series VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET last_minute = excluded.last_minute`,
    )
    this.#chunk = database.prepare('SELECT points FROM metric_chunk WHERE id = ?')
    this.#putChunk = database.prepare(
      'INSERT INTO metric_chunk VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET points = excluded.points',
    )
    this.#growHour = database.prepare(
      'INSERT INTO metric_hour VALUES (?, ?, 1) ON CONFLICT (hour) DO UPDATE SET bytes = bytes + excluded.bytes',
    )
    this.#hours = database.prepare('SELECT hour, bytes, step FROM metric_hour ORDER BY hour')
  }

  series(): SeriesRow[] {
    return this.#database
      .prepare<{ id: number; namespace: string; name: string; dimensions: string; unit: string; last_minute: number }>(
        'SELECT id, namespace, name, dimensions, unit, last_minute FROM metric_series ORDER BY id',
      )
      .all()
      .map(({ id, namespace, name, dimensions, unit, last_minute }) => ({
        id,
        name: { namespace, name, dimensions: JSON.parse(dimensions) as SeriesName['dimensions'], unit },
        lastMinute: last_minute,
      }))
  }

  putSeries({ id, name, lastMinute }: SeriesRow): void {
    this.#putSeries.run(id, name.namespace, name.name, JSON.stringify(name.dimensions), name.unit, lastMinute)
  }

  deleteSeries(id: number): void {
    this.#database.prepare('DELETE FROM metric_series WHERE id = ?').run(id)
  }

  // ---- flushes

  /** Gives its number. */
  addFlush(points: readonly LoosePoint[]): number {
    const writer = new ByteWriter()
    for (const { series, hour, point } of points) {
      writer.varint(series)
      writer.varint(hour)
      writer.varint(point.byteLength)
      writer.append(point)
    }
    return this.#database.prepare('INSERT INTO metric_flush (points) VALUES (?)').run(writer.take()).lastId
  }

  *loosePoints(): IterableIterator<LoosePoint & { readonly flush: number }> {
    const rows = this.#database
      .prepare<{ number: number; points: Buffer }>('SELECT number, points FROM metric_flush ORDER BY number')
      .all()
    for (const { number, points } of rows) {
      const reader = new ByteReader(points)
      while (!reader.isAtEnd) {
        const series = reader.varint()
        const hour = reader.varint()
        yield { flush: number, series, hour, point: reader.take(reader.varint()) }
      }
    }
  }

  lastFlush(): number {
    return (
      this.#database.prepare<{ number: number | null }>('SELECT max(number) AS number FROM metric_flush').get()
        ?.number ?? 0
    )
  }

  deleteFlushes(upTo: number): void {
    this.#database.prepare('DELETE FROM metric_flush WHERE number <= ?').run(upTo)
  }

  settling(): Settling | undefined {
    return this.#database.prepare<Settling & Record<string, number>>('SELECT * FROM metric_settling').get()
  }

  putSettling(settling: Settling | undefined): void {
    this.#database.prepare('DELETE FROM metric_settling').run()
    if (settling === undefined) return
    const { flush, hour, series } = settling
    this.#database.prepare('INSERT INTO metric_settling VALUES (?, ?, ?)').run(flush, hour, series)
  }

  // ---- hours

  chunk(hour: number, series: number): Buffer | undefined {
    return this.#chunk.get(hour * SERIES_IDS + series)?.points
  }

  /** `bytesBefore`: of the points that these are instead of. */
  putChunk(hour: number, series: number, points: Buffer, bytesBefore: number): void {
    this.#putChunk.run(hour * SERIES_IDS + series, points)
    this.#growHour.run(hour, points.byteLength - bytesBefore)
  }

  /** Which series have points in an hour, behind `after`. */
  chunkSeries(hour: number, after: number, limit: number): number[] {
    return this.#database
      .prepare<{ id: number }>('SELECT id FROM metric_chunk WHERE id > ? AND id < ? ORDER BY id LIMIT ?')
      .all(hour * SERIES_IDS + after, (hour + 1) * SERIES_IDS, limit)
      .map(({ id }) => id % SERIES_IDS)
  }

  /** Oldest first. */
  hours(): HourRow[] {
    return this.#hours.all()
  }

  setStep(hour: number, step: number): void {
    this.#database.prepare('UPDATE metric_hour SET step = ? WHERE hour = ?').run(step, hour)
  }

  deleteHour(hour: number): void {
    this.#database
      .prepare('DELETE FROM metric_chunk WHERE id >= ? AND id < ?')
      .run(hour * SERIES_IDS, (hour + 1) * SERIES_IDS)
    this.#database.prepare('DELETE FROM metric_hour WHERE hour = ?').run(hour)
  }
}
