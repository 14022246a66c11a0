/** How long delivery waits before it tries again: doubling, bounded, and spread so that streams do not knock together. */

const RETRY_DELAY_MS_MIN = 500
const RETRY_DELAY_MS_MAX = 60_000

/** `attempt` counts failures so far, from 1; `unit` is uniform in [0, 1). Half of the delay is fixed, half is chance. */
export function retryDelayMs(attempt: number, unit: number): number {
  const ceiling = Math.min(RETRY_DELAY_MS_MAX, RETRY_DELAY_MS_MIN * 2 ** Math.min(attempt, 30))
  return Math.round(ceiling / 2 + (ceiling / 2) * unit)
}
