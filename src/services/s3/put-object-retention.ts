import type { Retention } from '../../objects/object-lock.ts'
import type { ObjectLockRetention } from '../../wire/model/s3.ts'
import type { S3Operation } from './context.ts'
import { malformedXml } from './errors.ts'
import { retentionOf } from './object-lock.ts'

/** An empty Retention ends it. */
export const putObjectRetention: S3Operation<'PutObjectRetention'> = async (input, { objects, clock }) => {
  const ref = {
    bucket: input.Bucket,
    key: input.Key,
    ...(input.VersionId !== undefined && { versionId: input.VersionId }),
  }
  const bypassesGovernance = input.BypassGovernanceRetention === true
  await objects.setRetention(ref, wanted(input.Retention, clock.nowMs()), { bypassesGovernance })
  return { output: {} }
}

function wanted(given: ObjectLockRetention | undefined, nowMs: number): Retention | undefined {
  if (given === undefined) throw malformedXml()
  const { Mode, RetainUntilDate } = given
  if (Mode === undefined && RetainUntilDate === undefined) return undefined
  if (Mode === undefined || RetainUntilDate === undefined) throw malformedXml()
  return retentionOf(Mode, RetainUntilDate, nowMs)
}
