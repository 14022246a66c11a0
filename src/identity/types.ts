/** Who may act in the lake: users and roles, the policies written for them, the keys users sign with. */

export interface Tag {
  readonly key: string
  readonly value: string
}

interface Principal {
  /** Unique among its kind without regard to case. */
  readonly name: string
  /** `/` or `/a/b/` */
  readonly path: string
  /** `AROA…`, `AIDA…`: never used again, even for the same name. */
  readonly id: string
  readonly createdAtMs: number
  readonly tags: readonly Tag[]
  readonly boundaryArn?: string
}

export interface Role extends Principal {
  readonly kind: 'role'
  /** JSON text, as given. */
  readonly trustPolicy: string
  readonly description?: string
  readonly sessionSecondsMax: number
}

export interface User extends Principal {
  readonly kind: 'user'
}

export type PrincipalKind = 'role' | 'user'

export interface PolicyVersion {
  /** `v1`, `v2`, …: never used again within a policy. */
  readonly id: string
  /** JSON text, as given. */
  readonly document: string
  readonly createdAtMs: number
}

/** A policy of its own, attached to any number of principals. */
export interface ManagedPolicy {
  readonly name: string
  readonly path: string
  readonly id: string
  readonly arn: string
  readonly description?: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly tags: readonly Tag[]
  /** Oldest first; never empty. */
  readonly versions: readonly PolicyVersion[]
  readonly defaultVersionId: string
  readonly lastVersionNumber: number
}

export interface AccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** undefined: the account's root. */
  readonly userName?: string
  readonly status: 'Active' | 'Inactive'
  readonly createdAtMs: number
}

/**
 * What identities refuse: a name is taken, nothing has that name, something still hangs on it, a quota is reached, a
 * policy is no policy, or is AWS's own.
 */
export type IdentityRefusal =
  | 'entityExists'
  | 'noSuchEntity'
  | 'deleteConflict'
  | 'limitExceeded'
  | 'malformedPolicy'
  | 'notYours'
