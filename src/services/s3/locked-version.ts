/** What protects a version, for those who read it back. */
import type { ObjectLock } from '../../objects/object-lock.ts'
import { WireError } from '../../wire/error.ts'
import type { S3Context } from './context.ts'
import { lockMissing, methodNotAllowed } from './errors.ts'
import { bucketNamed } from './requests.ts'

export async function lockOfVersion(
  input: { readonly Bucket: string; readonly Key: string; readonly VersionId?: string },
  { objects }: S3Context,
): Promise<ObjectLock> {
  if (bucketNamed(objects, input.Bucket).objectLock === undefined) throw lockMissing()
  const ref = {
    bucket: input.Bucket,
    key: input.Key,
    ...(input.VersionId !== undefined && { versionId: input.VersionId }),
  }
  const version = await objects.head(ref)
  if (version.isDeleteMarker) throw methodNotAllowed({ Method: 'GET', ResourceType: 'DeleteMarker' })
  return version.lock ?? {}
}

export const noLockConfiguration = () =>
  new WireError('NoSuchObjectLockConfiguration', 'The specified object does not have a ObjectLock configuration', {
    status: 404,
  })
