/**
 * Object Lock: what protects a version from being removed, and how its protection may change. Pure; the store asks inside
 * its transactions. (S3 user guide, "Locking objects with Object Lock".)
 */

export type RetentionMode = 'governance' | 'compliance'

export interface Retention {
  readonly mode: RetentionMode
  readonly untilMs: number
}

/** Of one version. */
export interface ObjectLock {
  readonly retention?: Retention
  /** A legal hold: protects until it is lifted, whatever the retention. */
  readonly isHeld?: boolean
}

/** Of a bucket that has Object Lock. */
export interface LockSettings {
  /** What new versions get that come without a retention of their own. */
  readonly defaultRetention?: { readonly mode: RetentionMode } & (
    | { readonly days: number }
    | { readonly years: number }
  )
}

const DAY_MS = 24 * 3600 * 1000

/** The lock of a version written now. */
export function lockOfNew(
  given: ObjectLock | undefined,
  settings: LockSettings | undefined,
  nowMs: number,
): ObjectLock | undefined {
  const byDefault = settings?.defaultRetention
  if (byDefault === undefined || given?.retention !== undefined) return given
  return { ...given, retention: { mode: byDefault.mode, untilMs: endOf(byDefault, nowMs) } }
}

function endOf(period: { readonly days: number } | { readonly years: number }, nowMs: number): number {
  if ('days' in period) return nowMs + period.days * DAY_MS
  const end = new Date(nowMs)
  end.setUTCFullYear(end.getUTCFullYear() + period.years)
  return end.getTime()
}

/** Whether the version must stay. Only governance can be bypassed. */
export function isProtected(
  { retention, isHeld }: ObjectLock,
  { nowMs, bypassesGovernance }: { nowMs: number; bypassesGovernance: boolean },
): boolean {
  if (isHeld === true) return true
  if (retention === undefined || retention.untilMs <= nowMs) return false
  return retention.mode === 'compliance' || !bypassesGovernance
}

/** Anybody may make a retention stricter; only one that has ended, or governance when bypassed, may be made looser. */
export function mayBecome(
  from: Retention | undefined,
  to: Retention | undefined,
  { nowMs, bypassesGovernance }: { nowMs: number; bypassesGovernance: boolean },
): boolean {
  if (from === undefined || from.untilMs <= nowMs) return true
  const isStricter =
    to !== undefined && to.untilMs >= from.untilMs && (to.mode === 'compliance' || from.mode === 'governance')
  return isStricter || (from.mode === 'governance' && bypassesGovernance)
}
