import type { S3Operation } from './context.ts'
import { objectEntry, prefixEntries } from './list-entries.ts'
import { entryLimit, listingText } from './listing-text.ts'
import { ownerOf } from './owner.ts'

/** NextMarker comes only with a delimiter: without one, clients go on from the last key. */
export const listObjects: S3Operation<'ListObjects'> = async (input, context) => {
  const text = listingText(input.EncodingType)
  const limit = entryLimit(input.MaxKeys, 'max-keys')
  const page = await context.objects.list(input.Bucket, {
    prefix: input.Prefix,
    delimiter: input.Delimiter,
    startAfter: input.Marker,
    limit,
  })
  const owner = ownerOf(context)
  const hasDelimiter = (input.Delimiter ?? '') !== ''
  return {
    output: {
      Name: input.Bucket,
      Prefix: text.show(input.Prefix ?? ''),
      Marker: text.show(input.Marker ?? ''),
      ...(hasDelimiter && page.next !== undefined && { NextMarker: text.show(page.next) }),
      Delimiter: text.show(input.Delimiter || undefined),
      MaxKeys: limit,
      EncodingType: text.EncodingType,
      IsTruncated: page.next !== undefined,
      Contents: page.objects.map((version) => ({ ...objectEntry(version, text), Owner: owner })),
      CommonPrefixes: prefixEntries(page.commonPrefixes, text),
    },
  }
}
