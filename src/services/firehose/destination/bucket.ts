/** Buckets by their ARN. */
import { invalidArgument } from '../errors.ts'

const BUCKET_ARN_START = 'arn:aws:s3:::'

/** The model has checked the ARN's shape; what follows its last colon is the bucket. */
export function bucketOf(arn: string, member: string): string {
  const bucket = arn.slice(arn.lastIndexOf(':') + 1)
  if (bucket.length >= 3 && bucket.length <= 63 && /^[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(bucket)) return bucket
  throw invalidArgument(`${member}.BucketARN ${arn} does not name an S3 bucket.`)
}

export function bucketArn(bucket: string): string {
  return `${BUCKET_ARN_START}${bucket}`
}
