/** Which partitions a scan may need, by the conditions that stand right above it. */
import type { ScanNode } from './scans.ts'
import type { PartitionFilter } from './sources.ts'

export function partitionPredicate(_scan: ScanNode): PartitionFilter {
  return () => true
}
