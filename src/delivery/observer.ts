/** What a stream tells of its work as it goes: for metrics, and for the log that its owner reads. */
import type { ConversionFigures } from './conversion/conversions.ts'
import type { ObjectTarget } from './destination.ts'
import type { Tally } from './journal/journal.ts'
import type { Outcome } from './processing/record.ts'

/** The stream's own destination, or its backup. */
export type DeliveredTo = 'destination' | 'backup'

export interface StreamObserver {
  /** Records that became durable. */
  accepted(records: number, bytes: number): void
  /** Records that were told to come again. */
  throttled(records: number): void
  /** What a step became; and how many partitions are active now, and whether that kept records out. */
  processed(outcome: Outcome, partitions: { readonly active: number; readonly areExceeded: boolean }): void
  converted(figures: ConversionFigures): void
  delivered(to: DeliveredTo, batch: Tally): void
  /** It is tried again. */
  notDelivered(to: DeliveredTo, batch: Tally, target: ObjectTarget, error: unknown): void
}

export function unobserved(): StreamObserver {
  const nothing = () => undefined
  return {
    accepted: nothing,
    throttled: nothing,
    processed: nothing,
    converted: nothing,
    delivered: nothing,
    notDelivered: nothing,
  }
}
