/**
 * Finds the partitions that a filter wants without looking at all others, in an order that the store keeps: of values,
 * or of an index's keys.
 *
 * Two things make it quick. What the filter says of the first keys of the order becomes ranges of the order, so that a
 * scan begins and ends where it must. And where the first values of a partition alone rule it out, the scan jumps behind
 * all that begin so: a year of hourly partitions is left behind with one look.
 */
import { setImmediate as othersTurn } from 'node:timers/promises'
import { isRefusal } from '../../platform/refusal.ts'
import type { PartitionFilter, TextRange } from '../partition-filter.ts'
import { isExact } from '../text-ranges.ts'
import { escaped, indexEntry, partitionKey, partitionValues } from './schema.ts'

/** Partitions in the order of some of their values. */
export interface PartitionOrder {
  /** The places of those values, first to last. An entry begins with them. */
  readonly columns: readonly number[]
  /** Of each entry's values, those of the partition begin here. */
  readonly valuesAt: number
  /** In order, from `low` on and below `high`. */
  page(low: Buffer, high: Buffer, limit: number): readonly Buffer[]
}

/** Entries read at a time: few where much is jumped over, many where much matches. */
const PAGE_MIN = 16
const PAGE_MAX = 1024
/** Prefixes that a scan starts from; what later keys say then decides entry by entry. */
const PREFIXES_MAX = 1000
/** Entries looked at before others have their turn. */
const TURN = 4096

const NO_ENTRY_IS_BEHIND = Buffer.of(0xff)

/** Values of wanted partitions, in the order's order; those behind `after` only. */
export async function* scanPartitions(
  order: PartitionOrder,
  filter: PartitionFilter,
  after?: readonly string[],
): AsyncGenerator<string[]> {
  let from = after === undefined ? Buffer.of() : justBehind(entryOf(order, after))
  let looked = 0
  for (const { low, high } of scanRanges(order.columns, filter)) {
    if (Buffer.compare(low, from) > 0) from = low
    let limit = PAGE_MIN
    while (Buffer.compare(from, high) < 0) {
      const page = order.page(from, high, limit)
      let hasJumped = false
      for (const entry of page) {
        if (++looked % TURN === 0) await othersTurn()
        if (hasJumped && Buffer.compare(entry, from) < 0) continue
        from = justBehind(entry)
        const values = partitionValues(entry).slice(order.valuesAt)
        if (filter.matches(values)) {
          yield values
          continue
        }
        const behind = behindRuledOut(order, filter, values)
        if (behind === undefined) continue
        from = behind
        hasJumped = true
      }
      if (page.length < limit) break
      limit = hasJumped ? PAGE_MIN : Math.min(limit * 2, PAGE_MAX)
    }
  }
}

/** The least place that is greater. */
function justBehind(entry: Buffer): Buffer {
  return Buffer.concat([entry, Buffer.of(0)])
}

/** Where to go on behind all partitions whose first values are these ones', if those values rule them all out. */
function behindRuledOut(order: PartitionOrder, filter: PartitionFilter, values: readonly string[]): Buffer | undefined {
  if (filter.mayMatch === undefined) return undefined
  const known: (string | undefined)[] = values.map(() => undefined)
  const prefix: string[] = []
  for (const column of order.columns) {
    // All values known: only this partition is ruled out.
    if (prefix.length + 1 === values.length) return undefined
    const value = values[column] ?? ''
    known[column] = value
    prefix.push(value)
    if (!mayMatch(filter, known)) return successor(partitionKey(prefix))
  }
  return undefined
}

function mayMatch(filter: PartitionFilter, values: readonly (string | undefined)[]): boolean {
  try {
    return filter.mayMatch?.(values) ?? true
  } catch (error) {
    // A stored value that does not fit its key's type: whoever asks for such a partition is told of it.
    if (isRefusal(error)) return true
    throw error
  }
}

function entryOf({ columns, valuesAt }: PartitionOrder, values: readonly string[]): Buffer {
  const key = partitionKey(values)
  return valuesAt === 0 ? key : indexEntry(columns, values, key)
}

interface EntryRange {
  readonly low: Buffer
  readonly high: Buffer
}

/** In order, without overlaps. */
function scanRanges(columns: readonly number[], filter: PartitionFilter): readonly EntryRange[] {
  let prefixes: readonly Buffer[] = [Buffer.of()]
  for (const column of columns) {
    const ranges = filter.rangesOf?.(column)
    if (ranges === undefined) break
    if (!ranges.every(isExact) || prefixes.length * ranges.length > PREFIXES_MAX)
      return prefixes.flatMap((prefix) => ranges.map((range) => within(prefix, range)))
    prefixes = prefixes.flatMap((prefix) =>
      ranges.map(({ low }) => Buffer.concat([prefix, escaped(low), Buffer.of(0)])),
    )
  }
  return prefixes.map((prefix) => ({ low: prefix, high: successor(prefix) }))
}

function within(prefix: Buffer, { low, high }: TextRange): EntryRange {
  return {
    low: Buffer.concat([prefix, escaped(low)]),
    high: high === undefined ? successor(prefix) : Buffer.concat([prefix, escaped(high)]),
  }
}

/** The first place behind all entries that begin so: every prefix ends with the 0 that ends a value, and escapes with no 0. */
function successor(prefix: Buffer): Buffer {
  if (prefix.length === 0) return NO_ENTRY_IS_BEHIND
  const behind = Buffer.from(prefix)
  behind[behind.length - 1] = 1
  return behind
}
