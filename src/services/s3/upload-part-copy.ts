import { requireCustomerKey } from '../../objects/encryption.ts'
import type { ByteRange, ObjectVersion } from '../../objects/object-store.ts'
import { requireKeyUse } from './access/key-use.ts'
import { checksumMember } from './checksums.ts'
import type { S3Operation } from './context.ts'
import { copySourceOf } from './copy-source.ts'
import { sentKey } from './encryption/customer-key.ts'
import { encryptionMembers } from './encryption/replies.ts'
import { invalidArgument, invalidRequest } from './errors.ts'
import { quoted, shownVersionId, wholeSeconds } from './object-metadata.ts'
import { bucketNamed } from './requests.ts'
import { requirePartNumber } from './upload-part.ts'

export const uploadPartCopy: S3Operation<'UploadPartCopy'> = async (input, context, request) => {
  const { objects } = context
  requirePartNumber(input.PartNumber)
  const ref = { bucket: input.Bucket, key: input.Key, uploadId: input.UploadId }
  const upload = await objects.uploadNamed(ref)
  const sent = sentKey(request.headers, 'x-amz-server-side-encryption')
  requireCustomerKey(upload.encryption, sent?.key, upload)
  requireKeyUse('GenerateDataKey', upload.encryption, { object: upload, request, context })
  const { source, sourceKey } = await copySourceOf(input, { request, context })
  const range = sourceRange(source, input.CopySourceRange)
  const part = await objects.copyPart(ref, input.PartNumber, source, {
    ...(range !== undefined && { range }),
    ...(sourceKey !== undefined && { sourceKey }),
    ...(sent !== undefined && { customerKey: sent.key }),
  })
  return {
    output: {
      CopySourceVersionId: shownVersionId(source, bucketNamed(objects, source.bucket)),
      CopyPartResult: {
        ETag: quoted(part.etag),
        LastModified: wholeSeconds(part.lastModifiedMs),
        ...(upload.checksum !== undefined && checksumMember(part.checksum)),
      },
      ...encryptionMembers(upload.encryption, sent),
    },
  }
}

/** Both bounds must be given, and lie within the source. */
function sourceRange({ size }: ObjectVersion, header: string | undefined): ByteRange | undefined {
  if (header === undefined) return undefined
  const match = /^bytes=(\d+)-(\d+)$/.exec(header)
  const [start, end] = [Number(match?.[1]), Number(match?.[2])]
  if (match === null || start > end) {
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      header,
    )
  }
  if (end < size) return { start, end }
  if (start >= size) throw invalidRequest('The specified copy range is invalid for the source object size.')
  throw invalidArgument(
    `Range specified is not valid for source object of size: ${size}`,
    'x-amz-copy-source-range',
    header,
  )
}
