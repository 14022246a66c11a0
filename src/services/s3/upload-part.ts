import { checksumMember, claimedChecksum, contentMd5Of } from './checksums.ts'
import type { S3Operation } from './context.ts'
import { invalidArgument, invalidRequest } from './errors.ts'
import { quoted } from './object-metadata.ts'
import { announcedLength, emptyBody } from './requests.ts'

const PART_NUMBER_MAX = 10_000

export const uploadPart: S3Operation<'UploadPart'> = async (input, { objects }, request) => {
  requirePartNumber(input.PartNumber)
  const ref = { bucket: input.Bucket, key: input.Key, uploadId: input.UploadId }
  const upload = await objects.uploadNamed(ref)
  const checksum = claimedChecksum(request)
  const expected = upload.checksum?.algorithm
  if (expected !== undefined && checksum !== undefined && checksum.algorithm !== expected) {
    throw invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${expected.toLowerCase()}, actual checksum Type: ${checksum.algorithm.toLowerCase()}`,
    )
  }
  const part = await objects.putPart(ref, input.PartNumber, input.Body ?? emptyBody, {
    contentMd5: contentMd5Of(request),
    checksum,
    size: announcedLength(request),
  })
  return {
    output: { ETag: quoted(part.etag), ServerSideEncryption: 'AES256', ...checksumMember(part.checksum) },
  }
}

export function requirePartNumber(number: number): void {
  if (Number.isInteger(number) && number >= 1 && number <= PART_NUMBER_MAX) return
  throw invalidArgument(
    `Part number must be an integer between 1 and ${PART_NUMBER_MAX}, inclusive`,
    'partNumber',
    number,
  )
}
