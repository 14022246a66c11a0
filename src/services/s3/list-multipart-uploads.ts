import type { S3Operation } from './context.ts'
import { prefixEntries } from './list-entries.ts'
import { entryLimit, listingText } from './listing-text.ts'
import { wholeSeconds } from './object-metadata.ts'
import { ownerOf } from './owner.ts'

export const listMultipartUploads: S3Operation<'ListMultipartUploads'> = async (input, context) => {
  const text = listingText(input.EncodingType)
  const limit = entryLimit(input.MaxUploads, 'max-uploads')
  const page = await context.objects.listUploads(input.Bucket, {
    prefix: input.Prefix,
    delimiter: input.Delimiter,
    keyMarker: input.KeyMarker,
    uploadIdMarker: input.UploadIdMarker || undefined,
    limit,
  })
  const owner = ownerOf(context)
  return {
    output: {
      Bucket: input.Bucket,
      KeyMarker: text.show(input.KeyMarker ?? ''),
      UploadIdMarker: input.UploadIdMarker ?? '',
      NextKeyMarker: text.show(page.next?.keyMarker),
      NextUploadIdMarker: page.next?.uploadIdMarker,
      Prefix: text.show(input.Prefix ?? ''),
      Delimiter: text.show(input.Delimiter || undefined),
      MaxUploads: limit,
      EncodingType: text.EncodingType,
      IsTruncated: page.next !== undefined,
      Uploads: page.uploads.map((upload) => ({
        Key: text.show(upload.key),
        UploadId: upload.uploadId,
        Initiator: owner,
        Owner: owner,
        StorageClass: (upload.metadata.storageClass ?? 'STANDARD') as 'STANDARD',
        Initiated: wholeSeconds(upload.startedAtMs),
        ...(upload.checksum !== undefined && {
          ChecksumAlgorithm: upload.checksum.algorithm,
          ChecksumType: upload.checksum.type,
        }),
      })),
      CommonPrefixes: prefixEntries(page.commonPrefixes, text),
    },
  }
}
