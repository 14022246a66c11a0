/**
 * What an ACL lets callers do: the user guide's "Mapping of ACL permissions and access policy permissions". Rights that
 * the owner has through an ACL give nothing to users of the account: those have what their policies say.
 */
import type { Acl, Bucket, Grant, ObjectVersion } from '../../../objects/object-store.ts'
import type { Principal } from '../../operation.ts'

type Right = Grant['right']

const BUCKET_RIGHTS: Readonly<Record<string, Right>> = {
  's3:ListBucket': 'read',
  's3:ListBucketVersions': 'read',
  's3:ListBucketMultipartUploads': 'read',
  's3:PutObject': 'write',
  's3:GetBucketAcl': 'readAcl',
  's3:PutBucketAcl': 'writeAcl',
}

const OBJECT_RIGHTS: Readonly<Record<string, Right>> = {
  's3:GetObject': 'read',
  's3:GetObjectVersion': 'read',
  's3:GetObjectAcl': 'readAcl',
  's3:GetObjectVersionAcl': 'readAcl',
  's3:PutObjectAcl': 'writeAcl',
  's3:PutObjectVersionAcl': 'writeAcl',
}

/** Whether ACLs count in a bucket at all. */
export function hasAcls({ ownership = 'bucketOwnerEnforced' }: Bucket): boolean {
  return ownership !== 'bucketOwnerEnforced'
}

/** Whether the ACL of the object has a say in the action. */
export function asksObjectAcl(action: string): boolean {
  return Object.hasOwn(OBJECT_RIGHTS, action)
}

/** `version` is asked for only where `asksObjectAcl`. */
export function aclGrants(
  action: string,
  principal: Principal,
  { bucket, version }: { bucket: Bucket; version: ObjectVersion | undefined },
): boolean {
  if (!hasAcls(bucket) || bucket.publicAccessBlock?.ignorePublicAcls === true) return false
  if (grants(bucket.acl, BUCKET_RIGHTS[action], principal)) return true
  return grants(version?.acl, OBJECT_RIGHTS[action], principal)
}

function grants(acl: Acl | undefined, right: Right | undefined, principal: Principal): boolean {
  if (acl === undefined || right === undefined) return false
  const groups = new Set<Grant['grantee']>(
    principal.kind === 'anonymous' ? ['allUsers'] : ['allUsers', 'authenticatedUsers'],
  )
  return acl.some((grant) => groups.has(grant.grantee) && (grant.right === right || grant.right === 'fullControl'))
}

/** Whether an ACL gives anything to people outside of the account. */
export function isPublicAcl(acl: Acl | undefined): boolean {
  return acl?.some(({ grantee }) => grantee === 'allUsers' || grantee === 'authenticatedUsers') ?? false
}
