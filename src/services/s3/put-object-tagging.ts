import type { S3Operation } from './context.ts'
import { shownVersionId } from './object-metadata.ts'
import { bucketNamed } from './requests.ts'
import { OBJECT_TAGS_MAX, tagsOfSet } from './tags.ts'

export const putObjectTagging: S3Operation<'PutObjectTagging'> = async (input, { objects }) => {
  const bucket = bucketNamed(objects, input.Bucket)
  const ref = {
    bucket: input.Bucket,
    key: input.Key,
    ...(input.VersionId !== undefined && { versionId: input.VersionId }),
  }
  const version = await objects.setTags(ref, tagsOfSet(input.Tagging.TagSet, OBJECT_TAGS_MAX))
  return { output: { VersionId: shownVersionId(version, bucket) } }
}
