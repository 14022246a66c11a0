/** Which partition indexes a table may have: the rules, apart from how a backend keeps them. */
import { Refusal } from '../platform/refusal.ts'
import type { CatalogRefusal } from './catalog.ts'
import type { PartitionFilter } from './partition-filter.ts'
import { isExact } from './text-ranges.ts'
import type { Column, PartitionIndex } from './types.ts'

/** Glue's quota. */
export const PARTITION_INDEXES_MAX = 3

/**
 * Refuses: partitionIndexExists (a name or a list of keys that another index has), tooManyPartitionIndexes,
 * invalidPartitionIndex (keys that the table is not partitioned by).
 */
export function checkNewIndex(
  index: PartitionIndex,
  {
    indexes,
    partitionKeys,
  }: { readonly indexes: readonly PartitionIndex[]; readonly partitionKeys: readonly Column[] },
): void {
  // In AWS's order, and in its words as public reports of 2026 quote them.
  const names = partitionKeys.map((key) => key.name.toLowerCase())
  const keys = index.keys.map((key) => key.toLowerCase())
  const unknown = keys.filter((key) => !names.includes(key))
  if (keys.length === 0 || unknown.length > 0) {
    throw refuse(
      'invalidPartitionIndex',
      `IndexKeys not a part of PartitionColumns. Verify the indexKeys : [${unknown.join(', ')}]`,
    )
  }
  if (new Set(keys).size < keys.length) {
    throw refuse('invalidPartitionIndex', `Partition index ${index.name} has a key twice.`)
  }
  if (indexes.length >= PARTITION_INDEXES_MAX) {
    throw refuse('tooManyPartitionIndexes', `Partition index limit exceeded. Maximum: ${PARTITION_INDEXES_MAX}`)
  }
  if (indexes.some((other) => other.name === index.name)) {
    throw refuse('partitionIndexExists', `Partition Index ${index.name} already exists with the same name.`)
  }
  const same = indexes.find((other) => other.keys.join(',').toLowerCase() === keys.join(','))
  if (same !== undefined) {
    throw refuse('partitionIndexExists', `Partition Index ${same.name} already exists with the same keys.`)
  }
}

/** Where the keys of an index are among those of its table. */
export function indexColumns(index: PartitionIndex, partitionKeys: readonly Pick<Column, 'name'>[]): readonly number[] {
  return index.keys.map((key) => partitionKeys.findIndex((column) => column.name.toLowerCase() === key.toLowerCase()))
}

/**
 * The index that leads a filter to its partitions best: the one whose first keys it binds most; undefined when the order
 * of values does as well.
 */
export function bestIndex(
  filter: PartitionFilter | undefined,
  partitionKeys: readonly Pick<Column, 'name'>[],
  indexes: readonly PartitionIndex[],
): PartitionIndex | undefined {
  if (filter === undefined) return undefined
  const inOrder = partitionKeys.map((_, place) => place)
  let best: { readonly index: PartitionIndex | undefined; readonly score: number } = {
    index: undefined,
    score: bound(filter, inOrder),
  }
  for (const index of indexes) {
    const score = bound(filter, indexColumns(index, partitionKeys))
    if (score > best.score) best = { index, score }
  }
  return best.index
}

/**
 * Two for each of the first keys that is one of some values, and one for a range behind them. Many ranges are the texts
 * of one number.
 */
function bound(filter: PartitionFilter, columns: readonly number[]): number {
  let score = 0
  for (const column of columns) {
    const ranges = filter.rangesOf?.(column)
    if (ranges === undefined) return score
    if (!ranges.some(isExact) && ranges.length <= 2) return score + 1
    score += 2
  }
  return score
}

function refuse(code: CatalogRefusal, message: string): Refusal<CatalogRefusal> {
  return new Refusal(code, message)
}
