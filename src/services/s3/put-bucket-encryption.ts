import type { S3Operation } from './context.ts'
import { invalidArgument, malformedXml, settingNotImplemented } from './errors.ts'

const ALGORITHMS = new Set<string>(['AES256', 'aws:kms', 'aws:kms:dsse'])

/** Every object is encrypted with SSE-S3, so only that can be chosen. */
export const putBucketEncryption: S3Operation<'PutBucketEncryption'> = async (input, { objects }) => {
  const [rule, ...others] = input.ServerSideEncryptionConfiguration.Rules
  if (rule === undefined || others.length > 0) throw malformedXml()
  if (rule.BlockedEncryptionTypes !== undefined) {
    throw settingNotImplemented('PutBucketEncryption', 'blocked encryption types')
  }
  const { SSEAlgorithm: algorithm = 'AES256', KMSMasterKeyID: key } = rule.ApplyServerSideEncryptionByDefault ?? {}
  if (!ALGORITHMS.has(algorithm)) throw malformedXml()
  if (algorithm !== 'AES256') throw settingNotImplemented('PutBucketEncryption', `the algorithm ${algorithm}`)
  if (key !== undefined) {
    throw invalidArgument(
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      'ApplyServerSideEncryptionByDefault',
      undefined,
    )
  }
  await objects.changeBucket(input.Bucket, {
    encryption: { algorithm: 'AES256', bucketKeyEnabled: rule.BucketKeyEnabled ?? false },
  })
  return { output: {} }
}
