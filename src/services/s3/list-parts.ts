import { requireCustomerKey } from '../../objects/encryption.ts'
import { checksumMember } from './checksums.ts'
import type { S3Operation } from './context.ts'
import { sentKey } from './encryption/customer-key.ts'
import { abortMembers } from './lifecycle/replies.ts'
import { entryLimit, partNumberMarker } from './listing-text.ts'
import { quoted, wholeSeconds } from './object-metadata.ts'
import { ownerOf } from './owner.ts'
import { bucketNamed } from './requests.ts'

export const listParts: S3Operation<'ListParts'> = async (input, context, request) => {
  const limit = entryLimit(input.MaxParts, 'max-parts')
  const afterNumber = partNumberMarker(input.PartNumberMarker)
  const ref = { bucket: input.Bucket, key: input.Key, uploadId: input.UploadId }
  const { upload, parts, hasMore } = await context.objects.listParts(ref, { afterNumber, limit })
  const sent = sentKey(request.headers, 'x-amz-server-side-encryption')
  if (sent !== undefined) requireCustomerKey(upload.encryption, sent.key, upload)
  const owner = ownerOf(context)
  return {
    output: {
      Bucket: input.Bucket,
      Key: input.Key,
      UploadId: input.UploadId,
      ...abortMembers(upload, bucketNamed(context.objects, input.Bucket)),
      Initiator: owner,
      Owner: owner,
      StorageClass: (upload.metadata.storageClass ?? 'STANDARD') as 'STANDARD',
      PartNumberMarker: afterNumber,
      NextPartNumberMarker: parts.at(-1)?.number ?? 0,
      MaxParts: limit,
      IsTruncated: hasMore && parts.length > 0,
      ...(upload.checksum !== undefined && {
        ChecksumAlgorithm: upload.checksum.algorithm,
        ChecksumType: upload.checksum.type,
      }),
      Parts: parts.map((part) => ({
        PartNumber: part.number,
        LastModified: wholeSeconds(part.lastModifiedMs),
        ETag: quoted(part.etag),
        Size: part.size,
        ...(upload.checksum !== undefined && checksumMember(part.checksum)),
      })),
    },
  }
}
