/** The partitions of one table: those that are new, those that say something else now, those whose folders are gone. Pure. */
import type { Partition, PartitionInput } from '../catalog/types.ts'
import { withUnseen } from './columns.ts'
import { isSame } from './same.ts'

export interface PartitionDiff {
  readonly fresh: readonly PartitionInput[]
  readonly changed: readonly PartitionInput[]
  readonly gone: readonly Partition[]
}

interface Sides {
  readonly known: readonly Partition[]
  readonly found: readonly PartitionInput[]
  /** Of the table: a partition that somebody added from elsewhere is not the crawler's, and never gone. */
  readonly location: string
  /** Columns that an earlier run saw count although this one did not see them. */
  readonly keepsUnseen: boolean
}

export function diffPartitions({ known, found, location, keepsUnseen }: Sides): PartitionDiff {
  const before = new Map(known.map((partition) => [identity(partition.values), partition]))
  const values = new Set(found.map((input) => identity(input.values)))
  return {
    fresh: found.filter((input) => !before.has(identity(input.values))),
    changed: found.flatMap((input) => {
      const partition = before.get(identity(input.values))
      return partition === undefined ? [] : changedPartition(partition, input, keepsUnseen)
    }),
    gone: known.filter(
      (partition) => !values.has(identity(partition.values)) && partition.storage?.location?.startsWith(location),
    ),
  }
}

/** None, or the one. */
function changedPartition(before: Partition, input: PartitionInput, keepsUnseen: boolean): PartitionInput[] {
  const found = input.storage
  const isUnseenKept = keepsUnseen && before.storage !== undefined && found !== undefined
  const storage = isUnseenKept ? { ...found, columns: withUnseen(before.storage?.columns ?? [], found.columns) } : found
  return isSame(before.storage, storage) ? [] : [{ ...input, storage, parameters: before.parameters }]
}

function identity(values: readonly string[]): string {
  return JSON.stringify(values)
}
