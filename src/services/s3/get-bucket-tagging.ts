import type { S3Operation } from './context.ts'
import { noSuchTagSet } from './errors.ts'
import { bucketNamed } from './requests.ts'
import { tagSetOf } from './tags.ts'

export const getBucketTagging: S3Operation<'GetBucketTagging'> = async (input, { objects }) => {
  const { tags } = bucketNamed(objects, input.Bucket)
  if (Object.keys(tags).length === 0) throw noSuchTagSet({ BucketName: input.Bucket })
  return { output: { TagSet: tagSetOf(tags) } }
}
