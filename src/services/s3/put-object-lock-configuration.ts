import type { LockSettings } from '../../objects/object-lock.ts'
import type { ObjectLockConfiguration } from '../../wire/model/s3.ts'
import type { S3Operation } from './context.ts'
import { invalidArgument, malformedXml } from './errors.ts'
import { modeNamed } from './object-lock.ts'

const DAYS_MAX = 36_500
const YEARS_MAX = 100

/** Once a bucket has Object Lock it stays; only its default retention changes. */
export const putObjectLockConfiguration: S3Operation<'PutObjectLockConfiguration'> = async (input, { objects }) => {
  await objects.changeBucket(input.Bucket, { objectLock: settingsOf(input.ObjectLockConfiguration) })
  return { output: {} }
}

function settingsOf(given: ObjectLockConfiguration | undefined): LockSettings {
  if (given?.ObjectLockEnabled !== 'Enabled') throw malformedXml()
  if (given.Rule === undefined) return {}
  const { Mode, Days, Years } = given.Rule.DefaultRetention ?? {}
  const mode = modeNamed(Mode)
  if (mode === undefined || (Days === undefined) === (Years === undefined)) throw malformedXml()
  const [name, period, periodMax] =
    Days === undefined ? (['Years', Years ?? 0, YEARS_MAX] as const) : (['Days', Days, DAYS_MAX] as const)
  if (period < 1) throw invalidArgument('Default retention period must be a positive integer value.', name, period)
  if (period > periodMax) throw invalidArgument('Default retention period too large.', name, period)
  return { defaultRetention: name === 'Days' ? { mode, days: period } : { mode, years: period } }
}
