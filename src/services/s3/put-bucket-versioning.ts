import { WireError } from '../../wire/error.ts'
import type { S3Operation } from './context.ts'
import { settingNotImplemented } from './errors.ts'

/** There is no way back to "never set". */
export const putBucketVersioning: S3Operation<'PutBucketVersioning'> = async (input, { objects }) => {
  const { Status, MFADelete } = input.VersioningConfiguration
  if (MFADelete === 'Enabled') throw settingNotImplemented('PutBucketVersioning', 'MFA delete')
  if (Status === undefined) {
    throw new WireError('IllegalVersioningConfigurationException', 'The Versioning element must be specified')
  }
  await objects.changeBucket(input.Bucket, { versioning: Status === 'Enabled' ? 'enabled' : 'suspended' })
  return { output: {} }
}
