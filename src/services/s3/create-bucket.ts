import { isRefusal } from '../../platform/refusal.ts'
import { WireError } from '../../wire/error.ts'
import type { CreateBucketRequest } from '../../wire/model/s3.ts'
import { requireBucketName } from './bucket-names.ts'
import type { S3Operation } from './context.ts'
import { headerNotImplemented } from './errors.ts'
import { BUCKET_TAGS_MAX, tagsOfSet } from './tags.ts'

/** In us-east-1 making one's own bucket again succeeds and keeps what is in it; elsewhere it is a conflict. */
export const createBucket: S3Operation<'CreateBucket'> = async (input, { objects, region }) => {
  requireBucketName(input.Bucket)
  requireLocation(input.CreateBucketConfiguration?.LocationConstraint, region)
  requirePlain(input)
  const tags = tagsOfSet(input.CreateBucketConfiguration?.Tags ?? [], BUCKET_TAGS_MAX)
  try {
    await objects.createBucket(input.Bucket, region)
    if (Object.keys(tags).length > 0) await objects.changeBucket(input.Bucket, { tags })
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

function requirePlain(input: CreateBucketRequest): void {
  const grants = [input.GrantFullControl, input.GrantRead, input.GrantReadACP, input.GrantWrite, input.GrantWriteACP]
  if ((input.ACL !== undefined && input.ACL !== 'private') || grants.some((grant) => grant !== undefined)) {
    throw new WireError(
      'InvalidBucketAclWithObjectOwnership',
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    )
  }
  if (input.ObjectLockEnabledForBucket) {
    throw headerNotImplemented('x-amz-bucket-object-lock-enabled', 'Object Lock is not offered.')
  }
  if (input.ObjectOwnership !== undefined && input.ObjectOwnership !== 'BucketOwnerEnforced') {
    throw headerNotImplemented('x-amz-object-ownership', `Only BucketOwnerEnforced is offered.`)
  }
}
