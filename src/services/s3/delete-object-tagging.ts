import type { S3Operation } from './context.ts'
import { shownVersionId } from './object-metadata.ts'
import { bucketNamed } from './requests.ts'

export const deleteObjectTagging: S3Operation<'DeleteObjectTagging'> = async (input, { objects }) => {
  const bucket = bucketNamed(objects, input.Bucket)
  const ref = {
    bucket: input.Bucket,
    key: input.Key,
    ...(input.VersionId !== undefined && { versionId: input.VersionId }),
  }
  const version = await objects.setTags(ref, undefined)
  return { output: { VersionId: shownVersionId(version, bucket) } }
}
