/** When a key's material is renewed. Pure. */
import type { CustomerKey, RotationSchedule } from './customer-key-table.ts'

const DAY_MS = 24 * 3600 * 1000

/** A key that is disabled or about to be deleted waits; it is renewed when it is enabled again. */
export function isRotationDue({ state, rotation }: CustomerKey, nowMs: number): boolean {
  return state === 'enabled' && rotation !== undefined && rotation.nextAtMs <= nowMs
}

/** The next date stays in step with the first, however late the clock was looked at. */
export function rotated(schedule: RotationSchedule | undefined, nowMs: number): RotationSchedule | undefined {
  if (schedule === undefined) return undefined
  const periodMs = schedule.periodDays * DAY_MS
  const missed = Math.floor((nowMs - schedule.nextAtMs) / periodMs) + 1
  return { ...schedule, nextAtMs: schedule.nextAtMs + missed * periodMs }
}
