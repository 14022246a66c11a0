import type { S3Operation } from './context.ts'

/** From then on ACLs count, as in buckets that were made before there was such a setting. */
export const deleteBucketOwnershipControls: S3Operation<'DeleteBucketOwnershipControls'> = async (
  input,
  { objects },
) => {
  await objects.changeBucket(input.Bucket, { ownership: 'unset' })
  return { output: {} }
}
