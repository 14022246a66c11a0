import type { Upload } from '../../objects/s3-object-store.ts'
import { writtenAcl } from './access/acls.ts'
import { writeFacts } from './access/facts.ts'
import { algorithmNamed, CHECKSUM_TYPES, checksumTypeNamed } from './checksums.ts'
import type { S3Operation } from './context.ts'
import { sentKey } from './encryption/customer-key.ts'
import { contextMember, encryptionMembers } from './encryption/replies.ts'
import { writtenEncryption } from './encryption/written.ts'
import { invalidRequest } from './errors.ts'
import { abortMembers } from './lifecycle/replies.ts'
import { writtenLock } from './object-lock.ts'
import { metadataOf } from './object-metadata.ts'
import { bucketNamed } from './requests.ts'

export const createMultipartUpload: S3Operation<'CreateMultipartUpload'> = async (input, context, request) => {
  const { objects } = context
  const bucket = bucketNamed(objects, input.Bucket)
  const checksum = uploadChecksum(input.ChecksumAlgorithm, input.ChecksumType)
  const to = { bucket: input.Bucket, key: input.Key }
  const upload = await objects.createUpload(to, {
    metadata: metadataOf(input),
    acl: writtenAcl(input, bucket, context),
    lock: writtenLock(input, bucket, context),
    encryption: await writtenEncryption(input, bucket, { request, context }),
    checksum,
    begunWith: writeFacts(request),
  })
  return {
    output: {
      Bucket: input.Bucket,
      Key: input.Key,
      UploadId: upload.uploadId,
      ...encryptionMembers(upload.encryption, sentKey(request.headers, 'x-amz-server-side-encryption')),
      ...contextMember(upload.encryption),
      ...abortMembers(upload, bucket),
      ...(checksum !== undefined && { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
    },
  }
}

function uploadChecksum(algorithmName: string | undefined, typeName: string | undefined): Upload['checksum'] {
  const wanted = typeName === undefined ? undefined : checksumTypeNamed(typeName)
  if (algorithmName === undefined) {
    if (wanted === undefined) return undefined
    throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.')
  }
  const algorithm = algorithmNamed(algorithmName)
  const types = CHECKSUM_TYPES[algorithm]
  const type = wanted ?? types[0]
  if (types.includes(type)) return { algorithm, type }
  throw invalidRequest(
    `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  )
}
