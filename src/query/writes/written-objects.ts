/** Where written files go: names as Athena gives them, in the folders of their partitions. */
import type { WrittenFile } from '../../engine/engine.ts'
import { bucketFilePrefix } from '../buckets.ts'
import type { WrittenObject } from '../outcome.ts'
import type { S3Location } from '../s3-location.ts'

export interface Naming {
  readonly executionId: string
  readonly startedAtMs: number
  readonly suffix: string
}

/** Of files whose rows are a bucket's, names begin with its number. `folderOf` gives the folder of a partition, its slash at the end. */
export function writtenObjects(
  files: readonly WrittenFile[],
  folderOf: (partition: WrittenFile['partition']) => S3Location,
  { executionId, startedAtMs, suffix }: Naming,
): readonly WrittenObject[] {
  const stamp = new Date(startedAtMs).toISOString().slice(0, 19).replace('T', '_').replace(/[-:]/g, '')
  return files.map(({ path, sizeBytes, partition, bucket: ofBucket }, index) => {
    const { bucket, key } = folderOf(partition)
    const number = String(index).padStart(5, '0')
    const prefix = ofBucket === undefined ? '' : bucketFilePrefix(ofBucket)
    return { path, sizeBytes, bucket, key: `${key}${prefix}${stamp}_${number}_${executionId}${suffix}` }
  })
}

export const DEFAULT_PARTITION = '__HIVE_DEFAULT_PARTITION__'

/** As the catalog names it: NULL and the empty text have no folder of their own. */
export function partitionValues(partition: WrittenFile['partition']): readonly string[] {
  return partition.map((value) => (value === null || value === '' ? DEFAULT_PARTITION : value))
}
