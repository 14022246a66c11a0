import type { ClaimedPart } from '../../objects/s3-object-store.ts'
import type { CompletedPart } from '../../wire/model/s3.ts'
import { checksumAmong, checksumMembers } from './checksums.ts'
import { unquoted, writeCondition } from './conditions.ts'
import type { S3Operation } from './context.ts'
import { invalidRequest, malformedXml } from './errors.ts'
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
    checksum: checksumAmong(input),
    checksumType: checksumTypeOf(input.ChecksumType),
    size: input.MpuObjectSize,
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
    },
  }
}

function claimedPart(part: CompletedPart): ClaimedPart {
  if (part.PartNumber === undefined) throw malformedXml()
  return {
    number: part.PartNumber,
    ...(part.ETag !== undefined && { etag: unquoted(part.ETag) }),
    checksum: checksumAmong(part),
  }
}

function checksumTypeOf(name: string | undefined) {
  if (name === undefined || name === 'COMPOSITE' || name === 'FULL_OBJECT') return name
  throw invalidRequest('Value for x-amz-checksum-type header is invalid.')
}
