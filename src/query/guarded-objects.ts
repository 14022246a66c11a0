/** Objects as far as one caller may reach them: each file of a table is asked for by its own key, and so is the result. */
import { setImmediate as othersTurn } from 'node:timers/promises'
import type { ObjectStore, ObjectVersion, Put } from '../objects/object-store.ts'
import { type DataAccess, refuseDenied, type WriteEncryption } from './data-access.ts'
import { ReportedFailure, WRITE_RESULTS_TYPE } from './failure.ts'

/** What running statements use of the store. */
export type QueryObjects = Pick<ObjectStore, 'put' | 'putAll' | 'list' | 'materialise'>

/** So many are judged before other work has its turn. */
const JUDGED_AT_ONCE = 1_000

/** `encryption`: what the result was asked to have. */
export function guardedObjects(
  objects: QueryObjects,
  access: DataAccess,
  encryption: WriteEncryption | undefined,
): QueryObjects {
  const refuseUnwritable = (ref: Put['ref']) => {
    const denial = access.bucket(ref.bucket)?.write(ref.key, encryption)
    if (denial !== undefined) throw writeDenied(ref)
  }
  return {
    async put(ref, body, options) {
      refuseUnwritable(ref)
      return objects.put(ref, body, options)
    },
    async putAll(puts) {
      for (const { ref } of puts) refuseUnwritable(ref)
      return objects.putAll(puts)
    },
    async list(bucket, query) {
      refuseDenied(access.bucket(bucket)?.list(query.prefix ?? ''))
      return objects.list(bucket, query)
    },
    async materialise(versions) {
      for (const [bucket, ofBucket] of byBucket(versions)) await refuseUnreadable(bucket, ofBucket, access)
      return objects.materialise(versions)
    },
  }
}

function byBucket(versions: readonly ObjectVersion[]): ReadonlyMap<string, readonly ObjectVersion[]> {
  const found = new Map<string, ObjectVersion[]>()
  for (const version of versions) {
    const same = found.get(version.bucket)
    if (same === undefined) found.set(version.bucket, [version])
    else same.push(version)
  }
  return found
}

/** Policies may name single keys and tags, so that one object's answer says nothing of the next. */
async function refuseUnreadable(bucket: string, versions: readonly ObjectVersion[], access: DataAccess): Promise<void> {
  const rights = access.bucket(bucket)
  if (rights === undefined) return
  for (const [index, version] of versions.entries()) {
    if (index > 0 && index % JUDGED_AT_ONCE === 0) await othersTurn()
    refuseDenied(rights.read(version))
  }
}

function writeDenied({ bucket, key }: { bucket: string; key: string }): ReportedFailure {
  return new ReportedFailure(
    `Access denied when writing output to url: s3://${bucket}/${key} Please ensure you are allowed to access the S3 bucket.`,
    { category: 2, type: WRITE_RESULTS_TYPE },
  )
}
