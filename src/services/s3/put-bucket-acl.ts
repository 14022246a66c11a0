import { aclOfRequest, requireSettable } from './access/acls.ts'
import type { S3Operation } from './context.ts'
import { bucketNamed } from './requests.ts'

export const putBucketAcl: S3Operation<'PutBucketAcl'> = async (input, context) => {
  const bucket = bucketNamed(context.objects, input.Bucket)
  const acl = aclOfRequest(input, context)
  const needed = { action: 's3:PutBucketAcl', resource: `arn:aws:s3:::${bucket.name}` }
  requireSettable(acl, input, { bucket, context, needed })
  await context.objects.changeBucket(bucket.name, { acl })
  return { output: {} }
}
