/**
 * The distinct values of a column chunk, so that its pages hold small numbers. As parquet-mr does it: given up for the
 * rest of the chunk when the dictionary grows over a mebibyte, and from the start when the first page does not gain by it.
 */
import type { Leaf } from './leaf.ts'
import { PHYSICAL } from './schema.ts'

const DICTIONARY_BYTES_MAX = 1024 * 1024

export class Dictionary {
  readonly #indexOf = new Map<string, number>()
  #values: Buffer[] = []
  #bytes = 0

  /** Whether values of this column are worth one at all. */
  static suits(leaf: Leaf): boolean {
    return leaf.spec.physical !== PHYSICAL.boolean
  }

  get size(): number {
    return this.#indexOf.size
  }

  get bytes(): number {
    return this.#bytes
  }

  /** The page of the dictionary itself, plain. */
  get page(): Buffer {
    return Buffer.concat(this.#values, this.#bytes)
  }

  /** A number for each of the leaf's values; undefined when the dictionary would grow too large, which leaves it as it was. */
  indices(leaf: Leaf): Uint32Array | undefined {
    const { spec, values, view, valueBytes } = leaf
    const before = { size: this.#indexOf.size, bytes: this.#bytes, values: this.#values.length }
    const found: number[] = []
    for (let at = 0; at < valueBytes; ) {
      const end = at + (spec.width === 0 ? view.getInt32(at, true) + 4 : spec.width)
      const key = values.toString('latin1', at, end)
      let index = this.#indexOf.get(key)
      if (index === undefined) {
        if (this.#bytes + end - at > DICTIONARY_BYTES_MAX) {
          this.#forgetAfter(before)
          return undefined
        }
        index = this.#indexOf.size
        this.#indexOf.set(key, index)
        this.#values.push(Buffer.from(values.subarray(at, end)))
        this.#bytes += end - at
      }
      found.push(index)
      at = end
    }
    return Uint32Array.from(found)
  }

  #forgetAfter(before: { readonly size: number; readonly bytes: number; readonly values: number }): void {
    for (const [key, index] of this.#indexOf) if (index >= before.size) this.#indexOf.delete(key)
    this.#values = this.#values.slice(0, before.values)
    this.#bytes = before.bytes
  }
}
