/**
 * Questions of access, and their answers: may this principal do this action to this resource, given what is known of
 * the request? Types only; policies are judged in `policy/`. Names are IAM's: actions `s3:GetObject`, resources arns.
 */

/** Who asks. */
export type Principal =
  | { readonly kind: 'anonymous' }
  /** The lake's own root key: allowed everything that no resource policy denies. */
  | { readonly kind: 'root'; readonly arn: string; readonly issuedAtMs?: number; readonly isConsole?: true }
  | {
      readonly kind: 'user'
      readonly arn: string
      readonly id: string
      readonly name: string
      /** Of temporary credentials: since when they hold. */
      readonly issuedAtMs?: number
      readonly isConsole?: true
    }
  /** Temporary credentials of AssumeRole. */
  | {
      readonly kind: 'roleSession'
      /** `arn:aws:sts::<account>:assumed-role/<role>/<session>` */
      readonly arn: string
      readonly roleArn: string
      readonly roleName: string
      /** `AROA…:<session>` */
      readonly id: string
      readonly sessionPolicies: readonly string[]
      readonly issuedAtMs?: number
    }

/** Condition keys, lower-case (`aws:sourceip`, `s3:prefix`), and their values. A key that is absent has no value. */
export type RequestFacts = Readonly<Record<string, readonly string[]>>

export interface AccessQuestion {
  readonly principal: Principal
  readonly action: string
  readonly resource: string
  readonly facts: RequestFacts
  readonly ofResource?: SaidByResource
}

/** What the resource itself says: a bucket's policy, and whether one of its ACLs grants this. */
export interface SaidByResource {
  /** JSON text. */
  readonly policy?: string
  readonly aclGrants?: boolean
  /** A role's trust policy, JSON text, in place of `policy`. */
  readonly trust?: string
  /** The resource must allow, or leave it to its account: a role or a key, whose policy alone lets other policies count. */
  readonly mustGrant?: boolean
}

export type Decision =
  | { readonly isAllowed: true }
  | {
      readonly isAllowed: false
      /** A sentence's end as IAM says it: `because no identity-based policy allows the s3:GetObject action`. */
      readonly because: string
    }
