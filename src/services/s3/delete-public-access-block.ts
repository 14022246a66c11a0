import type { S3Operation } from './context.ts'

export const deletePublicAccessBlock: S3Operation<'DeletePublicAccessBlock'> = async (input, { objects }) => {
  await objects.changeBucket(input.Bucket, { publicAccessBlock: undefined })
  return { output: {} }
}
