/** A clock that moves only when told. `advance` runs what fell due, in order, and lets its promises settle. */
import type { Clock, Timer } from '../../src/platform/clock.ts'

interface Due {
  atMs: number
  order: number
  action: () => void
}

export class FakeClock implements Clock {
  /** What timers go by. */
  #nowMs: number
  #skewMs = 0
  #order = 0
  #due: Due[] = []

  constructor(startMs = Date.UTC(2026, 0, 15, 12, 0, 0)) {
    this.#nowMs = startMs
  }

  nowMs(): number {
    return this.#nowMs + this.#skewMs
  }

  after(delayMs: number, action: () => void): Timer {
    const due = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, action }
    this.#due.push(due)
    return {
      cancel: () => {
        this.#due = this.#due.filter((other) => other !== due)
      },
    }
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const timer = this.after(delayMs, resolve)
      signal?.addEventListener('abort', () => {
        timer.cancel()
        reject(signal.reason)
      })
    })
  }

  /** How many timers are waiting: a test can assert that nothing was left behind. */
  get waiting(): number {
    return this.#due.length
  }

  async advance(byMs: number): Promise<void> {
    const targetMs = this.#nowMs + byMs
    for (;;) {
      await settle()
      const next = this.#due
        .filter((due) => due.atMs <= targetMs)
        .sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0]
      if (next === undefined) break
      this.#due = this.#due.filter((due) => due !== next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.action()
    }
    this.#nowMs = targetMs
    await settle()
  }

  /** Sets the wall clock without running timers, as an operator or NTP would. */
  jumpTo(ms: number): void {
    this.#nowMs = ms - this.#skewMs
  }

  /** The wall clock is set, back or forth; timers go by a clock of their own and do not notice. */
  jumpBy(ms: number): void {
    this.#skewMs += ms
  }
}

/** Lets promises and immediate callbacks (group commit, file IO started before) run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}
