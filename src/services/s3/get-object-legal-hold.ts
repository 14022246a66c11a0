import type { S3Operation } from './context.ts'
import { lockOfVersion, noLockConfiguration } from './locked-version.ts'

export const getObjectLegalHold: S3Operation<'GetObjectLegalHold'> = async (input, context) => {
  const { isHeld } = await lockOfVersion(input, context)
  if (isHeld === undefined) throw noLockConfiguration()
  return { output: { LegalHold: { Status: isHeld ? 'ON' : 'OFF' } } }
}
