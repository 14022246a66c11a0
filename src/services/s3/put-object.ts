import { writtenAcl } from './access/acls.ts'
import { checksumMembers, claimedChecksum, contentMd5Of } from './checksums.ts'
import { writeCondition } from './conditions.ts'
import type { S3Operation } from './context.ts'
import { sentKey } from './encryption/customer-key.ts'
import { contextMember, encryptionMembers } from './encryption/replies.ts'
import { writtenEncryption } from './encryption/written.ts'
import { headerNotImplemented } from './errors.ts'
import { expirationMember } from './lifecycle/replies.ts'
import { requireDigestForLock, writtenLock } from './object-lock.ts'
import { metadataOf, quoted, shownVersionId } from './object-metadata.ts'
import { announcedLength, bucketNamed, emptyBody } from './requests.ts'

/** Answering means that the object is on stable storage, encrypted, and visible. */
export const putObject: S3Operation<'PutObject'> = async (input, context, request) => {
  const { objects } = context
  const bucket = bucketNamed(objects, input.Bucket)
  if (input.WriteOffsetBytes !== undefined) {
    throw headerNotImplemented('x-amz-write-offset-bytes', 'Appending to objects is not offered.')
  }
  const lock = writtenLock(input, bucket, context)
  requireDigestForLock(input, request)
  const encryption = await writtenEncryption(input, bucket, { request, context })
  const version = await objects.put({ bucket: bucket.name, key: input.Key }, input.Body ?? emptyBody, {
    metadata: metadataOf(input),
    acl: writtenAcl(input, bucket, context),
    lock,
    encryption,
    condition: writeCondition(input),
    contentMd5: contentMd5Of(request),
    checksum: claimedChecksum(request),
    size: announcedLength(request),
  })
  return {
    output: {
      ETag: quoted(version.etag),
      ...encryptionMembers(version.encryption, sentKey(request.headers, 'x-amz-server-side-encryption')),
      ...contextMember(version.encryption),
      VersionId: shownVersionId(version, bucket),
      ...checksumMembers(version.checksum),
      ...expirationMember(version, bucket),
    },
  }
}
