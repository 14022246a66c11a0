/** Ranges of texts by the order of their bytes in UTF-8, and lists of them: sorted, without overlaps. */
import type { TextRange } from './partition-filter.ts'

/** Of more than this many ranges the gaps are filled: looking at what lies between costs less than jumping so often. */
const RANGES_MAX = 1000

/** No text's UTF-8 has this byte. */
const BEHIND_ALL = Buffer.of(0xff)

export function exactly(text: string): TextRange {
  return { low: Buffer.from(text), high: Buffer.from(`${text}\u0000`) }
}

export function isExact({ low, high }: TextRange): boolean {
  return high !== undefined && high.length === low.length + 1 && high.at(-1) === 0 && high.subarray(0, -1).equals(low)
}

export function startingWith(prefix: string): TextRange {
  return { low: Buffer.from(prefix), high: endOf(prefix) }
}

/** Behind all texts that begin so. */
export function endOf(prefix: string): Buffer {
  return Buffer.concat([Buffer.from(prefix), BEHIND_ALL])
}

/** Where texts stand that compare so with a value. `same`: all texts of that value; `first`: the least of them. */
export function ordered(
  comparison: '=' | '<>' | '<' | '<=' | '>' | '>=',
  first: string,
  same: TextRange,
): readonly TextRange[] | undefined {
  switch (comparison) {
    case '=':
      return [same]
    case '<':
    case '<=':
      return [{ low: Buffer.of(), high: same.high }]
    case '>':
    case '>=':
      return [{ low: Buffer.from(first), high: undefined }]
    case '<>':
      return undefined
  }
}

export function unionOf(ranges: readonly TextRange[]): readonly TextRange[] {
  const merged: { low: Buffer; high: Buffer | undefined }[] = []
  for (const range of [...ranges].sort((a, b) => Buffer.compare(a.low, b.low))) {
    const last = merged.at(-1)
    if (last === undefined || isBefore(last.high, range.low)) merged.push({ ...range })
    else if (isLess(last.high, range.high)) last.high = range.high
  }
  const [first, last] = [merged[0], merged.at(-1)]
  return merged.length > RANGES_MAX && first && last ? [{ low: first.low, high: last.high }] : merged
}

export function intersectionOf(left: readonly TextRange[], right: readonly TextRange[]): readonly TextRange[] {
  const common: TextRange[] = []
  let [i, j] = [0, 0]
  for (;;) {
    const [a, b] = [left[i], right[j]]
    if (a === undefined || b === undefined) return common
    const low = Buffer.compare(a.low, b.low) < 0 ? b.low : a.low
    const high = isLess(a.high, b.high) ? a.high : b.high
    if (high === undefined || Buffer.compare(low, high) < 0) common.push({ low, high })
    if (isLess(a.high, b.high)) i++
    else j++
  }
}

/** Of two ends; undefined is behind all. */
function isLess(left: Buffer | undefined, right: Buffer | undefined): boolean {
  if (left === undefined) return false
  return right === undefined || Buffer.compare(left, right) < 0
}

function isBefore(end: Buffer | undefined, low: Buffer): boolean {
  return end !== undefined && Buffer.compare(end, low) < 0
}
