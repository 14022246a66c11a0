/** Reads bits, the most significant of a byte first. */

/** Thrown by `read` when the bytes end before. */
export const OUT_OF_BITS = new Error('the bits have ended')

export class BitReader {
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, startBit: number) {
    this.#bytes = bytes
    this.#at = startBit
  }

  /** In bits from the beginning of the bytes. */
  get position(): number {
    return this.#at
  }

  /** Up to 32 bits, unsigned. */
  read(count: number): number {
    if (this.#at + count > this.#bytes.length * 8) throw OUT_OF_BITS
    let value = 0
    let left = count
    while (left > 0) {
      const inByte = 8 - (this.#at & 7)
      const taken = Math.min(inByte, left)
      const byte = this.#bytes[this.#at >>> 3] as number
      const part = (byte >>> (inByte - taken)) & (0xff >>> (8 - taken))
      value = value * 2 ** taken + part
      this.#at += taken
      left -= taken
    }
    return value
  }

  skipToByte(): void {
    this.#at = (this.#at + 7) & ~7
  }
}
