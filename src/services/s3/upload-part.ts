import type { Upload } from '../../objects/s3-object-store.ts'
import { type ClaimedChecksum, checksumMember, claimedChecksum, contentMd5Of } from './checksums.ts'
import type { S3Operation } from './context.ts'
import { checksumAlgorithmMismatch, invalidArgument } from './errors.ts'
import { quoted } from './object-metadata.ts'
import { announcedLength, emptyBody } from './requests.ts'

const PART_NUMBER_MAX = 10_000

export const uploadPart: S3Operation<'UploadPart'> = async (input, { objects }, request) => {
  requirePartNumber(input.PartNumber)
  const ref = { bucket: input.Bucket, key: input.Key, uploadId: input.UploadId }
  const upload = await objects.uploadNamed(ref)
  const checksum = claimedChecksum(request)
  requireSameAlgorithm(upload, checksum)
  const part = await objects.putPart(ref, input.PartNumber, input.Body ?? emptyBody, {
    contentMd5: contentMd5Of(request),
    checksum,
    size: announcedLength(request),
  })
  return {
    output: { ETag: quoted(part.etag), ServerSideEncryption: 'AES256', ...checksumMember(part.checksum) },
  }
}

/** Parts of a composite checksum must come with theirs; those of a whole one are combined from what S3 calculates. */
function requireSameAlgorithm({ checksum: expected }: Upload, checksum: ClaimedChecksum): void {
  if (expected === undefined || checksum?.algorithm === expected.algorithm) return
  if (checksum === undefined && expected.type === 'FULL_OBJECT') return
  throw checksumAlgorithmMismatch(expected.algorithm, checksum?.algorithm)
}

export function requirePartNumber(number: number): void {
  if (Number.isInteger(number) && number >= 1 && number <= PART_NUMBER_MAX) return
  throw invalidArgument(
    `Part number must be an integer between 1 and ${PART_NUMBER_MAX}, inclusive`,
    'partNumber',
    number,
  )
}
