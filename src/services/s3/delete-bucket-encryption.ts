import type { S3Operation } from './context.ts'

/** Back to the default, which is encryption with SSE-S3. */
export const deleteBucketEncryption: S3Operation<'DeleteBucketEncryption'> = async (input, { objects }) => {
  await objects.changeBucket(input.Bucket, { encryption: { algorithm: 'AES256', bucketKeyEnabled: false } })
  return { output: {} }
}
