/** What replies tell of the rules: when the object expires, when the upload is aborted. */
import { abortOf, expiryOf } from '../../../objects/lifecycle/due.ts'
import type { Bucket, ObjectVersion } from '../../../objects/object-store.ts'
import type { Upload } from '../../../objects/s3-object-store.ts'

/** `x-amz-expiration`; nothing for older versions, which expire by other rules. */
export function expirationMember(version: ObjectVersion, { lifecycle }: Bucket): { readonly Expiration?: string } {
  if (lifecycle === undefined || !version.isLatest) return {}
  const expiry = expiryOf(lifecycle.rules, version)
  if (expiry === undefined) return {}
  const { atMs, ruleId } = expiry
  return { Expiration: `expiry-date="${new Date(atMs).toUTCString()}", rule-id="${encodeURIComponent(ruleId)}"` }
}

/** `x-amz-abort-date` and `-rule-id`. */
export function abortMembers(upload: Upload, { lifecycle }: Bucket): { AbortDate?: Date; AbortRuleId?: string } {
  const abort = lifecycle && abortOf(lifecycle.rules, upload)
  return abort === undefined ? {} : { AbortDate: new Date(abort.atMs), AbortRuleId: abort.ruleId }
}
