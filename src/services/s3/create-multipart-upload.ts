import type { ChecksumAlgorithm } from '../../objects/object-store.ts'
import type { ChecksumType, Upload } from '../../objects/s3-object-store.ts'
import { writtenAcl } from './access/acls.ts'
import { writeFacts } from './access/facts.ts'
import { algorithmNamed } from './checksums.ts'
import type { S3Operation } from './context.ts'
import { invalidRequest } from './errors.ts'
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
    checksum,
    begunWith: writeFacts(request),
  })
  return {
    output: {
      Bucket: input.Bucket,
      Key: input.Key,
      UploadId: upload.uploadId,
      ServerSideEncryption: 'AES256',
      ...(checksum !== undefined && { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
    },
  }
}

/** The first type is the default. */
const TYPES: Readonly<Record<ChecksumAlgorithm, readonly [ChecksumType, ...ChecksumType[]]>> = {
  CRC32: ['COMPOSITE', 'FULL_OBJECT'],
  CRC32C: ['COMPOSITE', 'FULL_OBJECT'],
  CRC64NVME: ['FULL_OBJECT'],
  SHA1: ['COMPOSITE'],
  SHA256: ['COMPOSITE'],
}

function uploadChecksum(algorithmName: string | undefined, typeName: string | undefined): Upload['checksum'] {
  if (algorithmName === undefined) {
    if (typeName === undefined) return undefined
    throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.')
  }
  const algorithm = algorithmNamed(algorithmName)
  const [standard] = TYPES[algorithm]
  if (typeName === undefined) return { algorithm, type: standard }
  const type = TYPES[algorithm].find((candidate) => candidate === typeName)
  if (type !== undefined) return { algorithm, type }
  if (typeName !== 'COMPOSITE' && typeName !== 'FULL_OBJECT') {
    throw invalidRequest('Value for x-amz-checksum-type header is invalid.')
  }
  throw invalidRequest(
    `The ${typeName} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  )
}
