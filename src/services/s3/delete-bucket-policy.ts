import type { S3Operation } from './context.ts'

export const deleteBucketPolicy: S3Operation<'DeleteBucketPolicy'> = async (input, { objects }) => {
  await objects.changeBucket(input.Bucket, { policy: undefined })
  return { output: {} }
}
