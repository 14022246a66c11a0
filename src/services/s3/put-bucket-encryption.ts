import type { S3Operation } from './context.ts'
import { malformedXml, settingNotImplemented } from './errors.ts'

/** Every object is encrypted with SSE-S3, so only that can be chosen. */
export const putBucketEncryption: S3Operation<'PutBucketEncryption'> = async (input, { objects }) => {
  const [rule, ...others] = input.ServerSideEncryptionConfiguration.Rules
  if (rule === undefined || others.length > 0) throw malformedXml()
  const algorithm = rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? 'AES256'
  if (algorithm !== 'AES256') throw settingNotImplemented('PutBucketEncryption', `the algorithm ${algorithm}`)
  await objects.changeBucket(input.Bucket, {
    encryption: { algorithm: 'AES256', bucketKeyEnabled: rule.BucketKeyEnabled ?? false },
  })
  return { output: {} }
}
