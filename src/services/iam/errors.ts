/** The only place that knows IAM's names for the refusals of identities. */
import type { IdentityRefusal } from '../../identity/types.ts'
import type { Refusal } from '../../platform/refusal.ts'
import { WireError } from '../operation.ts'

const iamErrors = {
  entityExists: { code: 'EntityAlreadyExists', status: 409 },
  noSuchEntity: { code: 'NoSuchEntity', status: 404 },
  deleteConflict: { code: 'DeleteConflict', status: 409 },
  limitExceeded: { code: 'LimitExceeded', status: 409 },
  malformedPolicy: { code: 'MalformedPolicyDocument', status: 400 },
  notYours: { code: 'AccessDenied', status: 403 },
} satisfies Record<IdentityRefusal, { code: string; status: number }>

export function toIamError(refusal: Refusal): WireError | undefined {
  if (!Object.hasOwn(iamErrors, refusal.code)) return undefined
  const { code, status } = iamErrors[refusal.code as IdentityRefusal]
  return new WireError(code, refusal.message, { status, cause: refusal })
}

/** A member that is understood and not honoured is refused, not ignored. */
export function notOffered(member: string): WireError {
  return new WireError('InvalidInput', `lakelet does not offer ${member}.`)
}
