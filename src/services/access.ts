/**
 * What a request needs to be allowed. Services say it, per operation; the pipeline asks `Access` before the operation
 * runs, so that no operation checks for itself. `main.ts` hands in the one evaluator of the lake, or `openAccess`.
 */

import type { Decision, RequestFacts, SaidByResource } from '../identity/access.ts'
import type { KmsEncryption } from '../objects/encryption.ts'
import type { ObjectVersion } from '../objects/object-store.ts'
import type { Caller } from './operation.ts'

export interface Permission {
  /** `glue:GetTable` */
  readonly action: string
  /** An arn, or `*` where the action has no resource. */
  readonly resource: string
  /** Facts of this action beside those of the request (`aws:…`), which the evaluator adds itself. */
  readonly facts?: RequestFacts
  readonly ofResource?: SaidByResource
}

export interface Access {
  judge(caller: Caller, permission: Permission): Decision
}

/** For `--auth open`: nothing is asked. */
export const openAccess: Access = { judge: () => ({ isAllowed: true }) }

/** As AWS tells of what is not allowed. */
export function refusalText({ arn }: Caller, { action, resource }: Permission, because: string): string {
  return `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${because}`.trimEnd()
}

/**
 * What S3 needs of callers whose objects another service reads and writes: S3's own rules, so that no service is a way
 * round them. undefined: there is no such bucket, or nothing in it that could stop this caller.
 */
export type BucketPermissionsOf = (bucket: string, caller: Caller) => BucketPermissions | undefined

export interface BucketPermissions {
  list(prefix: string): Permission
  /** All of them: of the object, and of the key of KMS that it is under. */
  read(version: ObjectVersion): readonly Permission[]
  /** All of them: of the object, and of the key of KMS that it is to be under. */
  write(key: string, encryption: 'AES256' | KmsEncryption | undefined): readonly Permission[]
}

/** To hand a role over to a service. */
export function passRole(roleArn: string, service: string): Permission {
  return { action: 'iam:PassRole', resource: roleArn, facts: { 'iam:passedtoservice': [service] } }
}

/** Of a request that gives tags. */
export function tagFacts(tags: readonly (readonly [key: string, value: string])[]): RequestFacts {
  if (tags.length === 0) return {}
  const values = tags.map(([key, value]) => [`aws:requesttag/${key.toLowerCase()}`, [value]] as const)
  return { ...Object.fromEntries(values), 'aws:tagkeys': tags.map(([key]) => key) }
}
