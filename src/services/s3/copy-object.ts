import type { ObjectMetadata, ObjectVersion } from '../../objects/object-store.ts'
import { WireError } from '../../wire/error.ts'
import type { CopyObjectRequest } from '../../wire/model/s3.ts'
import { writtenAcl } from './access/acls.ts'
import { algorithmNamed, checksumMembers } from './checksums.ts'
import { writeCondition } from './conditions.ts'
import type { S3Operation } from './context.ts'
import { copySourceOf } from './copy-source.ts'
import { sentKey } from './encryption/customer-key.ts'
import { contextMember, encryptionMembers } from './encryption/replies.ts'
import { writtenEncryption } from './encryption/written.ts'
import { invalidArgument, invalidRequest } from './errors.ts'
import { expirationMember } from './lifecycle/replies.ts'
import { writtenLock } from './object-lock.ts'
import { metadataOf, quoted, shownVersionId, wholeSeconds } from './object-metadata.ts'
import { bucketNamed } from './requests.ts'

const SOURCE_BYTES_MAX = 5 * 1024 ** 3

export const copyObject: S3Operation<'CopyObject'> = async (input, context, request) => {
  const { objects } = context
  const bucket = bucketNamed(objects, input.Bucket)
  const { source, sourceKey } = await copySourceOf(input, { request, context })
  if (source.size > SOURCE_BYTES_MAX) {
    throw new WireError(
      'InvalidRequest',
      `The specified copy source is larger than the maximum allowable size for a copy source: ${SOURCE_BYTES_MAX}`,
    )
  }
  requireChange(input, source)
  const encryption = await writtenEncryption(input, bucket, { request, context })
  const version = await objects.copy(
    source,
    { bucket: input.Bucket, key: input.Key },
    {
      metadata: mergedMetadata(input, source),
      acl: writtenAcl(input, bucket, context),
      lock: writtenLock(input, bucket, context),
      condition: writeCondition(input),
      encryption,
      ...(sourceKey !== undefined && { sourceKey }),
      ...(input.ChecksumAlgorithm !== undefined && { checksumAlgorithm: algorithmNamed(input.ChecksumAlgorithm) }),
    },
  )
  const sourceBucket = bucketNamed(objects, source.bucket)
  return {
    output: {
      CopyObjectResult: {
        ETag: quoted(version.etag),
        LastModified: wholeSeconds(version.lastModifiedMs),
        ...checksumMembers(version.checksum),
      },
      CopySourceVersionId: shownVersionId(source, sourceBucket),
      VersionId: shownVersionId(version, bucket),
      ...encryptionMembers(version.encryption, sentKey(request.headers, 'x-amz-server-side-encryption')),
      ...contextMember(version.encryption),
      ...expirationMember(version, bucket),
    },
  }
}

function mergedMetadata(input: CopyObjectRequest, source: ObjectVersion): ObjectMetadata {
  const given = metadataOf(input)
  const { tags: givenTags, storageClass, websiteRedirectLocation, ...givenRest } = given
  const { tags: sourceTags, storageClass: _, websiteRedirectLocation: __, ...sourceRest } = source.metadata
  const rest = isReplace(input.MetadataDirective, 'x-amz-metadata-directive') ? givenRest : sourceRest
  const tags = isReplace(input.TaggingDirective, 'x-amz-tagging-directive') ? givenTags : sourceTags
  return { ...rest, storageClass, websiteRedirectLocation, ...(tags !== undefined && { tags }) }
}

function isReplace(directive: string | undefined, header: string): boolean {
  if (directive === undefined || directive === 'COPY') return false
  if (directive === 'REPLACE') return true
  throw invalidArgument(`Unknown ${header.slice('x-amz-'.length).replace('-', ' ')}.`, header, directive)
}

/** Copying an object onto itself must change something. */
function requireChange(input: CopyObjectRequest, source: ObjectVersion): void {
  const isSame = source.bucket === input.Bucket && source.key === input.Key && source.isLatest
  const changes = [
    input.MetadataDirective === 'REPLACE',
    input.TaggingDirective === 'REPLACE',
    input.StorageClass !== undefined && input.StorageClass !== (source.metadata.storageClass ?? 'STANDARD'),
    input.WebsiteRedirectLocation !== undefined,
    input.ServerSideEncryption !== undefined || input.SSECustomerKey !== undefined,
    input.ChecksumAlgorithm !== undefined && input.ChecksumAlgorithm !== source.checksum?.algorithm,
  ]
  if (!isSame || changes.includes(true)) return
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  )
}
