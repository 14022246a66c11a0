import type { S3Operation } from './context.ts'
import { bucketNamed } from './requests.ts'

export const getBucketEncryption: S3Operation<'GetBucketEncryption'> = async (input, { objects }) => {
  const { encryption } = bucketNamed(objects, input.Bucket)
  const rule = {
    ApplyServerSideEncryptionByDefault:
      encryption.algorithm === 'AES256'
        ? { SSEAlgorithm: encryption.algorithm }
        : { SSEAlgorithm: 'aws:kms' as const, ...(encryption.key !== undefined && { KMSMasterKeyID: encryption.key }) },
    BucketKeyEnabled: encryption.bucketKeyEnabled,
    ...(encryption.blocksCustomerKeys !== undefined && {
      BlockedEncryptionTypes: { EncryptionType: [encryption.blocksCustomerKeys ? 'SSE-C' : 'NONE'] as const },
    }),
  }
  return { output: { ServerSideEncryptionConfiguration: { Rules: [rule] } } }
}
