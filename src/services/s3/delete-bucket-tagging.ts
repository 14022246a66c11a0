import type { S3Operation } from './context.ts'

export const deleteBucketTagging: S3Operation<'DeleteBucketTagging'> = async (input, { objects }) => {
  await objects.changeBucket(input.Bucket, { tags: {} })
  return { output: {} }
}
