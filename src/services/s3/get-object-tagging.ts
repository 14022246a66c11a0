import type { S3Operation } from './context.ts'
import { methodNotAllowed } from './errors.ts'
import { shownVersionId } from './object-metadata.ts'
import { bucketNamed } from './requests.ts'
import { tagSetOf } from './tags.ts'

export const getObjectTagging: S3Operation<'GetObjectTagging'> = async (input, { objects }) => {
  const bucket = bucketNamed(objects, input.Bucket)
  const version = await objects.head({
    bucket: input.Bucket,
    key: input.Key,
    ...(input.VersionId !== undefined && { versionId: input.VersionId }),
  })
  if (version.isDeleteMarker) throw methodNotAllowed({ Method: 'GET', ResourceType: 'DeleteMarker' })
  return { output: { VersionId: shownVersionId(version, bucket), TagSet: tagSetOf(version.metadata.tags ?? {}) } }
}
