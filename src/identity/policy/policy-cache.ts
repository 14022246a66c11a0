/** Policies parsed once per text: a bucket's policy is asked at every request, and changes once a month. */
import { type PolicyKind, parsePolicy } from './parse.ts'
import type { Policy } from './policy.ts'

const CACHED_MAX = 1024

/** Stands for a stored policy that cannot be read: what it denied is not known, so everything is. */
const DENIES_ALL = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'

export class PolicyCache {
  readonly #byText: Readonly<Record<PolicyKind, Map<string, Policy>>> = {
    identity: new Map(),
    resource: new Map(),
    trust: new Map(),
  }

  policyOf(text: string, kind: PolicyKind): Policy {
    const cached = this.#byText[kind].get(text)
    if (cached !== undefined) return cached
    const policy = readable(text, kind)
    if (this.#byText[kind].size >= CACHED_MAX) this.#byText[kind].clear()
    this.#byText[kind].set(text, policy)
    return policy
  }
}

function readable(text: string, kind: PolicyKind): Policy {
  try {
    return parsePolicy(text, kind)
  } catch {
    // Stored before policies were checked, or by hand. Failing closed shows at once; its owner can write a new one.
    return parsePolicy(DENIES_ALL, 'identity')
  }
}
