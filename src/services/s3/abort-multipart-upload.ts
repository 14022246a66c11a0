import type { S3Operation } from './context.ts'

export const abortMultipartUpload: S3Operation<'AbortMultipartUpload'> = async (input, { objects }) => {
  await objects.abortUpload({ bucket: input.Bucket, key: input.Key, uploadId: input.UploadId })
  return { output: {} }
}
