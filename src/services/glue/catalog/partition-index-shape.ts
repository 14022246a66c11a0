/** Partition indexes between the wire and the catalog. */
import type { Column, PartitionIndex } from '../../../catalog/types.ts'
import type { PartitionIndexDescriptor, PartitionIndex as WirePartitionIndex } from '../../../wire/model/glue.ts'

/** Keys are names of columns: without case, as everywhere in Hive. */
export function toPartitionIndex(wire: WirePartitionIndex): PartitionIndex {
  return { name: wire.IndexName, keys: wire.Keys.map((key) => key.toLowerCase()) }
}

/** An index is in force from the moment it is made: its status is never CREATING. */
export function fromPartitionIndex(index: PartitionIndex, partitionKeys: readonly Column[]): PartitionIndexDescriptor {
  return {
    IndexName: index.name,
    Keys: index.keys.map((key) => {
      const column = partitionKeys.find(({ name }) => name.toLowerCase() === key)
      return { Name: column?.name ?? key, Type: column?.type ?? '' }
    }),
    IndexStatus: 'ACTIVE',
  }
}
