/** Policies as others see them: parsed, judged, and whether one is public. */
export { isPublic } from './is-public.ts'
export { judge, NO_POLICIES, type Policies } from './judge.ts'
export { PolicyError, type PolicyKind, type PolicyProblem, parsePolicy } from './parse.ts'
export type { Condition, Policy, Principals, Statement } from './policy.ts'
export { PolicyCache } from './policy-cache.ts'
