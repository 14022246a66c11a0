import { isPublic } from '../../identity/policy/index.ts'
import type { S3Operation } from './context.ts'
import { noSuchBucketPolicy } from './errors.ts'
import { bucketNamed } from './requests.ts'

export const getBucketPolicyStatus: S3Operation<'GetBucketPolicyStatus'> = async (input, { objects }) => {
  const { policy } = bucketNamed(objects, input.Bucket)
  if (policy === undefined) throw noSuchBucketPolicy({ BucketName: input.Bucket })
  return { output: { PolicyStatus: { IsPublic: isPublic(policy) } } }
}
