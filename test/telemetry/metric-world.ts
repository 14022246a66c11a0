/** A store of metrics over a database that outlives it, with a clock that stands. */
import type { Clock } from '../../src/platform/clock.ts'
import { type Log, silentLog } from '../../src/platform/log.ts'
import { MetadataDatabase } from '../../src/platform/sqlite.ts'
import type { SeriesName } from '../../src/telemetry/metric.ts'
import { MetricStore } from '../../src/telemetry/metric-store.ts'
import { FakeClock } from '../support/fake-clock.ts'

/** A whole hour. */
export const START_MS = Date.UTC(2026, 0, 15, 12)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

export class MetricWorld {
  readonly clock = new FakeClock(START_MS)
  readonly database = new MetadataDatabase(':memory:')
  store!: MetricStore
  #life = { isOver: false }

  static async open(log: Log = silentLog): Promise<MetricWorld> {
    const world = new MetricWorld()
    await world.reopen(log)
    return world
  }

  /** As after a crash: what was in memory is gone, and nothing that was to be done is. */
  async reopen(log: Log = silentLog): Promise<void> {
    this.#life.isOver = true
    this.#life = { isOver: false }
    this.store = await MetricStore.open({ database: this.database, clock: clockOf(this.clock, this.#life), log })
  }

  /** Minutes since the start, and their sums. */
  sums(name: SeriesName, fromMs = 0, toMs = START_MS + 1000 * HOUR): [minute: number, sum: number][] {
    return this.store.points(name, fromMs, toMs).map(({ atMs, summary }) => [(atMs - START_MS) / MINUTE, summary.sum])
  }

  rows(table: string): number {
    return this.database.prepare<{ count: number }>(`SELECT count(*) AS count FROM ${table}`).get()?.count ?? 0
  }
}

export function seriesName(name = 'Requests', value = 's', unit = 'Count'): SeriesName {
  return { namespace: 'Test', name, unit, dimensions: [{ name: 'Stream', value }] }
}

/** The clock of a process, which runs nothing any more when that has ended. */
function clockOf(clock: FakeClock, life: { readonly isOver: boolean }): Clock {
  return {
    nowMs: () => clock.nowMs(),
    after: (delayMs, action) => clock.after(delayMs, () => life.isOver || action()),
    sleep: (delayMs, signal) => clock.sleep(delayMs, signal),
  }
}
