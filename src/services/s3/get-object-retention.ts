import type { S3Operation } from './context.ts'
import { lockOfVersion, noLockConfiguration } from './locked-version.ts'
import { nameOfMode } from './object-lock.ts'

export const getObjectRetention: S3Operation<'GetObjectRetention'> = async (input, context) => {
  const { retention } = await lockOfVersion(input, context)
  if (retention === undefined) throw noLockConfiguration()
  const { mode, untilMs } = retention
  return { output: { Retention: { Mode: nameOfMode(mode), RetainUntilDate: new Date(untilMs) } } }
}
