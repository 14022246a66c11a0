/** Which partitions a scan may need, by the conditions that stand right above it. */
import type { PartitionFilter } from '../catalog/partition-filter.ts'
import type { Table } from '../catalog/types.ts'
import { keepsPartition } from '../sql/partition-pruning.ts'
import { rangesOfKey } from './partition-ranges.ts'
import type { ScanNode } from './scans.ts'

/** Keeps partitions that may hold rows that the query wants. undefined: all may. */
export function partitionFilter(scan: ScanNode, table: Table, nowMs: number): PartitionFilter | undefined {
  const { pruningHint } = scan
  if (pruningHint === undefined) return undefined
  const names = table.partitionKeys.map((key) => key.name.toLowerCase())
  // Keys whose values are not known are not among those named: what hangs on them cannot be told, and keeps.
  const mayMatch = (values: readonly (string | undefined)[]) => {
    const named: Record<string, string> = {}
    for (const [index, name] of names.entries()) {
      const value = values[index]
      if (value !== undefined) named[name] = value
    }
    return keepsPartition(pruningHint, scan.fields, named, { nowMs })
  }
  const rangesOf = (place: number) => {
    const field = scan.fields.find(({ source, column }) => source === 'partition' && column === names[place])
    return field?.type.kind === 'varchar' && field.type.length === undefined
      ? rangesOfKey(pruningHint, field.symbol)
      : undefined
  }
  return { matches: mayMatch, mayMatch, rangesOf }
}
