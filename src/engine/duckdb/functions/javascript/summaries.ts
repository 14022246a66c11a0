/** Aggregates that DuckDB does not have, over the list of a group's values. */
import { invalidArgument, type JsFunction, js } from './define.ts'

interface Bucket {
  readonly key: number
  readonly value: number
}

/** Positions (from 1) in values sorted before; a share of p is reached where the weights so far are p of all. */
export function weightedPositions(weights: readonly (number | null)[], shares: readonly (number | null)[]): bigint[] {
  const known = weights.map((weight) => weight ?? 0)
  const small = known.find((weight) => !(weight >= 1))
  if (small !== undefined)
    return invalidArgument(`weight must be >= 1, was ${Number.isInteger(small) ? small.toFixed(1) : small}`)
  const total = known.reduce((sum, weight) => sum + weight, 0)
  return shares.map((share) => {
    if (share === null || !(share >= 0 && share <= 1)) return invalidArgument('percentile must be between 0 and 1')
    let sum = 0
    const index = known.findIndex((weight) => {
      sum += weight
      return sum >= share * total
    })
    return BigInt(index < 0 ? known.length : index + 1)
  })
}

/** How much is lost when two neighbours become one: the spread within the new bucket, by weight. */
function penalty(left: Bucket, right: Bucket): number {
  const weight = left.value + right.value
  return ((left.key - right.key) ** 2 * left.value * right.value) / weight
}

function joined(left: Bucket, right: Bucket): Bucket {
  const value = left.value + right.value
  return { key: (left.key * left.value + right.key * right.value) / value, value }
}

/** So many are collected before they are joined again to the number of buckets. */
const PENDING_MAX = 400

/** Ben-Haim and Tom-Tov's streaming histogram: neighbours that lose least are joined until so many buckets are left. */
export function numericHistogram(count: bigint, values: readonly Bucket[]): readonly Bucket[] {
  if (count < 2n) return invalidArgument('numeric_histogram bucket count must be greater than one')
  let buckets: Bucket[] = []
  for (let from = 0; from < values.length; from += PENDING_MAX)
    buckets = compacted(Number(count), [...buckets, ...values.slice(from, from + PENDING_MAX)])
  return buckets
}

function compacted(count: number, pending: readonly Bucket[]): Bucket[] {
  const buckets: Bucket[] = []
  for (const bucket of [...pending].sort((left, right) => left.key - right.key)) {
    const last = buckets.at(-1)
    if (last !== undefined && last.key === bucket.key) buckets[buckets.length - 1] = joined(last, bucket)
    else buckets.push(bucket)
  }
  while (buckets.length > count) {
    let best = 0
    let least = Number.POSITIVE_INFINITY
    for (let index = 0; index + 1 < buckets.length; index++) {
      const [left, right] = [buckets[index], buckets[index + 1]]
      const loss = left === undefined || right === undefined ? least : penalty(left, right)
      if (loss < least) [best, least] = [index, loss]
    }
    const [left, right] = [buckets[best], buckets[best + 1]]
    if (left === undefined || right === undefined) break
    buckets.splice(best, 2, joined(left, right))
  }
  return buckets
}

/** listagg … ON OVERFLOW TRUNCATE: as many values as fit, then the filler, and how many are left out. */
export function truncatedList(
  values: readonly (string | null)[],
  separator: string,
  filler: string,
  withCount: boolean,
  bytesMax: number,
): string {
  let bytes = 0
  let count = 0
  for (const value of values) {
    bytes += Buffer.byteLength(value ?? '') + (count > 0 ? Buffer.byteLength(separator) : 0)
    if (bytes > bytesMax) break
    count++
  }
  const kept = values.slice(0, count)
  if (count === values.length) return kept.join(separator)
  return [...kept, filler].join(separator) + (withCount ? `(${values.length - count})` : '')
}

const BUCKETS = 'STRUCT(key DOUBLE, "value" DOUBLE)[]'

export const summaryFunctions: readonly JsFunction[] = [
  js('js_weighted_positions', ['DOUBLE[]', 'DOUBLE[]'], 'BIGINT[]', weightedPositions),
  js('js_numeric_histogram', ['BIGINT', BUCKETS], BUCKETS, numericHistogram),
  js('js_listagg', ['VARCHAR[]', 'VARCHAR', 'VARCHAR', 'BOOLEAN', 'INTEGER'], 'VARCHAR', truncatedList),
]
