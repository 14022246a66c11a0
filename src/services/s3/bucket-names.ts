/** Names that S3 gives to general purpose buckets. */
import { invalidBucketName } from './errors.ts'

const FORBIDDEN = [
  /^\d+\.\d+\.\d+\.\d+$/,
  /\.\./,
  /^(xn--|sthree-|amzn-s3-demo-)/,
  /(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/,
]

export function requireBucketName(name: string): void {
  const isWellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)
  if (!isWellFormed || FORBIDDEN.some((pattern) => pattern.test(name))) throw invalidBucketName({ BucketName: name })
}
