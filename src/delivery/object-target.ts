/** The place of an object: bucket, key and form, by what its records are. */
import type { Ids } from '../platform/ids.ts'
import type { ObjectTarget, S3Destination } from './destination.ts'
import type { Lane } from './lane.ts'
import { backupKey, errorKey, objectKey } from './object-key.ts'

export interface TargetName {
  readonly stream: string
  readonly version: number
  readonly firstRecordAtMs: number
  readonly ids: Ids
}

export function objectTarget(lane: Lane, destination: S3Destination, { ids, ...name }: TargetName): ObjectTarget {
  const { version } = name
  const { bucket, compression, kmsKeyArn, conversion, backup } = destination
  switch (lane.kind) {
    case 'error': {
      const key = errorKey(destination, name, lane.outputType, ids)
      return { version, bucket, key, compression: 'UNCOMPRESSED', ...(kmsKeyArn !== undefined && { kmsKeyArn }) }
    }
    case 'backup':
      // Switched on it stays on, so it can only be missing from a destination that another lakelet wrote.
      if (backup !== undefined) {
        return {
          version,
          bucket: backup.bucket,
          key: backupKey(backup, name, ids),
          compression: backup.compression,
          ...(backup.kmsKeyArn !== undefined && { kmsKeyArn: backup.kmsKeyArn }),
        }
      }
      break
    default:
  }
  const partitionKeys = lane.kind === 'data' ? lane.partitionKeys : {}
  return {
    version,
    bucket,
    key: objectKey(destination, { partitionKeys, ...name }, ids),
    compression,
    ...(kmsKeyArn !== undefined && { kmsKeyArn }),
    ...(conversion !== undefined && {
      conversion: { ...conversion, errorKey: errorKey(destination, name, 'format-conversion-failed', ids) },
    }),
  }
}
