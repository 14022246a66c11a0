/**
 * Which records of a call are let in. The first ones that fit, in order; the rest are refused and the producer sends
 * them again. Two bounds hold: bytes kept in journals, and bytes still in memory on their way there.
 */

export interface BacklogLimits {
  /** Undelivered bytes of one stream. */
  readonly streamBytesMax: number
  /** Undelivered bytes of all streams together. */
  readonly totalBytesMax: number
  /** Bytes of all streams that are in memory because they are not durable yet. */
  readonly queuedBytesMax: number
}

/** Room for eight of the largest buffers in one stream, and for a journal that a common disk can hold. */
export const backlogLimits: BacklogLimits = {
  streamBytesMax: 1024 * 1024 * 1024,
  totalBytesMax: 4 * 1024 * 1024 * 1024,
  queuedBytesMax: 64 * 1024 * 1024,
}

export interface BacklogUse {
  readonly streamBytes: number
  readonly totalBytes: number
  readonly queuedBytes: number
}

export function freeBytes(use: BacklogUse, limits: BacklogLimits): number {
  return Math.max(
    0,
    Math.min(
      limits.streamBytesMax - use.streamBytes,
      limits.totalBytesMax - use.totalBytes,
      limits.queuedBytesMax - use.queuedBytes,
    ),
  )
}

/** How many of `payloads`, from the first on, fit into `free` bytes. Nothing fits where there is no room at all. */
export function admittedCount(payloads: readonly Uint8Array[], free: number): number {
  if (free <= 0) return 0
  let left = free
  let count = 0
  for (const payload of payloads) {
    left -= payload.byteLength
    if (left < 0) break
    count += 1
  }
  return count
}
