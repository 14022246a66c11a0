import { hasAcls } from './access/acl-rights.ts'
import { shownAcl } from './access/acls.ts'
import type { S3Operation } from './context.ts'
import { bucketNamed } from './requests.ts'

/** Where ACLs are off, what is stored does not count: the owner has every right, and alone. */
export const getBucketAcl: S3Operation<'GetBucketAcl'> = async (input, context) => {
  const bucket = bucketNamed(context.objects, input.Bucket)
  return { output: shownAcl(hasAcls(bucket) ? bucket.acl : undefined, context) }
}
