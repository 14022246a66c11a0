/** AssumeRole: whether the caller may is decided before, by the role's trust policy and the caller's own together. */
import type { Principal } from '../../identity/access.ts'
import type { Identities } from '../../identity/identities.ts'
import { sessionArn } from '../../identity/names.ts'
import type { Role } from '../../identity/types.ts'
import type { AssumeRoleRequest } from '../../wire/model/sts.ts'
import { WireError } from '../operation.ts'
import { accessDenied, refuseMembers, renderCredentials, type StsOperation } from './context.ts'

const SECONDS_DEFAULT = 3600
/** Of sessions made by a session of a role. */
const CHAINED_SECONDS_MAX = 3600

export const assumeRole: StsOperation<'AssumeRole'> = async (input, { identities, sessions }, { principal, arn }) => {
  refuseMembers(input, ['Tags', 'TransitiveTagKeys', 'SourceIdentity', 'SerialNumber', 'TokenCode', 'ProvidedContexts'])
  if (principal.kind === 'root') throw accessDenied('Roles may not be assumed by root accounts.')
  const role = identities.findRoleByArn(input.RoleArn)
  if (role === undefined) {
    throw accessDenied(`User: ${arn} is not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`)
  }
  const { RoleSessionName: sessionName } = input
  const seconds = durationOf(input, role, principal)
  const policies = sessionPolicies(input, identities)
  const session = await sessions.start({ kind: 'role', id: role.id, name: role.name, sessionName, policies }, seconds)
  return {
    Credentials: renderCredentials(session),
    AssumedRoleUser: {
      AssumedRoleId: `${role.id}:${sessionName}`,
      Arn: sessionArn(identities.accountId, role.name, sessionName),
    },
  }
}

function durationOf({ DurationSeconds }: AssumeRoleRequest, role: Role, principal: Principal): number {
  const seconds = DurationSeconds ?? SECONDS_DEFAULT
  if (principal.kind === 'roleSession' && seconds > CHAINED_SECONDS_MAX) {
    throw new WireError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    )
  }
  if (seconds > role.sessionSecondsMax) {
    throw new WireError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
  }
  return seconds
}

/** Inline and managed, as they are now: later versions do not change a session. */
function sessionPolicies({ Policy, PolicyArns = [] }: AssumeRoleRequest, identities: Identities): readonly string[] {
  if (Policy !== undefined) identities.checkIdentityPolicy(Policy)
  const managed = PolicyArns.flatMap(({ arn }) => (arn === undefined ? [] : [identities.defaultDocumentOf(arn)]))
  return [...(Policy === undefined ? [] : [Policy]), ...managed]
}
