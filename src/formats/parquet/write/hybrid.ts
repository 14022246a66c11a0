/**
 * Parquet's hybrid of run lengths and bit packing, for levels, indices into a dictionary and, in pages of version 2,
 * booleans. No length in front.
 *
 *   run     = (count << 1) value          value in whole bytes, little-endian
 *   packed  = (groups << 1 | 1) bits      eight values to a group, lowest bit first
 */

/** A run shorter than this costs more than packing its values. */
const RUN_MIN = 8

export function encodeHybrid(values: ArrayLike<number>, count: number, bitWidth: number): Buffer {
  const out = new HybridWriter(count, bitWidth)
  let from = 0
  let at = 0
  while (at < count) {
    const value = values[at] as number
    let end = at + 1
    while (end < count && values[end] === value) end++
    // Packed groups hold eight values, so the first values of a run fill up the group before it.
    const fill = at === from ? 0 : (8 - ((at - from) % 8)) % 8
    if (end - at - fill >= RUN_MIN) {
      out.packed(values, from, at + fill)
      out.run(value, end - at - fill)
      from = end
    }
    at = end
  }
  out.packed(values, from, count)
  return out.finish()
}

/** Bits that hold every number up to this one. */
export const bitsFor = (max: number): number => 32 - Math.clz32(max)

class HybridWriter {
  readonly #bitWidth: number
  readonly #bytes: Buffer
  #length = 0

  constructor(count: number, bitWidth: number) {
    this.#bitWidth = bitWidth
    // Packing everything, the last group filled up, with a header for every run that could stand between two groups.
    this.#bytes = Buffer.allocUnsafe(Math.ceil((count + 8) / 8) * (bitWidth + 16) + 16)
  }

  run(value: number, count: number): void {
    this.#varint(count * 2)
    for (let bits = 0; bits < this.#bitWidth; bits += 8) this.#bytes[this.#length++] = value >>> bits
  }

  packed(values: ArrayLike<number>, from: number, to: number): void {
    if (from === to) return
    const groups = Math.ceil((to - from) / 8)
    this.#varint(groups * 2 + 1)
    let bits = 0
    let filled = 0
    for (let at = from; at < from + groups * 8; at++) {
      let value = at < to ? (values[at] as number) : 0
      let left = this.#bitWidth
      while (left > 0) {
        const taken = Math.min(left, 8 - filled)
        bits |= (value & ((1 << taken) - 1)) << filled
        filled += taken
        left -= taken
        value >>>= taken
        if (filled === 8) {
          this.#bytes[this.#length++] = bits
          bits = 0
          filled = 0
        }
      }
    }
  }

  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  #varint(value: number): void {
    let rest = value
    for (; rest >= 0x80; rest >>>= 7) this.#bytes[this.#length++] = (rest & 0x7f) | 0x80
    this.#bytes[this.#length++] = rest
  }
}
