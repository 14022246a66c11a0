/** Small things that most operations look up. */
import type { Bucket, ObjectRef, ObjectStore } from '../../objects/object-store.ts'
import type { WireRequest } from '../../wire/http.ts'
import { missingContentLength, noSuchBucket } from './errors.ts'

export const emptyBody = new Uint8Array(0)

export function bucketNamed(objects: ObjectStore, name: string): Bucket {
  const bucket = objects.findBucket(name)
  if (bucket === undefined) throw noSuchBucket({ BucketName: name })
  return bucket
}

export function objectRef(input: {
  readonly Bucket: string
  readonly Key: string
  readonly VersionId?: string
}): ObjectRef {
  const { Bucket: bucket, Key: key, VersionId: versionId } = input
  return { bucket, key, ...(versionId !== undefined && { versionId }) }
}

/** '' for a parameter without `=`, undefined for one that is not there. */
export function queryValue(request: WireRequest, name: string): string | undefined {
  return request.query.find(([parameter]) => parameter === name)?.[1]
}

/** Objects and parts come with their length: without it nobody could tell a whole body from a cut one. */
export function announcedLength(request: WireRequest): number | undefined {
  if (request.bodyLength === undefined && request.form === undefined) throw missingContentLength()
  return request.bodyLength
}
