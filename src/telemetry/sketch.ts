/**
 * How values are spread, in bounded memory: counts in bins whose borders grow by a factor, so that a percentile is wrong
 * by at most 2 % of its value. When more than `BINS_MAX` bins hold something, each two neighbours become one and the
 * possible error doubles: 4 % over four powers of ten of which every bin is used, 16 % over twelve. (DDSketch, Masson et al. 2019, with the even collapse of UDDSketch, Epicoco et al. 2020.)
 *
 * Bins are numbered in the order of their values: negative ones below 0, zero at 0, positive ones above it.
 */
const GROWTH = 1.04
const LOG_GROWTH = Math.log(GROWTH)
/** Above every logarithm that a number can have, in bins of the finest sort. */
const OFFSET = 20_000
/** Of one sketch. A bin takes some 40 bytes. */
export const BINS_MAX = 160

export class Sketch {
  /** How often neighbours were put together. */
  #level = 0
  readonly #bins = new Map<number, number>()

  static of(level: number, bins: Iterable<readonly [bin: number, count: number]>): Sketch {
    const sketch = new Sketch()
    sketch.#level = level
    for (const [bin, count] of bins) sketch.#bins.set(bin, count)
    return sketch
  }

  get level(): number {
    return this.#level
  }

  add(value: number, count: number): void {
    this.#put(binOf(value, this.#level), count)
  }

  merge(other: Sketch): void {
    while (this.#level < other.#level) this.#collapse()
    for (const [bin, count] of other.#bins) {
      let coarse = bin
      for (let level = other.#level; level < this.#level; level++) coarse = collapsed(coarse)
      this.#put(coarse, count)
    }
  }

  /** In the order of their values. */
  bins(): (readonly [bin: number, count: number])[] {
    return [...this.#bins].sort(([a], [b]) => a - b)
  }

  /** The value that `share` (0 … 1) of all are not above. Of no values, NaN. */
  quantile(share: number): number {
    const bins = this.bins()
    const total = bins.reduce((sum, [, count]) => sum + count, 0)
    const rank = share * total
    let seen = 0
    for (const [bin, count] of bins) {
      seen += count
      if (seen >= rank) return middleOf(bin, this.#level)
    }
    return Number.NaN
  }

  #put(bin: number, count: number): void {
    const known = this.#bins.get(bin)
    this.#bins.set(bin, known === undefined ? count : known + count)
    while (known === undefined && this.#bins.size > BINS_MAX) this.#collapse()
  }

  #collapse(): void {
    const bins = [...this.#bins]
    this.#bins.clear()
    this.#level++
    for (const [bin, count] of bins) {
      const coarse = collapsed(bin)
      this.#bins.set(coarse, (this.#bins.get(coarse) ?? 0) + count)
    }
  }
}

function binOf(value: number, level: number): number {
  if (value === 0) return 0
  const index = Math.ceil(Math.log(Math.abs(value)) / (LOG_GROWTH * 2 ** level)) + OFFSET
  return value > 0 ? index : -index
}

/** The middle of the bin, in the sense of the largest relative error. */
function middleOf(bin: number, level: number): number {
  if (bin === 0) return 0
  const width = LOG_GROWTH * 2 ** level
  const upper = Math.exp((Math.abs(bin) - OFFSET) * width)
  const middle = (2 * upper) / (1 + Math.exp(width))
  return bin > 0 ? middle : -middle
}

function collapsed(bin: number): number {
  if (bin === 0) return 0
  const index = Math.ceil((Math.abs(bin) - OFFSET) / 2) + OFFSET
  return bin > 0 ? index : -index
}
