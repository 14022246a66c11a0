import { aclOfRequest, requireSettable } from './access/acls.ts'
import type { S3Operation } from './context.ts'
import { bucketNamed, objectRef } from './requests.ts'

export const putObjectAcl: S3Operation<'PutObjectAcl'> = async (input, context) => {
  const bucket = bucketNamed(context.objects, input.Bucket)
  const acl = aclOfRequest(input, context)
  const needed = { action: 's3:PutObjectAcl', resource: `arn:aws:s3:::${bucket.name}/${input.Key}` }
  requireSettable(acl, input, { bucket, context, needed })
  await context.objects.setAcl(objectRef(input), acl)
  return { output: {} }
}
