import type { S3Operation } from './context.ts'
import { invalidArgument } from './errors.ts'
import { wholeSeconds } from './object-metadata.ts'
import { ownerOf } from './owner.ts'
import { tokenOf, valueOfToken } from './tokens.ts'

const BUCKETS_MAX = 10_000

/** Pages only when asked for by MaxBuckets; then entries also tell region and ARN. */
export const listBuckets: S3Operation<'ListBuckets'> = async (input, context) => {
  const { MaxBuckets, Prefix, BucketRegion } = input
  if (MaxBuckets !== undefined && (MaxBuckets < 1 || MaxBuckets > BUCKETS_MAX)) {
    throw invalidArgument(
      `Argument max-buckets must be an integer between 1 and ${BUCKETS_MAX}`,
      'max-buckets',
      MaxBuckets,
    )
  }
  const after = input.ContinuationToken === undefined ? '' : valueOfToken(input.ContinuationToken)
  const matching = context.objects
    .buckets()
    .filter(({ name, region }) => name > after && name.startsWith(Prefix ?? '') && (BucketRegion ?? region) === region)
  const page = matching.slice(0, MaxBuckets ?? BUCKETS_MAX)
  const last = page.length < matching.length ? page.at(-1) : undefined
  return {
    output: {
      Owner: ownerOf(context),
      Buckets: page.map(({ name, createdAtMs, region }) => ({
        Name: name,
        CreationDate: wholeSeconds(createdAtMs),
        ...(MaxBuckets !== undefined && { BucketRegion: region, BucketArn: `arn:aws:s3:::${name}` }),
      })),
      ...(Prefix !== undefined && { Prefix }),
      ...(last !== undefined && { ContinuationToken: tokenOf(last.name) }),
    },
  }
}
