/**
 * Which of a table's projected partitions a query may need. Column by column: what a value cannot be is left out before the
 * next column is looked at, so that a day of ten years costs a look at its days and not at all of their hours.
 */
import type { PartitionFilter, TextRange } from '../../catalog/partition-filter.ts'
import { isExact } from '../../catalog/text-ranges.ts'
import { EngineFailure } from '../../engine/engine.ts'
import type { ProjectedColumn, Projection } from './projection.ts'

/** Athena's limit of partitions of one table in a query (D11). */
const PARTITIONS_MAX = 1_000_000

export function* projectedPartitions(
  { columns }: Projection,
  filter: PartitionFilter | undefined,
  nowMs: number,
): Generator<readonly string[], void> {
  let count = 0
  yield* below([])

  function* below(values: readonly string[]): Generator<readonly string[], void> {
    const column = columns[values.length]
    if (column === undefined) {
      if (++count > PARTITIONS_MAX)
        throw new EngineFailure(
          'NOT_SUPPORTED',
          `A query may need at most ${PARTITIONS_MAX} projected partitions of a table`,
        )
      yield values
      return
    }
    const ranges = filter?.rangesOf?.(values.length)
    for (const value of valuesOf(column, ranges, nowMs)) {
      const next = [...values, value]
      if (ranges !== undefined && !ranges.some((range) => isWithin(range, value))) continue
      if (!mayBe(filter, next, columns.length)) continue
      yield* below(next)
    }
  }
}

function valuesOf(column: ProjectedColumn, ranges: readonly TextRange[] | undefined, nowMs: number): Iterable<string> {
  if (column.kind === 'listed') return column.values(nowMs)
  if (ranges?.every(isExact)) return ranges.map(({ low }) => low.toString())
  throw new EngineFailure(
    'CONSTRAINT_VIOLATION',
    `For the injected projected partition column ${column.name}, the WHERE clause must contain only static equality conditions, and at least one such condition must be present.`,
  )
}

function isWithin({ low, high }: TextRange, value: string): boolean {
  const bytes = Buffer.from(value)
  return bytes.compare(low) >= 0 && (high === undefined || bytes.compare(high) < 0)
}

function mayBe(filter: PartitionFilter | undefined, values: readonly string[], keys: number): boolean {
  if (filter?.mayMatch === undefined) return true
  try {
    return filter.mayMatch([...values, ...Array<undefined>(keys - values.length)])
  } catch {
    // Where it cannot be told, as by a value that is none of its type: the query itself will say.
    return true
  }
}
