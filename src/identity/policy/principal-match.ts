/** Whether a statement of a resource's policy speaks of somebody, and how closely it names them. */
import type { Principal } from '../access.ts'
import type { Principals } from './policy.ts'

/**
 * From closest to furthest: the user or session itself; its role; everyone; its account, which only lets the account's
 * own policies decide.
 */
export type Closeness = 'itself' | 'role' | 'everyone' | 'account' | 'not'

/** Of a statement that allows. `NotPrincipal` grants to everyone whom it does not name in any way. */
export function closenessTo(principals: Principals, principal: Principal): Closeness {
  const named = namedBy(principals, principal)
  if (!principals.isNegated) return named
  return named === 'not' ? 'everyone' : 'not'
}

/**
 * Of a statement that denies. `NotPrincipal` spares only whom it names fully: a session by its own arn and by its
 * role's; an account spares its root alone.
 */
export function isDenied(principals: Principals, principal: Principal): boolean {
  if (!principals.isNegated) return namedBy(principals, principal) !== 'not'
  if (principals.hasEveryone) return false
  switch (principal.kind) {
    case 'anonymous':
      return true
    case 'root':
      return namedBy(principals, principal) === 'not'
    case 'user':
      return namedBy(principals, principal) !== 'itself'
    case 'roleSession':
      return !(principals.aws.includes(principal.arn) && namesRole(principals, principal))
  }
}

function namedBy(principals: Principals, principal: Principal): Closeness {
  const { aws, canonicalUsers, hasEveryone } = principals
  if (principal.kind !== 'anonymous') {
    if (aws.includes(principal.arn)) return 'itself'
    if (principal.kind === 'user' && aws.includes(principal.id)) return 'itself'
    if (principal.kind === 'roleSession' && namesRole(principals, principal)) return 'role'
  }
  if (hasEveryone) return 'everyone'
  if (principal.kind === 'anonymous') return 'not'
  const accountId = accountOf(principal.arn)
  const isOfAccount = aws.includes(accountId) || aws.includes(`arn:aws:iam::${accountId}:root`)
  // A lake has one account, so any canonical id that its S3 took is that account's.
  return isOfAccount || canonicalUsers.length > 0 ? 'account' : 'not'
}

function namesRole({ aws }: Principals, { roleArn, id }: Extract<Principal, { kind: 'roleSession' }>): boolean {
  return aws.includes(roleArn) || aws.includes(id.split(':')[0] as string)
}

export function accountOf(arn: string): string {
  return arn.split(':')[4] ?? ''
}
