/** Time as a collaborator. Nothing else in `src` reads the wall clock or sets a timer; tests pass `FakeClock`. */

export interface Timer {
  cancel(): void
}

export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. */
  nowMs(): number
  /** Runs `action` once, `delayMs` from now. Never keeps the process alive by itself. */
  after(delayMs: number, action: () => void): Timer
  /** Resolves after `delayMs`; rejects with the signal's reason when it aborts first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),

  after(delayMs, action) {
    const handle = setTimeout(action, delayMs)
    handle.unref()
    return { cancel: () => clearTimeout(handle) }
  },

  sleep(delayMs, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const onAbort = () => {
        clearTimeout(handle)
        reject(signal?.reason)
      }
      const handle = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }, delayMs)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  },
}
