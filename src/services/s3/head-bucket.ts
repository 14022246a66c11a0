import type { S3Operation } from './context.ts'
import { bucketNamed } from './requests.ts'

export const headBucket: S3Operation<'HeadBucket'> = async (input, { objects }) => {
  const { name, region } = bucketNamed(objects, input.Bucket)
  return { output: { BucketArn: `arn:aws:s3:::${name}`, BucketRegion: region, AccessPointAlias: false } }
}
