/**
 * The lake's one evaluator: gathers the policies of whoever asks, adds what is known of the request, and judges. It is
 * what `services/access.ts` calls `Access`.
 *
 * Parsed policies are kept until identities change, so that a decision costs no query.
 */
import type { Clock } from '../platform/clock.ts'
import type { Decision, Principal, RequestFacts, SaidByResource } from './access.ts'
import type { Identities } from './identities.ts'
import { judge, NO_POLICIES, type Policies, type Policy, PolicyCache } from './policy/index.ts'
import type { Tag } from './types.ts'

/** Of a caller, what decisions depend on. */
export interface Asker {
  readonly principal: Principal
  readonly sourceIp: string
  readonly userAgent?: string | undefined
  readonly referer?: string | undefined
}

/** What is asked for. */
export interface Wish {
  readonly action: string
  readonly resource: string
  readonly facts?: RequestFacts
  readonly ofResource?: SaidByResource
}

export interface LakeAccessParts {
  readonly identities: Identities
  readonly clock: Clock
  readonly region: string
}

/** What holds of one user or role until identities change. */
interface Standing {
  readonly policies: Policies
  readonly facts: RequestFacts
}

const ALLOWED: Decision = { isAllowed: true }

/** Credentials of GetSessionToken, but not those of the console, reach IAM only with MFA, on AWS. To pass a role is no call of IAM. */
const IAM_CALL = /^iam:(?!PassRole$)/
const NO_IAM_WITHOUT_MFA: Decision = {
  isAllowed: false,
  because: 'because credentials of GetSessionToken without MFA cannot call IAM',
}

export class LakeAccess {
  readonly #parts: LakeAccessParts
  readonly #policies = new PolicyCache()
  readonly #standings = new Map<string, Standing>()
  #seenChanges = -1

  constructor(parts: LakeAccessParts) {
    this.#parts = parts
  }

  judge(asker: Asker, wish: Wish): Decision {
    const { principal } = asker
    const { action, resource, ofResource } = wish
    if (isSessionOfLongTermKey(principal) && IAM_CALL.test(action)) return NO_IAM_WITHOUT_MFA
    const resourcePolicy = this.#resourcePolicyOf(ofResource)
    // The hot path: nothing could deny it.
    if (principal.kind === 'root' && resourcePolicy === undefined) return ALLOWED
    const standing = this.#standingOf(principal)
    return judge(
      {
        principal,
        action,
        resource,
        facts: this.#factsOf(asker, standing, wish.facts),
        ...(ofResource !== undefined && { ofResource }),
      },
      {
        ...standing.policies,
        ...this.#sessionOf(principal),
        ...(resourcePolicy !== undefined && { resource: resourcePolicy }),
      },
    )
  }

  #resourcePolicyOf(said: SaidByResource | undefined): Policy | undefined {
    if (said?.trust !== undefined) return this.#policies.policyOf(said.trust, 'trust')
    return said?.policy === undefined ? undefined : this.#policies.policyOf(said.policy, 'resource')
  }

  #standingOf(principal: Principal): Standing {
    const { identities } = this.#parts
    if (identities.changes !== this.#seenChanges) {
      this.#standings.clear()
      this.#seenChanges = identities.changes
    }
    const holder = holderOf(principal)
    if (holder === undefined) return { policies: NO_POLICIES, facts: {} }
    const key = `${holder.kind} ${holder.name}`
    const known = this.#standings.get(key)
    if (known !== undefined) return known
    const standing = this.#readStanding(holder)
    this.#standings.set(key, standing)
    return standing
  }

  #readStanding({ kind, name }: Holder): Standing {
    const found = this.#parts.identities.policiesOf(kind, name)
    const parsed = (text: string) => this.#policies.policyOf(text, 'identity')
    return {
      policies: {
        identity: found.documents.map(parsed),
        ...(found.boundary !== undefined && { boundary: parsed(found.boundary) }),
      },
      facts: tagFacts(found.tags),
    }
  }

  #sessionOf(principal: Principal): Pick<Policies, 'session'> {
    if (principal.kind !== 'roleSession' || principal.sessionPolicies.length === 0) return {}
    return { session: principal.sessionPolicies.map((text) => this.#policies.policyOf(text, 'identity')) }
  }

  #factsOf(asker: Asker, standing: Standing, ofAction: RequestFacts | undefined): RequestFacts {
    const { clock, region, identities } = this.#parts
    const nowMs = clock.nowMs()
    const sourceIp = plainAddress(asker.sourceIp)
    return {
      ...standing.facts,
      ...principalFacts(asker.principal, identities.accountId),
      ...sessionFacts(asker.principal),
      'aws:sourceip': [sourceIp],
      'aws:securetransport': [String(isLoopback(sourceIp))],
      'aws:currenttime': [new Date(nowMs).toISOString()],
      'aws:epochtime': [String(Math.floor(nowMs / 1000))],
      'aws:requestedregion': [region],
      'aws:resourceaccount': [identities.accountId],
      'aws:principalisawsservice': ['false'],
      'aws:viaawsservice': ['false'],
      ...(asker.userAgent !== undefined && { 'aws:useragent': [asker.userAgent] }),
      ...(asker.referer !== undefined && { 'aws:referer': [asker.referer] }),
      ...ofAction,
    }
  }
}

function isSessionOfLongTermKey(principal: Principal): boolean {
  if (principal.kind !== 'root' && principal.kind !== 'user') return false
  return principal.issuedAtMs !== undefined && principal.isConsole !== true
}

interface Holder {
  readonly kind: 'user' | 'role'
  readonly name: string
}

/** Whose policies speak for the principal. */
function holderOf(principal: Principal): Holder | undefined {
  switch (principal.kind) {
    case 'user':
      return { kind: 'user', name: principal.name }
    case 'roleSession':
      return { kind: 'role', name: principal.roleName }
    case 'root':
    case 'anonymous':
      return undefined
  }
}

function principalFacts(principal: Principal, accountId: string): RequestFacts {
  switch (principal.kind) {
    case 'anonymous':
      return { 'aws:principaltype': ['Anonymous'], 'aws:userid': ['anonymous'] }
    case 'root':
      return known('Account', principal.arn, accountId, accountId)
    case 'user':
      return { ...known('User', principal.arn, principal.id, accountId), 'aws:username': [principal.name] }
    case 'roleSession':
      return known('AssumedRole', principal.roleArn, principal.id, accountId)
  }
}

/** The lake has no MFA. Keys that do not expire have neither fact, as on AWS. */
function sessionFacts(principal: Principal): RequestFacts {
  if (principal.kind === 'anonymous' || principal.issuedAtMs === undefined) return {}
  return {
    'aws:tokenissuetime': [new Date(principal.issuedAtMs).toISOString()],
    'aws:multifactorauthpresent': ['false'],
  }
}

function known(type: string, arn: string, userId: string, accountId: string): RequestFacts {
  return {
    'aws:principaltype': [type],
    'aws:principalarn': [arn],
    'aws:principalaccount': [accountId],
    'aws:userid': [userId],
  }
}

function tagFacts(tags: readonly Tag[]): RequestFacts {
  return Object.fromEntries(tags.map(({ key, value }) => [`aws:principaltag/${key.toLowerCase()}`, [value]]))
}

/** Version 4 as itself, also on a socket that speaks version 6. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
}

/** Nothing leaves the machine: as safe as TLS, and a policy that wants TLS must not lock the lake's own user out. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}
