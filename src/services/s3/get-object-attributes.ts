import { requireCustomerKey } from '../../objects/encryption.ts'
import type { ObjectVersion } from '../../objects/object-store.ts'
import type { S3ObjectStore } from '../../objects/s3-object-store.ts'
import type { GetObjectAttributesParts, GetObjectAttributesRequest } from '../../wire/model/s3.ts'
import { checksumMember, checksumMembers } from './checksums.ts'
import type { S3Operation } from './context.ts'
import { sentKey } from './encryption/customer-key.ts'
import { invalidArgument, methodNotAllowed } from './errors.ts'
import { entryLimit, partNumberMarker } from './listing-text.ts'
import { shownVersionId } from './object-metadata.ts'
import { bucketNamed } from './requests.ts'

const KNOWN = new Set(['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'])

/** Only what was asked for. The ETag comes without quotes here, as on AWS. */
export const getObjectAttributes: S3Operation<'GetObjectAttributes'> = async (input, { objects }, request) => {
  const wanted = new Set<string>(input.ObjectAttributes)
  for (const name of wanted) {
    if (!KNOWN.has(name)) throw invalidArgument('Invalid attribute name specified.', 'x-amz-object-attributes', name)
  }
  const bucket = bucketNamed(objects, input.Bucket)
  const version = await objects.head({
    bucket: input.Bucket,
    key: input.Key,
    ...(input.VersionId !== undefined && { versionId: input.VersionId }),
  })
  if (version.isDeleteMarker) throw methodNotAllowed({ Method: 'GET', ResourceType: 'DeleteMarker' })
  requireCustomerKey(version.encryption, sentKey(request.headers, 'x-amz-server-side-encryption')?.key, version)
  return {
    output: {
      LastModified: new Date(version.lastModifiedMs),
      VersionId: shownVersionId(version, bucket),
      ...(wanted.has('ETag') && { ETag: version.etag }),
      ...(wanted.has('Checksum') && { Checksum: wholeChecksum(version) }),
      ...(wanted.has('ObjectParts') &&
        version.partSizes !== undefined && { ObjectParts: parts(input, version, objects) }),
      ...(wanted.has('StorageClass') && { StorageClass: (version.metadata.storageClass ?? 'STANDARD') as 'STANDARD' }),
      ...(wanted.has('ObjectSize') && { ObjectSize: version.size }),
    },
  }
}

/** Without the number of parts that a composite value ends with elsewhere. */
function wholeChecksum({ checksum }: ObjectVersion) {
  if (checksum === undefined) return undefined
  const [value = ''] = checksum.value.split('-')
  return checksumMembers({ ...checksum, value })
}

/** Parts are listed one by one only when they have checksums of their own. */
function parts(
  input: GetObjectAttributesRequest,
  version: ObjectVersion,
  objects: S3ObjectStore,
): GetObjectAttributesParts {
  const all = objects.partsOf(version)
  const algorithm = version.checksum?.algorithm
  if (version.checksum?.type !== 'COMPOSITE' || algorithm === undefined) return { TotalPartsCount: all.length }
  const marker = partNumberMarker(input.PartNumberMarker)
  const limit = entryLimit(input.MaxParts, 'max-parts')
  const rest = all.filter((part) => part.number > marker)
  const page = rest.slice(0, limit)
  return {
    TotalPartsCount: all.length,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.number ?? 0,
    MaxParts: limit,
    IsTruncated: page.length < rest.length && page.length > 0,
    Parts: page.map(({ number, size, checksum }) => ({
      PartNumber: number,
      Size: size,
      ...(checksum !== undefined && checksumMember({ algorithm, value: checksum })),
    })),
  }
}
