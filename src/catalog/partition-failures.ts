/** Why one partition of a batch is not taken, in AWS's words. */
import type { PartitionFailure } from './catalog.ts'

export function partitionExists(values: readonly string[]): PartitionFailure {
  return { values, code: 'partitionExists', message: 'Partition already exists.' }
}

export function partitionNotFound(values: readonly string[]): PartitionFailure {
  return { values, code: 'partitionNotFound', message: 'Cannot find partition.' }
}

/** A table without partition keys has no partitions. */
export function valuesMismatch(values: readonly string[], keys: readonly unknown[]): PartitionFailure | undefined {
  if (values.length === keys.length && keys.length > 0) return undefined
  const message = 'The number of partition keys do not match the number of partition values'
  return { values, code: 'partitionValuesMismatch', message }
}
