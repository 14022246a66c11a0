import type { S3Operation } from './context.ts'
import { noSuchBucketPolicy } from './errors.ts'
import { bucketNamed } from './requests.ts'

/** The text as it was put. */
export const getBucketPolicy: S3Operation<'GetBucketPolicy'> = async (input, { objects }) => {
  const { policy } = bucketNamed(objects, input.Bucket)
  if (policy === undefined) throw noSuchBucketPolicy({ BucketName: input.Bucket })
  return { output: { Policy: policy } }
}
