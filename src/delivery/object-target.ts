/** The place of an object: bucket, key and form, by what its records are. */
import type { Ids } from '../platform/ids.ts'
import type { ObjectTarget, S3Destination } from './destination.ts'
import type { Lane } from './lane.ts'
import { objectKey } from './object-key.ts'

export interface TargetName {
  readonly stream: string
  readonly version: number
  readonly firstRecordAtMs: number
  readonly ids: Ids
}

export function objectTarget(lane: Lane, destination: S3Destination, { ids, ...name }: TargetName): ObjectTarget {
  const place = lane.kind === 'backup' ? { ...destination, ...destination.backup } : destination
  const { bucket, compression } = place
  return { version: name.version, bucket, key: objectKey(place, name, ids), compression }
}
