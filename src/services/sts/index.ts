/**
 * STS: who am I, and credentials for a while.
 *
 * Gaps, each refused by name: federation (GetFederationToken, AssumeRoleWithSAML, AssumeRoleWithWebIdentity), session
 * tags, source identity, MFA.
 */
import type { Refusal } from '../../platform/refusal.ts'
import { type Service, WireError } from '../operation.ts'
import type { StsContext } from './context.ts'
import { stsOperations } from './operations.ts'
import { stsPermissions } from './permissions.ts'

export function stsService(context: StsContext): Service<StsContext> {
  return {
    signingName: 'sts',
    operations: stsOperations,
    permissions: stsPermissions,
    context,
    toWireError,
  }
}

/** Of the policies that are given with a session. */
function toWireError(refusal: Refusal): WireError | undefined {
  switch (refusal.code) {
    case 'malformedPolicy':
    case 'noSuchEntity':
      return new WireError('MalformedPolicyDocument', refusal.message, { cause: refusal })
    default:
      return undefined
  }
}
