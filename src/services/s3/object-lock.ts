/** Object Lock between the wire and the store. Texts as S3 gives them. */
import type { ObjectLock, Retention, RetentionMode } from '../../objects/object-lock.ts'
import type { Bucket } from '../../objects/object-store.ts'
import type { WireRequest } from '../../wire/http.ts'
import type { ObjectLockMode } from '../../wire/model/s3.ts'
import { bringsDigest } from './checksums.ts'
import type { S3Context } from './context.ts'
import { invalidArgument, invalidRequest, lockMissing } from './errors.ts'

/** The members that PutObject, CopyObject and CreateMultipartUpload share. */
export interface LockMembers {
  readonly ObjectLockMode?: string
  readonly ObjectLockRetainUntilDate?: Date
  readonly ObjectLockLegalHoldStatus?: string
}

const MODES: Readonly<Record<string, RetentionMode>> = { GOVERNANCE: 'governance', COMPLIANCE: 'compliance' }
const NAMES: Readonly<Record<RetentionMode, ObjectLockMode>> = { governance: 'GOVERNANCE', compliance: 'COMPLIANCE' }

/** undefined: the request says nothing of locks. */
export function writtenLock(input: LockMembers, bucket: Bucket, { clock }: S3Context): ObjectLock | undefined {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until, ObjectLockLegalHoldStatus: hold } = input
  if (mode === undefined && until === undefined && hold === undefined) return undefined
  if (bucket.objectLock === undefined) throw lockMissing()
  if ((mode === undefined) !== (until === undefined)) {
    throw invalidArgument(
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
      mode === undefined ? 'x-amz-object-lock-retain-until-date' : 'x-amz-object-lock-mode',
      mode ?? until?.toISOString(),
    )
  }
  if (hold !== undefined && hold !== 'ON' && hold !== 'OFF') {
    throw invalidArgument("Legal Hold must be either of 'ON' or 'OFF'", 'x-amz-object-lock-legal-hold', hold)
  }
  return {
    ...(mode !== undefined && until !== undefined && { retention: retentionOf(mode, until, clock.nowMs()) }),
    ...(hold !== undefined && { isHeld: hold === 'ON' }),
  }
}

export function retentionOf(mode: string, until: Date, nowMs: number): Retention {
  const named = modeNamed(mode)
  if (named === undefined) throw invalidArgument('Unknown wormMode directive.', 'x-amz-object-lock-mode', mode)
  if (until.getTime() <= nowMs) {
    throw invalidArgument(
      'The retain until date must be in the future!',
      'x-amz-object-lock-retain-until-date',
      until.toISOString(),
    )
  }
  return { mode: named, untilMs: until.getTime() }
}

export function modeNamed(name: string | undefined): RetentionMode | undefined {
  return name !== undefined && Object.hasOwn(MODES, name) ? MODES[name] : undefined
}

export function nameOfMode(mode: RetentionMode): ObjectLockMode {
  return NAMES[mode]
}

/** What cannot be replaced must be what was meant: S3 wants proof of the bytes. */
export function requireDigestForLock(input: LockMembers, request: WireRequest): void {
  if (input.ObjectLockMode === undefined && input.ObjectLockLegalHoldStatus === undefined) return
  if (bringsDigest(request)) return
  throw invalidRequest(
    'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
  )
}

/** Reply members of GetObject and HeadObject. */
export function lockMembers(lock: ObjectLock | undefined) {
  if (lock === undefined) return {}
  const { retention, isHeld } = lock
  return {
    ...(retention !== undefined && {
      ObjectLockMode: nameOfMode(retention.mode),
      ObjectLockRetainUntilDate: new Date(retention.untilMs),
    }),
    ...(isHeld !== undefined && { ObjectLockLegalHoldStatus: isHeld ? ('ON' as const) : ('OFF' as const) }),
  }
}
