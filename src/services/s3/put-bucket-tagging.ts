import type { S3Operation } from './context.ts'
import { BUCKET_TAGS_MAX, tagsOfSet } from './tags.ts'

export const putBucketTagging: S3Operation<'PutBucketTagging'> = async (input, { objects }) => {
  await objects.changeBucket(input.Bucket, { tags: tagsOfSet(input.Tagging.TagSet, BUCKET_TAGS_MAX) })
  return { output: {}, status: 204 }
}
