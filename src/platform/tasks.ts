/**
 * Background work with an owner. Whatever is spawned here is awaited when the scope closes, and its failure is
 * reported once, never lost: shutdown is an ordered list of scopes, not a race.
 */
import type { Log } from './log.ts'

export class TaskScope {
  readonly #log: Log
  readonly #abort = new AbortController()
  readonly #running = new Set<Promise<void>>()

  constructor(log: Log) {
    this.#log = log
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Starts `work` now. Errors other than the scope's own abort reason are logged with the task's name. */
  spawn(name: string, work: (signal: AbortSignal) => Promise<void>): void {
    if (this.#abort.signal.aborted) return
    const task: Promise<void> = work(this.#abort.signal)
      .catch((error: unknown) => {
        if (error !== this.#abort.signal.reason) this.#log.error('TaskFailed', { task: name, error })
      })
      .finally(() => this.#running.delete(task))
    this.#running.add(task)
  }

  /** Work that hands out what it finds as it goes: it begins when somebody listens, and ends with the scope too. */
  async *follow<Item>(work: (signal: AbortSignal) => AsyncGenerator<Item, void>): AsyncGenerator<Item, void> {
    this.#abort.signal.throwIfAborted()
    let end: () => void = () => undefined
    const task = new Promise<void>((resolve) => {
      end = resolve
    })
    this.#running.add(task)
    try {
      yield* work(this.#abort.signal)
    } finally {
      this.#running.delete(task)
      end()
    }
  }

  /** Tells every task to stop and waits until all have. */
  async close(): Promise<void> {
    this.#abort.abort(new Error('The lake is shutting down.'))
    while (this.#running.size > 0) await Promise.all(this.#running)
  }
}
