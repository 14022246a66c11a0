/**
 * The decision: may this principal do this, given these policies? One account, so identity and resource policies add up
 * (IAM user guide, "Policy evaluation logic").
 *
 *  - An explicit deny anywhere wins.
 *  - Root may do what nothing denies, and may always get at a bucket's policy: a lake cannot lock its owner out.
 *  - Others need an allow: of their own policies, or of the resource's.
 *  - A resource that must grant (a role by its trust, a key) is out of reach unless it does, or names the account.
 *  - Boundary and session policies must allow too, unless the resource's policy names the user or session itself.
 */
import type { AccessQuestion, Decision, Principal } from '../access.ts'
import { matches, matchesArn } from './pattern.ts'
import type { Policy, Statement } from './policy.ts'
import { type Closeness, closenessTo, isDenied } from './principal-match.ts'

export interface Policies {
  /** Inline and attached, of the user or role. */
  readonly identity: readonly Policy[]
  /** absent: none is set. */
  readonly boundary?: Policy
  /** Given when a session was made; empty or absent: it has all that its maker has. */
  readonly session?: readonly Policy[]
  /** The resource's own. */
  readonly resource?: Policy
}

export const NO_POLICIES: Policies = { identity: [] }

const ALLOWED: Decision = { isAllowed: true }
const ALWAYS_ROOTS: ReadonlySet<string> = new Set(['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'])

export function judge(question: AccessQuestion, policies: Policies): Decision {
  const { principal, action } = question
  if (principal.kind === 'root' && ALWAYS_ROOTS.has(action)) return ALLOWED
  const denier = whatDenies(question, policies)
  if (denier !== undefined) return { isAllowed: false, because: `with an explicit deny in ${denier}` }
  if (principal.kind === 'root') return ALLOWED

  const granted = grantOf(question, policies.resource)
  if (granted === 'not' && question.ofResource?.mustGrant === true) return noAllowIn('resource-based policy', action)
  if (principal.kind === 'anonymous') {
    return granted === 'itself' ? ALLOWED : noAllowIn('resource-based policy', action)
  }
  if (granted === 'itself') return ALLOWED
  if (granted !== 'shared' && !allows(policies.identity, question)) return noAllowIn('identity-based policy', action)
  const { boundary, session = [] } = policies
  if (boundary !== undefined && !allows([boundary], question)) return noAllowIn('permissions boundary', action)
  if (session.length > 0 && !allows(session, question)) return noAllowIn('session policy', action)
  return ALLOWED
}

function whatDenies(question: AccessQuestion, { identity, boundary, session, resource }: Policies): string | undefined {
  if (denies(identity, question)) return 'an identity-based policy'
  if (resource !== undefined && denies([resource], question)) return 'a resource-based policy'
  if (boundary !== undefined && denies([boundary], question)) return 'a permissions boundary'
  if (session !== undefined && denies(session, question)) return 'a session policy'
  return undefined
}

/** `itself`: nothing limits it. `shared`: boundary and session limit it. `account`: the account's policies decide. */
type Grant = 'itself' | 'shared' | 'account' | 'not'

function grantOf(question: AccessQuestion, resource: Policy | undefined): Grant {
  if (question.ofResource?.aclGrants === true) return 'itself'
  if (resource === undefined) return 'not'
  const allowing = resource.statements.filter((one) => one.effect === 'Allow' && fits(one, question))
  return GRANTS[closest(allowing, question.principal)](question.principal)
}

const GRANTS: Readonly<Record<Closeness, (principal: Principal) => Grant>> = {
  itself: () => 'itself',
  role: () => 'shared',
  everyone: ({ kind }) => (kind === 'roleSession' ? 'shared' : 'itself'),
  account: () => 'account',
  not: () => 'not',
}

const BY_CLOSENESS: readonly Closeness[] = ['itself', 'role', 'everyone', 'account']

function closest(statements: readonly Statement[], principal: Principal): Closeness {
  const found = statements.map(({ principals }) =>
    principals === undefined ? 'not' : closenessTo(principals, principal),
  )
  return BY_CLOSENESS.find((closeness) => found.includes(closeness)) ?? 'not'
}

function denies(policies: readonly Policy[], question: AccessQuestion): boolean {
  return policies.some(({ statements }) =>
    statements.some(
      (statement) =>
        statement.effect === 'Deny' &&
        fits(statement, question) &&
        (statement.principals === undefined || isDenied(statement.principals, question.principal)),
    ),
  )
}

function allows(policies: readonly Policy[], question: AccessQuestion): boolean {
  return policies.some(({ statements }) => statements.some((one) => one.effect === 'Allow' && fits(one, question)))
}

/** Action, resource and conditions; not who. */
function fits({ actions, resources, conditions }: Statement, { action, resource, facts }: AccessQuestion): boolean {
  if (actions.among.some((pattern) => matches(pattern, action, facts)) === actions.isNegated) return false
  if (resources !== undefined) {
    const isNamed = resources.among.some((pattern) => matchesArn(pattern, resource, facts))
    if (isNamed === resources.isNegated) return false
  }
  return conditions.every((condition) => condition.holds(facts))
}

function noAllowIn(what: string, action: string): Decision {
  return { isAllowed: false, because: `because no ${what} allows the ${action} action` }
}
