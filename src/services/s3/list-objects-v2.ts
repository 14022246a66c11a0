import type { S3Operation } from './context.ts'
import { objectEntry, prefixEntries } from './list-entries.ts'
import { entryLimit, listingText } from './listing-text.ts'
import { ownerOf } from './owner.ts'
import { tokenOf, valueOfToken } from './tokens.ts'

export const listObjectsV2: S3Operation<'ListObjectsV2'> = async (input, context) => {
  const text = listingText(input.EncodingType)
  const limit = entryLimit(input.MaxKeys, 'max-keys')
  const continued = input.ContinuationToken === undefined ? undefined : valueOfToken(input.ContinuationToken)
  const page = await context.objects.list(input.Bucket, {
    prefix: input.Prefix,
    delimiter: input.Delimiter,
    startAfter: continued ?? input.StartAfter,
    limit,
  })
  const owner = input.FetchOwner ? { Owner: ownerOf(context) } : {}
  return {
    output: {
      Name: input.Bucket,
      Prefix: text.show(input.Prefix ?? ''),
      Delimiter: text.show(input.Delimiter || undefined),
      MaxKeys: limit,
      EncodingType: text.EncodingType,
      KeyCount: page.objects.length + page.commonPrefixes.length,
      IsTruncated: page.next !== undefined,
      ContinuationToken: input.ContinuationToken,
      NextContinuationToken: page.next === undefined ? undefined : tokenOf(page.next),
      StartAfter: text.show(input.StartAfter || undefined),
      Contents: page.objects.map((version) => ({ ...objectEntry(version, text), ...owner })),
      CommonPrefixes: prefixEntries(page.commonPrefixes, text),
    },
  }
}
