/** When an open batch is closed: the whole decision, and nothing else. */
import type { BufferingHints } from './destination.ts'

export type FlushReason = 'size' | 'interval'

/** What the decision needs to know of the open batch. */
export interface OpenBatch {
  readonly bytes: number
  /** undefined: the batch is empty. */
  readonly firstRecordAtMs: number | undefined
}

export function flushReason(open: OpenBatch, hints: BufferingHints, nowMs: number): FlushReason | undefined {
  if (open.firstRecordAtMs === undefined) return undefined
  if (open.bytes >= hints.bytesMax) return 'size'
  return dueInMs(open.firstRecordAtMs, hints, nowMs) === 0 ? 'interval' : undefined
}

/**
 * How long the batch may still wait. Never more than the interval, so a wall clock that was set back cannot hold
 * records for longer than their owner asked.
 */
export function dueInMs(firstRecordAtMs: number, hints: BufferingHints, nowMs: number): number {
  return Math.min(hints.intervalMs, Math.max(0, firstRecordAtMs + hints.intervalMs - nowMs))
}
