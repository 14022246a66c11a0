import type { S3Operation } from './context.ts'
import { invalidArgument } from './errors.ts'
import { objectEntry, prefixEntries } from './list-entries.ts'
import { entryLimit, listingText } from './listing-text.ts'
import { wholeSeconds } from './object-metadata.ts'
import { ownerOf } from './owner.ts'

export const listObjectVersions: S3Operation<'ListObjectVersions'> = async (input, context) => {
  const text = listingText(input.EncodingType)
  const limit = entryLimit(input.MaxKeys, 'max-keys')
  if (input.VersionIdMarker && !input.KeyMarker) {
    throw invalidArgument(
      'A version-id marker cannot be specified without a key marker.',
      'version-id-marker',
      input.VersionIdMarker,
    )
  }
  const page = await context.objects.listVersions(input.Bucket, {
    prefix: input.Prefix,
    delimiter: input.Delimiter,
    keyMarker: input.KeyMarker,
    versionIdMarker: input.VersionIdMarker || undefined,
    limit,
  })
  const owner = ownerOf(context)
  return {
    output: {
      Name: input.Bucket,
      Prefix: text.show(input.Prefix ?? ''),
      KeyMarker: text.show(input.KeyMarker ?? ''),
      VersionIdMarker: input.VersionIdMarker ?? '',
      NextKeyMarker: text.show(page.next?.keyMarker),
      NextVersionIdMarker: page.next?.versionIdMarker,
      Delimiter: text.show(input.Delimiter || undefined),
      MaxKeys: limit,
      EncodingType: text.EncodingType,
      IsTruncated: page.next !== undefined,
      Versions: page.versions
        .filter((version) => !version.isDeleteMarker)
        .map((version) => ({
          ...objectEntry(version, text),
          VersionId: version.versionId,
          IsLatest: version.isLatest,
          Owner: owner,
        })),
      DeleteMarkers: page.versions
        .filter((version) => version.isDeleteMarker)
        .map((version) => ({
          Key: text.show(version.key),
          VersionId: version.versionId,
          IsLatest: version.isLatest,
          LastModified: wholeSeconds(version.lastModifiedMs),
          Owner: owner,
        })),
      CommonPrefixes: prefixEntries(page.commonPrefixes, text),
    },
  }
}
