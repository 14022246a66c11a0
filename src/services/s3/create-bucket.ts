import type { Acl, ObjectOwnership } from '../../objects/object-store.ts'
import { isRefusal } from '../../platform/refusal.ts'
import { WireError } from '../../wire/error.ts'
import type { CreateBucketRequest } from '../../wire/model/s3.ts'
import { isPublicAcl } from './access/acl-rights.ts'
import { aclOfHeaders } from './access/acls.ts'
import { aclAgainstOwnership, ownershipNamed } from './access/ownership.ts'
import { requireBucketName } from './bucket-names.ts'
import type { S3Context, S3Operation } from './context.ts'
import { invalidArgument } from './errors.ts'
import { BUCKET_TAGS_MAX, tagsOfSet } from './tags.ts'

/** In us-east-1 making one's own bucket again succeeds and keeps what is in it; elsewhere it is a conflict. */
export const createBucket: S3Operation<'CreateBucket'> = async (input, context) => {
  const { objects, region } = context
  requireBucketName(input.Bucket)
  requireLocation(input.CreateBucketConfiguration?.LocationConstraint, region)
  const ownership = ownershipOf(input)
  const acl = aclOf(input, ownership, context)
  const tags = tagsOfSet(input.CreateBucketConfiguration?.Tags ?? [], BUCKET_TAGS_MAX)
  try {
    await objects.createBucket(input.Bucket, region, {
      tags,
      ownership,
      acl,
      ...(input.ObjectLockEnabledForBucket === true && { versioning: 'enabled', objectLock: {} }),
    })
  } catch (error) {
    const isRepeated = isRefusal(error) && error.code === 'bucketExists' && region === 'us-east-1'
    if (!isRepeated) throw error
  }
  return { output: { Location: `/${input.Bucket}`, BucketArn: `arn:aws:s3:::${input.Bucket}` } }
}

function requireLocation(constraint: string | undefined, region: string): void {
  if (region === 'us-east-1') {
    if (constraint === undefined || constraint === '') return
    if (constraint === 'us-east-1') {
      throw new WireError('InvalidLocationConstraint', 'The specified location-constraint is not valid', {
        extra: { LocationConstraint: constraint },
      })
    }
  } else if (constraint === region || (constraint === 'EU' && region === 'eu-west-1')) return
  const shown = constraint === undefined || constraint === '' ? 'unspecified' : constraint
  throw new WireError(
    'IllegalLocationConstraintException',
    `The ${shown} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  )
}

function ownershipOf({ ObjectOwnership: name }: CreateBucketRequest): ObjectOwnership | undefined {
  if (name === undefined) return undefined
  const ownership = ownershipNamed(name)
  if (ownership === undefined) throw invalidArgument('Invalid object ownership', 'x-amz-object-ownership', name)
  return ownership
}

/** A new bucket blocks public access: one that is to be public is opened after it was made. */
function aclOf(
  input: CreateBucketRequest,
  ownership: ObjectOwnership = 'bucketOwnerEnforced',
  context: S3Context,
): Acl | undefined {
  const acl = aclOfHeaders(input, context)
  if (acl === undefined) return undefined
  if (ownership === 'bucketOwnerEnforced') throw aclAgainstOwnership()
  if (isPublicAcl(acl)) {
    throw new WireError(
      'InvalidBucketAclWithBlockPublicAccessError',
      'Bucket cannot have public ACLs set with BlockPublicAccess enabled',
    )
  }
  return acl
}
