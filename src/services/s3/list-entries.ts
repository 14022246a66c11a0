/** Entries of the listings, shared by ListObjects, ListObjectsV2 and ListObjectVersions. */
import type { ObjectVersion } from '../../objects/object-store.ts'
import type { ListingText } from './listing-text.ts'
import { quoted, wholeSeconds } from './object-metadata.ts'

export function objectEntry(version: ObjectVersion, { show }: ListingText) {
  return {
    Key: show(version.key),
    LastModified: wholeSeconds(version.lastModifiedMs),
    ETag: quoted(version.etag),
    ...(version.checksum !== undefined && {
      ChecksumAlgorithm: [version.checksum.algorithm],
      ChecksumType: version.checksum.type,
    }),
    Size: version.size,
    StorageClass: (version.metadata.storageClass ?? 'STANDARD') as 'STANDARD',
  }
}

export function prefixEntries(prefixes: readonly string[], { show }: ListingText) {
  return prefixes.map((prefix) => ({ Prefix: show(prefix) }))
}
