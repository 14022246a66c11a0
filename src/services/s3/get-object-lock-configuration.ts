import type { LockSettings } from '../../objects/object-lock.ts'
import { WireError } from '../../wire/error.ts'
import type { S3Operation } from './context.ts'
import { nameOfMode } from './object-lock.ts'
import { bucketNamed } from './requests.ts'

export const getObjectLockConfiguration: S3Operation<'GetObjectLockConfiguration'> = async (input, { objects }) => {
  const { name, objectLock } = bucketNamed(objects, input.Bucket)
  if (objectLock === undefined) {
    throw new WireError(
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
      { status: 404, extra: { BucketName: name } },
    )
  }
  return { output: { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', ...ruleOf(objectLock) } } }
}

function ruleOf({ defaultRetention: retention }: LockSettings) {
  if (retention === undefined) return {}
  const period = 'days' in retention ? { Days: retention.days } : { Years: retention.years }
  return { Rule: { DefaultRetention: { Mode: nameOfMode(retention.mode), ...period } } }
}
