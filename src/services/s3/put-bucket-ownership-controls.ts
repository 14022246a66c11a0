import { aclAgainstOwnership, ownershipNamed } from './access/ownership.ts'
import type { S3Operation } from './context.ts'
import { malformedXml } from './errors.ts'
import { bucketNamed } from './requests.ts'

/** Turning ACLs off is refused while the bucket's own still grants others something: it would be taken from them silently. */
export const putBucketOwnershipControls: S3Operation<'PutBucketOwnershipControls'> = async (input, { objects }) => {
  const [rule, ...more] = input.OwnershipControls.Rules
  const ownership = rule === undefined || more.length > 0 ? undefined : ownershipNamed(rule.ObjectOwnership)
  if (ownership === undefined) throw malformedXml()
  const { acl } = bucketNamed(objects, input.Bucket)
  if (ownership === 'bucketOwnerEnforced' && acl?.some(({ grantee }) => grantee !== 'owner')) {
    throw aclAgainstOwnership()
  }
  await objects.changeBucket(input.Bucket, { ownership })
  return { output: {} }
}
