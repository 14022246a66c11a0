/** Which partitions a scan may need, by the conditions that stand right above it. */
import type { Table } from '../catalog/types.ts'
import { keepsPartition } from '../sql/partition-pruning.ts'
import type { ScanNode } from './scans.ts'

/** Whether a partition with these values, as the catalog has them, may hold rows that the query wants. */
export type PartitionFilter = (values: readonly string[]) => boolean

export function partitionFilter(scan: ScanNode, table: Table, nowMs: number): PartitionFilter {
  if (scan.pruningHint === undefined) return () => true
  const names = table.partitionKeys.map((key) => key.name.toLowerCase())
  return (values) => {
    const named = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))
    return keepsPartition(scan.pruningHint, scan.fields, named, { nowMs })
  }
}
