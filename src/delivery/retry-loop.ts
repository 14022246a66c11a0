/**
 * One thing after the other, each repeated until it succeeds: how a stream works off its sealed batches. Between attempts
 * it waits longer and longer, unless it is told to hurry.
 */
import type { Clock } from '../platform/clock.ts'
import type { Random } from '../platform/random.ts'
import { retryDelayMs } from './retry-delay.ts'
import type { Turns } from './turns.ts'

export interface Work<Item> {
  /** What is to be done now; undefined: nothing. Asked again for every attempt. */
  next(): Item | undefined
  /** Rejects when it must be done again. After `signal` nothing may be changed any more. */
  perform(item: Item, signal: AbortSignal): Promise<void>
  onFailed(error: unknown, item: Item, retryInMs: number): void
  onIdle(): void
}

export class RetryLoop<Item> {
  readonly #work: Work<Item>
  readonly #parts: { readonly turns: Turns; readonly clock: Clock; readonly random: Random }
  #running: Promise<void> | undefined
  #going: Promise<unknown> | undefined
  #isPaused = false
  #isStopped = false
  #abort = new AbortController()
  /** Present while a failed attempt waits for the next one. */
  #wake: AbortController | undefined

  constructor(work: Work<Item>, parts: { readonly turns: Turns; readonly clock: Clock; readonly random: Random }) {
    this.#work = work
    this.#parts = parts
  }

  /** Something is being done, or waits to be done again. */
  get isBusy(): boolean {
    return this.#running !== undefined
  }

  /** There may be something to do. */
  kick(): void {
    if (this.#running === undefined && this.#mayBegin && this.#work.next() !== undefined) this.#running = this.#run()
  }

  /** The next attempt comes at once: what made it fail may have changed. */
  hurry(): void {
    this.#wake?.abort()
  }

  /** Nothing is begun until `resume`. What is being done ends first, or is cut short. */
  async pause(how: 'finish' | 'abort'): Promise<void> {
    this.#isPaused = true
    if (how === 'abort') this.#cutShort()
    // Its failure is the loop's to deal with.
    await this.#going?.catch(() => undefined)
  }

  resume(): void {
    this.#isPaused = false
    this.kick()
  }

  async stop(how: 'finish' | 'abort'): Promise<void> {
    this.#isStopped = true
    if (how === 'abort') this.#cutShort()
    this.#wake?.abort()
    await this.#running
  }

  get #mayBegin(): boolean {
    return !this.#isPaused && !this.#isStopped
  }

  #cutShort(): void {
    this.#abort.abort()
    this.#abort = new AbortController()
  }

  async #run(): Promise<void> {
    let failures = 0
    for (let item = this.#work.next(); item !== undefined && this.#mayBegin; item = this.#work.next()) {
      try {
        await this.#parts.turns.take(() => this.#perform(item as Item))
        failures = 0
      } catch (error) {
        failures += 1
        await this.#waitAfter(error, item, retryDelayMs(failures, this.#parts.random.unit()))
      }
    }
    this.#running = undefined
    if (!this.#isStopped) this.#work.onIdle()
  }

  async #perform(item: Item): Promise<void> {
    // The turn may have come after the loop was paused or stopped.
    if (!this.#mayBegin) return
    const { signal } = this.#abort
    this.#going = this.#work.perform(item, signal).finally(() => {
      this.#going = undefined
    })
    await this.#going
  }

  async #waitAfter(error: unknown, item: Item, delayMs: number): Promise<void> {
    if (!this.#mayBegin) return
    this.#work.onFailed(error, item, delayMs)
    const wake = new AbortController()
    this.#wake = wake
    try {
      await this.#parts.clock.sleep(delayMs, wake.signal)
    } catch (reason) {
      if (!wake.signal.aborted) throw reason
    } finally {
      this.#wake = undefined
    }
  }
}
