/** S3's own rules for objects that another service reads and writes for a caller: as `authorise`, without a request. */
import type { Principal, RequestFacts } from '../../../identity/access.ts'
import type { CustomerKeys } from '../../../keys/customer-keys.ts'
import type { KmsEncryption } from '../../../objects/encryption.ts'
import type { Bucket, ObjectStore, ObjectVersion } from '../../../objects/object-store.ts'
import type { BucketPermissions, BucketPermissionsOf, Permission } from '../../access.ts'
import { aclGrants } from './acl-rights.ts'
import { isUnstoppable } from './authorise.ts'
import { existingTagFacts } from './facts.ts'
import { keyPermissions } from './key-use.ts'

export interface BucketsOfServices {
  readonly objects: Pick<ObjectStore, 'findBucket'>
  readonly keys: Pick<CustomerKeys, 'byId'>
  readonly accountId: string
  readonly region: string
}

export function bucketPermissions({ objects, ...account }: BucketsOfServices): BucketPermissionsOf {
  return (name, { principal }) => {
    const bucket = objects.findBucket(name)
    if (bucket === undefined || isUnstoppable(principal, bucket)) return undefined
    return permissionsIn(bucket, principal, account)
  }
}

/** Services sign with the caller's rights. */
const SIGNED: RequestFacts = { 's3:authtype': ['REST-HEADER'], 's3:signatureversion': ['AWS4-HMAC-SHA256'] }

/** As the headers of a PutObject would say it. */
function encryptionFacts(encryption: 'AES256' | KmsEncryption | undefined): RequestFacts {
  if (encryption === undefined) return {}
  if (encryption === 'AES256') return { 's3:x-amz-server-side-encryption': ['AES256'] }
  return {
    's3:x-amz-server-side-encryption': ['aws:kms'],
    's3:x-amz-server-side-encryption-aws-kms-key-id': [encryption.keyArn],
  }
}

function permissionsIn(
  bucket: Bucket,
  principal: Principal,
  account: Omit<BucketsOfServices, 'objects'>,
): BucketPermissions {
  const always: RequestFacts = { ...SIGNED, 's3:resourceaccount': [account.accountId] }
  const arn = `arn:aws:s3:::${bucket.name}`
  return {
    list: (prefix) => permission('s3:ListBucket', arn, { 's3:prefix': [prefix] }),
    read: (version) => [
      permission('s3:GetObject', `${arn}/${version.key}`, existingTagFacts(version), version),
      ...keyPermissions('Decrypt', version.encryption, { object: version, account }),
    ],
    write: (key, encryption) => [
      permission('s3:PutObject', `${arn}/${key}`, {
        's3:objectcreationoperation': ['true'],
        ...encryptionFacts(encryption),
      }),
      ...keyPermissions('GenerateDataKey', encryption, { object: { bucket: bucket.name, key }, account }),
    ],
  }

  function permission(action: string, resource: string, facts: RequestFacts, version?: ObjectVersion): Permission {
    return {
      action,
      resource,
      facts: { ...always, ...facts },
      ofResource: {
        ...(bucket.policy !== undefined && { policy: bucket.policy }),
        aclGrants: aclGrants(action, principal, { bucket, version }),
      },
    }
  }
}
