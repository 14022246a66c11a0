/** A policy after parsing: the same statements, ready to be asked. Made by `parse.ts`, read by `judge.ts`. */
import type { RequestFacts } from '../access.ts'
import type { ArnPattern, Pattern } from './pattern.ts'

export interface Policy {
  readonly statements: readonly Statement[]
}

export interface Statement {
  readonly sid?: string
  readonly effect: 'Allow' | 'Deny'
  /** Absent in policies of identities, which speak of their holder. */
  readonly principals?: Principals
  readonly actions: Choice<Pattern>
  /** Absent in trust policies, which speak of their role. */
  readonly resources?: Choice<ArnPattern>
  /** All must hold. */
  readonly conditions: readonly Condition[]
}

/** `Action` and `NotAction`, `Resource` and `NotResource`: any of these, or none of them. */
export interface Choice<Each> {
  readonly isNegated: boolean
  readonly among: readonly Each[]
}

export interface Principals {
  /** `NotPrincipal` */
  readonly isNegated: boolean
  readonly hasEveryone: boolean
  /** Arns, account ids, unique ids. */
  readonly aws: readonly string[]
  readonly canonicalUsers: readonly string[]
  /** Nobody who calls a lake is a service or federated, but they make a grant non-public. */
  readonly others: readonly string[]
}

export interface Condition {
  /** As written, without prefix and suffix: `StringLike`. */
  readonly operator: string
  /** Lower-case. */
  readonly key: string
  readonly values: readonly string[]
  readonly holds: (facts: RequestFacts) => boolean
  /** The request must have the key, with a value that is one of these: what makes a grant to everyone non-public. */
  readonly isRestricting: boolean
}
