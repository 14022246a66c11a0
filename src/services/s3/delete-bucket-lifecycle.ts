import type { S3Operation } from './context.ts'

export const deleteBucketLifecycle: S3Operation<'DeleteBucketLifecycle'> = async (input, { objects }) => {
  await objects.changeBucket(input.Bucket, { lifecycle: undefined })
  return { output: {} }
}
