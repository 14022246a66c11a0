import type { S3Operation } from './context.ts'

export const deleteBucketCors: S3Operation<'DeleteBucketCors'> = async (input, { objects }) => {
  await objects.changeBucket(input.Bucket, { cors: undefined })
  return { output: {}, status: 204 }
}
