import type { ClaimedPart } from '../../objects/s3-object-store.ts'
import type { CompletedPart } from '../../wire/model/s3.ts'
import { checksumMembers, checksumsAmong, checksumTypeNamed, isWellFormed, wholeChecksumAmong } from './checksums.ts'
import { unquoted, writeCondition } from './conditions.ts'
import type { S3Operation } from './context.ts'
import { invalidArgument, invalidRequest, malformedXml } from './errors.ts'
import { expirationMember } from './lifecycle/replies.ts'
import { quoted, shownVersionId } from './object-metadata.ts'
import { bucketNamed } from './requests.ts'

/** Repeating it after success gives the same answer. */
export const completeMultipartUpload: S3Operation<'CompleteMultipartUpload'> = async (input, { objects }, request) => {
  const bucket = bucketNamed(objects, input.Bucket)
  const parts = input.MultipartUpload?.Parts
  if (parts === undefined) throw malformedXml()
  if (parts.length === 0) throw invalidRequest('You must specify at least one part')
  const ref = { bucket: input.Bucket, key: input.Key, uploadId: input.UploadId }
  const version = await objects.completeUpload(ref, parts.map(claimedPart), {
    condition: writeCondition(input),
    checksum: wholeChecksumAmong(input),
    ...(input.ChecksumType !== undefined && { checksumType: checksumTypeNamed(input.ChecksumType) }),
    size: sizeOf(input.MpuObjectSize),
  })
  return {
    output: {
      Location: `http://${request.host}/${input.Bucket}/${input.Key.split('/').map(encodeURIComponent).join('/')}`,
      Bucket: input.Bucket,
      Key: input.Key,
      ETag: quoted(version.etag),
      ServerSideEncryption: 'AES256',
      VersionId: shownVersionId(version, bucket),
      ...checksumMembers(version.checksum),
      ...expirationMember(version, bucket),
    },
  }
}

function claimedPart(part: CompletedPart): ClaimedPart {
  if (part.PartNumber === undefined) throw malformedXml()
  const checksums = checksumsAmong(part)
  const [checksum] = checksums
  if (checksums.length > 1 || (checksum !== undefined && !isWellFormed(checksum.algorithm, checksum.value))) {
    const shown = checksums.map(({ algorithm, value }) => `${algorithm}:${value};`).join('')
    throw invalidArgument('Invalid Base64 or multiple checksums present in request', 'Checksum', shown)
  }
  return {
    number: part.PartNumber,
    ...(part.ETag !== undefined && { etag: unquoted(part.ETag) }),
    checksum,
  }
}

function sizeOf(announced: number | undefined): number | undefined {
  if (announced === undefined || announced >= 0) return announced
  throw invalidRequest(`Value for x-amz-mp-object-size header is less than zero: '${announced}'`)
}
