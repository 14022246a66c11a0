/** Small things that most operations look up. */
import type { Bucket, ObjectStore } from '../../objects/object-store.ts'
import type { WireRequest } from '../../wire/http.ts'
import { missingContentLength, noSuchBucket } from './errors.ts'

export const emptyBody = new Uint8Array(0)

export function bucketNamed(objects: ObjectStore, name: string): Bucket {
  const bucket = objects.findBucket(name)
  if (bucket === undefined) throw noSuchBucket({ BucketName: name })
  return bucket
}

/** Objects and parts come with their length: without it nobody could tell a whole body from a cut one. */
export function announcedLength(request: WireRequest): number {
  if (request.bodyLength === undefined) throw missingContentLength()
  return request.bodyLength
}
