import type { S3Operation } from './context.ts'
import { corsOfRules } from './cors/configuration.ts'

/** Replaces the whole configuration. */
export const putBucketCors: S3Operation<'PutBucketCors'> = async (input, { objects }) => {
  await objects.changeBucket(input.Bucket, { cors: corsOfRules(input.CORSConfiguration.CORSRules) })
  return { output: {} }
}
