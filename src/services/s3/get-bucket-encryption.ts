import type { S3Operation } from './context.ts'
import { bucketNamed } from './requests.ts'

export const getBucketEncryption: S3Operation<'GetBucketEncryption'> = async (input, { objects }) => {
  const { encryption } = bucketNamed(objects, input.Bucket)
  const rule = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: encryption.algorithm },
    BucketKeyEnabled: encryption.bucketKeyEnabled,
  }
  return { output: { ServerSideEncryptionConfiguration: { Rules: [rule] } } }
}
