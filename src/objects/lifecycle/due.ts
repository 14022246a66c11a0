/**
 * What the rules of a bucket say of one version or upload at a moment. Pure: the runner acts on it, replies show it.
 *
 *  - An age in days ends at a midnight UTC: the moment plus so many days, rounded up. (S3 user guide, "Setting lifecycle
 *    configuration on a bucket: how S3 calculates".)
 *  - A version is noncurrent since the version above it was written.
 *  - A rule with an age or date for current versions also clears delete markers that stand alone, once they are as old.
 */
import type { ObjectVersion } from '../object-store.ts'
import type { Expiration, LifecycleFilter, LifecycleRule } from './rules.ts'

const DAY_MS = 24 * 3600 * 1000

/** A version among those of its key. */
export interface VersionPlace {
  readonly version: ObjectVersion
  /** When the version above it was written; undefined for the latest. */
  readonly noncurrentSinceMs: number | undefined
  /** Versions between it and the latest. */
  readonly noncurrentAbove: number
  /** The key has no other version or marker. */
  readonly isOnly: boolean
}

export interface Due {
  /** `expire`: what a DELETE of the key does. `remove`: this version goes for good. */
  readonly action: 'expire' | 'remove'
  readonly ruleId: string
}

export function dueAction(rules: readonly LifecycleRule[], place: VersionPlace, nowMs: number): Due | undefined {
  const { version } = place
  const rule = rules.find((candidate) => candidate.isEnabled && isDue(candidate, place, nowMs))
  if (rule === undefined) return undefined
  const isCurrent = place.noncurrentSinceMs === undefined
  return { action: isCurrent && !version.isDeleteMarker ? 'expire' : 'remove', ruleId: rule.id }
}

function isDue(rule: LifecycleRule, place: VersionPlace, nowMs: number): boolean {
  const { version, noncurrentSinceMs, noncurrentAbove, isOnly } = place
  if (!covers(rule.filter, version)) return false
  if (noncurrentSinceMs !== undefined) {
    const { noncurrent } = rule
    if (noncurrent === undefined || noncurrentAbove < (noncurrent.newestKept ?? 0)) return false
    return midnightAfter(noncurrentSinceMs, noncurrent.afterDays) <= nowMs
  }
  const expiresAtMs = rule.expiration && expirationMs(rule.expiration, version.lastModifiedMs)
  const isOldEnough = expiresAtMs !== undefined && expiresAtMs <= nowMs
  if (!version.isDeleteMarker) return isOldEnough
  return isOnly && (rule.expiresMarkers === true || isOldEnough)
}

/** When the latest version expires and by which rule: the earliest, the first of those in order. */
export function expiryOf(
  rules: readonly LifecycleRule[],
  version: ObjectVersion,
): { readonly atMs: number; readonly ruleId: string } | undefined {
  return rules
    .filter((rule) => rule.isEnabled && covers(rule.filter, version))
    .flatMap(({ expiration, id }) =>
      expiration === undefined ? [] : [{ atMs: expirationMs(expiration, version.lastModifiedMs), ruleId: id }],
    )
    .toSorted((a, b) => a.atMs - b.atMs)[0]
}

/** When an upload that is not completed is aborted, and by which rule. */
export function abortOf(
  rules: readonly LifecycleRule[],
  upload: { readonly key: string; readonly startedAtMs: number },
): { readonly atMs: number; readonly ruleId: string } | undefined {
  return rules
    .filter((rule) => rule.isEnabled && upload.key.startsWith(rule.filter.prefix ?? ''))
    .flatMap(({ abortsUploadsAfterDays: days, id }) =>
      days === undefined ? [] : [{ atMs: midnightAfter(upload.startedAtMs, days), ruleId: id }],
    )
    .toSorted((a, b) => a.atMs - b.atMs)[0]
}

/** The fewest prefixes that hold every key the enabled rules speak of. */
export function prefixesOf(rules: readonly LifecycleRule[]): string[] {
  const prefixes = rules.filter((rule) => rule.isEnabled).map((rule) => rule.filter.prefix ?? '')
  const wider = (prefix: string, other: string) => other !== prefix && prefix.startsWith(other)
  return [...new Set(prefixes)].filter((prefix) => !prefixes.some((other) => wider(prefix, other)))
}

/** A delete marker has no tags and no size: rules that ask for either do not speak of it. */
function covers({ prefix = '', tags, sizeAbove, sizeBelow }: LifecycleFilter, version: ObjectVersion): boolean {
  if (!version.key.startsWith(prefix)) return false
  if (version.isDeleteMarker) return tags === undefined && sizeAbove === undefined && sizeBelow === undefined
  if (sizeAbove !== undefined && version.size <= sizeAbove) return false
  if (sizeBelow !== undefined && version.size >= sizeBelow) return false
  const own = version.metadata.tags ?? {}
  return Object.entries(tags ?? {}).every(([key, value]) => Object.hasOwn(own, key) && own[key] === value)
}

function expirationMs(expiration: Expiration, writtenAtMs: number): number {
  return 'onMs' in expiration ? expiration.onMs : midnightAfter(writtenAtMs, expiration.afterDays)
}

function midnightAfter(atMs: number, days: number): number {
  return Math.ceil((atMs + days * DAY_MS) / DAY_MS) * DAY_MS
}
