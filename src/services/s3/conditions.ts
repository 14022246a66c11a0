/** Conditions of reads, copies and writes. ETags come with or without quotes. */
import type { ObjectVersion, WriteCondition } from '../../objects/object-store.ts'
import { headerNotImplemented, preconditionFailed } from './errors.ts'

export interface ReadConditions {
  readonly IfMatch?: string
  readonly IfNoneMatch?: string
  readonly IfModifiedSince?: Date
  readonly IfUnmodifiedSince?: Date
}

export type ReadVerdict =
  | { readonly kind: 'read' }
  | { readonly kind: 'notModified' }
  | { readonly kind: 'failed'; readonly condition: string }

/** If-Match true beats If-Unmodified-Since false; If-None-Match beats If-Modified-Since. */
export function judgeRead(version: ObjectVersion, conditions: ReadConditions): ReadVerdict {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions
  const modified = Math.floor(version.lastModifiedMs / 1000) * 1000
  if (IfMatch !== undefined) {
    if (!matches(IfMatch, version.etag)) return { kind: 'failed', condition: 'If-Match' }
  } else if (IfUnmodifiedSince !== undefined && modified > IfUnmodifiedSince.getTime()) {
    return { kind: 'failed', condition: 'If-Unmodified-Since' }
  }
  if (IfNoneMatch !== undefined) return matches(IfNoneMatch, version.etag) ? { kind: 'notModified' } : { kind: 'read' }
  if (IfModifiedSince !== undefined && modified <= IfModifiedSince.getTime()) return { kind: 'notModified' }
  return { kind: 'read' }
}

/** Conditions on the source of a copy: all of them fail with 412. */
export function requireSource(version: ObjectVersion, conditions: ReadConditions): void {
  const verdict = judgeRead(version, conditions)
  if (verdict.kind === 'read') return
  const fallback = conditions.IfNoneMatch === undefined ? 'If-Modified-Since' : 'If-None-Match'
  const condition = verdict.kind === 'failed' ? verdict.condition : fallback
  throw preconditionFailed({ Condition: `x-amz-copy-source-${condition}` })
}

export function writeCondition(input: { IfMatch?: string; IfNoneMatch?: string }): WriteCondition | undefined {
  const { IfMatch, IfNoneMatch } = input
  if (IfMatch === undefined && IfNoneMatch === undefined) return undefined
  if (IfNoneMatch !== undefined && IfMatch !== undefined) {
    throw headerNotImplemented('If-Match,If-None-Match', 'Multiple conditional request headers present in the request')
  }
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*') {
    throw headerNotImplemented(
      'If-None-Match',
      "We don't accept the provided value of If-None-Match header for this API",
    )
  }
  return IfNoneMatch === undefined ? { ifMatch: unquoted(IfMatch as string) } : { ifNoneMatch: '*' }
}

export function unquoted(etag: string): string {
  return etag
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1')
}

function matches(header: string, etag: string): boolean {
  return header.split(',').some((candidate) => candidate.trim() === '*' || unquoted(candidate) === etag)
}
