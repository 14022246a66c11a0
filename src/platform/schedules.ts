/**
 * What happens at the times of a schedule. Each time fires once, also when the clock is set back over it; times that
 * passed while nobody watched (the lake was down, the machine slept, the clock was set forth) are not made up for.
 */
import type { Clock, Timer } from './clock.ts'
import type { CronSchedule } from './cron.ts'
import type { Log } from './log.ts'
import { TaskScope } from './tasks.ts'

/** How late a time may still fire: a process that was held up is late, one that slept has missed it. */
export const LATE_MS_MAX = 60_000
/** Timers go by a clock of their own, so the wall clock is looked at this often. */
const LOOK_MS_MAX = 30_000
/** So many times are known to have fired, of each schedule, should the clock be set back. */
const FIRED_KEPT_MAX = 1000

/** `dueMs` is the time of the schedule, not the one at which it runs. */
export type Fire = (dueMs: number, signal: AbortSignal) => Promise<void>

interface Entry {
  readonly schedule: CronSchedule
  readonly fire: Fire
  readonly fired: Set<number>
  dueMs: number | undefined
}

export class Schedules {
  readonly #clock: Clock
  readonly #tasks: TaskScope
  readonly #entries = new Map<string, Entry>()
  #timer: Timer | undefined
  #lookedAtMs: number
  #isClosed = false

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = clock
    this.#tasks = new TaskScope(log)
    this.#lookedAtMs = clock.nowMs()
  }

  /** From now on `fire` runs at the times of `schedule`. One of the same name ends. A failure of `fire` is logged. */
  set(name: string, schedule: CronSchedule, fire: Fire): void {
    const fired = this.#entries.get(name)?.fired ?? new Set()
    const entry: Entry = { schedule, fire, fired, dueMs: undefined }
    entry.dueMs = nextDue(entry, this.#clock.nowMs())
    this.#entries.set(name, entry)
    this.#arm()
  }

  /** What it has started goes on. */
  remove(name: string): void {
    this.#entries.delete(name)
    this.#arm()
  }

  /** When it fires next; undefined: never, or there is no such schedule. */
  dueMs(name: string): number | undefined {
    return this.#entries.get(name)?.dueMs
  }

  /** Nothing fires any more; waits for what has been started. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#timer?.cancel()
    this.#entries.clear()
    await this.#tasks.close()
  }

  #arm(): void {
    this.#timer?.cancel()
    const dues = [...this.#entries.values()].flatMap(({ dueMs }) => dueMs ?? [])
    if (this.#isClosed || dues.length === 0) return
    const waitMs = dues.reduce((least, dueMs) => Math.min(least, dueMs - this.#clock.nowMs()), LOOK_MS_MAX)
    this.#timer = this.#clock.after(Math.max(0, waitMs), () => this.#look())
  }

  #look(): void {
    const nowMs = this.#clock.nowMs()
    const wasSetBack = nowMs < this.#lookedAtMs
    this.#lookedAtMs = nowMs
    for (const [name, entry] of this.#entries) {
      if (wasSetBack) entry.dueMs = nextDue(entry, nowMs)
      if (entry.dueMs === undefined || entry.dueMs > nowMs) continue
      if (nowMs - entry.dueMs > LATE_MS_MAX) entry.dueMs = nextDue(entry, nowMs - LATE_MS_MAX - 1)
      while (entry.dueMs !== undefined && entry.dueMs <= nowMs) {
        this.#fire(name, entry, entry.dueMs)
        entry.dueMs = nextDue(entry, entry.dueMs)
      }
    }
    this.#arm()
  }

  #fire(name: string, { fire, fired }: Entry, dueMs: number): void {
    fired.add(dueMs)
    for (const oldest of fired) {
      if (fired.size <= FIRED_KEPT_MAX) break
      fired.delete(oldest)
    }
    this.#tasks.spawn(`schedule ${name}`, (signal) => fire(dueMs, signal))
  }
}

/** The next time that has not fired. */
function nextDue({ schedule, fired }: Entry, afterMs: number): number | undefined {
  let dueMs = schedule.next(afterMs)
  while (dueMs !== undefined && fired.has(dueMs)) dueMs = schedule.next(dueMs)
  return dueMs
}
