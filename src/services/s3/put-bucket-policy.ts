import { isPublic } from '../../identity/policy/index.ts'
import { requireBucketPolicy } from './access/bucket-policy.ts'
import type { S3Operation } from './context.ts'
import { notAuthorised } from './errors.ts'
import { bucketNamed } from './requests.ts'

const CONFIRM = 'the caller could not change it again. Confirm with x-amz-confirm-remove-self-bucket-access.'

export const putBucketPolicy: S3Operation<'PutBucketPolicy'> = async (input, context) => {
  const { objects, access, caller } = context
  const bucket = bucketNamed(objects, input.Bucket)
  requireBucketPolicy(input.Policy, bucket.name, context)
  const permission = { action: 's3:PutBucketPolicy', resource: `arn:aws:s3:::${bucket.name}` }
  if (bucket.publicAccessBlock?.blockPublicPolicy === true && isPublic(input.Policy)) {
    const reason = 'because public policies are blocked by the BlockPublicPolicy block public access setting.'
    throw notAuthorised(caller, permission, reason)
  }
  const afterwards = access.judge(caller, { ...permission, ofResource: { policy: input.Policy } })
  if (!afterwards.isAllowed && input.ConfirmRemoveSelfBucketAccess !== true) {
    throw notAuthorised(caller, permission, `under the new policy: ${CONFIRM}`)
  }
  await objects.changeBucket(bucket.name, { policy: input.Policy })
  return { output: {}, status: 204 }
}
