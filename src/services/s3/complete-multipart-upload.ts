import { requireCustomerKey } from '../../objects/encryption.ts'
import type { ClaimedPart, Upload, UploadRef } from '../../objects/s3-object-store.ts'
import { isRefusal } from '../../platform/refusal.ts'
import type { WireRequest } from '../../wire/http.ts'
import type { CompletedPart } from '../../wire/model/s3.ts'
import { requireKeyUse } from './access/key-use.ts'
import { checksumMembers, checksumsAmong, checksumTypeNamed, isWellFormed, wholeChecksumAmong } from './checksums.ts'
import { unquoted, writeCondition } from './conditions.ts'
import type { S3Context, S3Operation } from './context.ts'
import { sentKey } from './encryption/customer-key.ts'
import { encryptionMembers } from './encryption/replies.ts'
import { invalidArgument, invalidRequest, malformedXml } from './errors.ts'
import { expirationMember } from './lifecycle/replies.ts'
import { quoted, shownVersionId } from './object-metadata.ts'
import { bucketNamed } from './requests.ts'

/** Repeating it after success gives the same answer. */
export const completeMultipartUpload: S3Operation<'CompleteMultipartUpload'> = async (input, context, request) => {
  const { objects } = context
  const bucket = bucketNamed(objects, input.Bucket)
  const parts = input.MultipartUpload?.Parts
  if (parts === undefined) throw malformedXml()
  if (parts.length === 0) throw invalidRequest('You must specify at least one part')
  const ref = { bucket: input.Bucket, key: input.Key, uploadId: input.UploadId }
  await requireKeys(ref, { request, context })
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
      ...encryptionMembers(version.encryption),
      VersionId: shownVersionId(version, bucket),
      ...checksumMembers(version.checksum),
      ...expirationMember(version, bucket),
    },
  }
}

/** Of an upload that is still open; one that was completed before answers as it did then. */
async function requireKeys(
  ref: UploadRef,
  { request, context }: { request: WireRequest; context: S3Context },
): Promise<void> {
  const upload = await openUpload(ref, context)
  if (upload === undefined) return
  const sent = sentKey(request.headers, 'x-amz-server-side-encryption')
  if (sent !== undefined) requireCustomerKey(upload.encryption, sent.key, upload)
  requireKeyUse('Decrypt', upload.encryption, { object: upload, request, context })
}

async function openUpload(ref: UploadRef, { objects }: S3Context): Promise<Upload | undefined> {
  try {
    return await objects.uploadNamed(ref)
  } catch (error) {
    if (isRefusal(error) && error.code === 'noSuchUpload') return undefined
    throw error
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
