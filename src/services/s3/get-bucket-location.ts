import type { S3Operation } from './context.ts'
import { bucketNamed } from './requests.ts'

/** us-east-1 is told by saying nothing. */
export const getBucketLocation: S3Operation<'GetBucketLocation'> = async (input, { objects }) => {
  const { region } = bucketNamed(objects, input.Bucket)
  return { output: region === 'us-east-1' ? {} : { LocationConstraint: region } }
}
