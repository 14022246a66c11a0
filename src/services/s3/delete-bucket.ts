import type { S3Operation } from './context.ts'

export const deleteBucket: S3Operation<'DeleteBucket'> = async (input, { objects }) => {
  await objects.deleteBucket(input.Bucket)
  return { output: {} }
}
