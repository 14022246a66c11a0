/** Small things that most operations look up. */
import type { Bucket, ObjectStore } from '../../objects/object-store.ts'
import { noSuchBucket } from './errors.ts'

export const emptyBody = new Uint8Array(0)

export function bucketNamed(objects: ObjectStore, name: string): Bucket {
  const bucket = objects.findBucket(name)
  if (bucket === undefined) throw noSuchBucket({ BucketName: name })
  return bucket
}
