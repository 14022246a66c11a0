import type { S3Operation } from './context.ts'
import { malformedXml } from './errors.ts'

export const putObjectLegalHold: S3Operation<'PutObjectLegalHold'> = async (input, { objects }) => {
  const status = input.LegalHold?.Status
  if (status === undefined) throw malformedXml()
  const ref = {
    bucket: input.Bucket,
    key: input.Key,
    ...(input.VersionId !== undefined && { versionId: input.VersionId }),
  }
  await objects.setLegalHold(ref, status === 'ON')
  return { output: {} }
}
