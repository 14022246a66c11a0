import type { S3Operation } from './context.ts'
import { bucketNamed } from './requests.ts'

/** Empty for a bucket that never had versioning. */
export const getBucketVersioning: S3Operation<'GetBucketVersioning'> = async (input, { objects }) => {
  const { versioning } = bucketNamed(objects, input.Bucket)
  if (versioning === 'unversioned') return { output: {} }
  return { output: { Status: versioning === 'enabled' ? 'Enabled' : 'Suspended' } }
}
