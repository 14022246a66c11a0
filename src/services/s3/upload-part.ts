import { requireCustomerKey } from '../../objects/encryption.ts'
import type { Upload } from '../../objects/s3-object-store.ts'
import { requireKeyUse } from './access/key-use.ts'
import { type ClaimedChecksum, checksumMember, claimedChecksum, contentMd5Of } from './checksums.ts'
import type { S3Operation } from './context.ts'
import { sentKey } from './encryption/customer-key.ts'
import { encryptionMembers } from './encryption/replies.ts'
import { checksumAlgorithmMismatch, invalidArgument } from './errors.ts'
import { quoted } from './object-metadata.ts'
import { announcedLength, emptyBody } from './requests.ts'

const PART_NUMBER_MAX = 10_000

export const uploadPart: S3Operation<'UploadPart'> = async (input, context, request) => {
  const { objects } = context
  requirePartNumber(input.PartNumber)
  const ref = { bucket: input.Bucket, key: input.Key, uploadId: input.UploadId }
  const upload = await objects.uploadNamed(ref)
  const sent = sentKey(request.headers, 'x-amz-server-side-encryption')
  requireCustomerKey(upload.encryption, sent?.key, upload)
  requireKeyUse('GenerateDataKey', upload.encryption, { object: upload, request, context })
  const checksum = claimedChecksum(request)
  requireSameAlgorithm(upload, checksum)
  const part = await objects.putPart(ref, input.PartNumber, input.Body ?? emptyBody, {
    contentMd5: contentMd5Of(request),
    checksum,
    size: announcedLength(request),
    ...(sent !== undefined && { customerKey: sent.key }),
  })
  return {
    output: {
      ETag: quoted(part.etag),
      ...encryptionMembers(upload.encryption, sent),
      ...checksumMember(part.checksum),
    },
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
