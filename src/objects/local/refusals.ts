/** What the local object store says no with, where a bucket or a version is not as its caller thinks. */
import { Refusal } from '../../platform/refusal.ts'
import type { BucketSettings, ObjectRef } from '../object-store.ts'
import type { BucketRow } from './bucket-table.ts'
import type { VersionRow } from './version-table.ts'

export function bucketNotEmpty({ name, versioning }: BucketRow): Refusal {
  return new Refusal('bucketNotEmpty', `The bucket ${name} still holds objects.`, {
    fields: { bucket: name, versioned: versioning !== 'unversioned' },
  })
}

export function noSuchKey({ bucket, key }: ObjectRef, marker: VersionRow | undefined): Refusal {
  const deleteMarker = marker === undefined ? undefined : { versionId: marker.version_id }
  return new Refusal('noSuchKey', `There is no object s3://${bucket}/${key}.`, {
    fields: { bucket, key, deleteMarker },
  })
}

export function markerNotAllowed({ bucket, key }: ObjectRef, { version_id: versionId }: VersionRow): Refusal {
  return new Refusal('methodNotAllowed', `${versionId} of s3://${bucket}/${key} is a delete marker.`, {
    fields: { bucket, key, versionId },
  })
}

export function noSuchVersion({ bucket, key, versionId }: Required<ObjectRef>): Refusal {
  return new Refusal('noSuchVersion', `There is no version ${versionId} of s3://${bucket}/${key}.`, {
    fields: { bucket, key, versionId },
  })
}

export function requireLock({ name, objectLock }: BucketRow): void {
  if (objectLock === undefined) {
    throw new Refusal('lockMissing', `The bucket ${name} has no Object Lock.`, { fields: { bucket: name } })
  }
}

export function locked({ bucket, key, versionId }: ObjectRef): Refusal {
  return new Refusal('objectLocked', `Object Lock protects this version of s3://${bucket}/${key}.`, {
    fields: { bucket, key, versionId },
  })
}

export function versioningNeeded({ name }: BucketRow, { objectLock }: BucketSettings): Refusal {
  return new Refusal('versioningNeeded', `Object Lock of ${name} needs its versioning.`, {
    fields: { bucket: name, isNew: objectLock !== undefined },
  })
}
