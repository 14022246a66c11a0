/** Randomness as a collaborator: `systemRandom` in production, `seededRandom` for simulations and tests. */
import { randomBytes } from 'node:crypto'

export interface Random {
  bytes(length: number): Buffer
  /** Uniform in [0, 1). */
  unit(): number
}

/** Bytes fetched from the system at a time: one call for thousands of small draws. */
const POOL_BYTES = 16 * 1024

class SystemRandom implements Random {
  #pool = Buffer.alloc(0)
  #used = 0

  bytes(length: number): Buffer {
    if (length > POOL_BYTES / 4) return randomBytes(length)
    if (this.#used + length > this.#pool.length) {
      this.#pool = randomBytes(POOL_BYTES)
      this.#used = 0
    }
    this.#used += length
    // A copy: whoever asked may keep or change it.
    return Buffer.from(this.#pool.subarray(this.#used - length, this.#used))
  }

  unit(): number {
    return this.bytes(6).readUIntBE(0, 6) / 2 ** 48
  }
}

export const systemRandom: Random = new SystemRandom()

/** xoshiro128**: small, fast, and the same sequence for the same seed on every machine. Not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const splitMix = () => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return (mixed ^ (mixed >>> 16)) >>> 0
  }
  let [a, b, c, d] = [splitMix(), splitMix(), splitMix(), splitMix()]
  const next = () => {
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result
  }
  return {
    bytes(length) {
      const bytes = Buffer.allocUnsafe(length)
      for (let index = 0; index < length; index++) bytes[index] = next() & 0xff
      return bytes
    },
    unit: () => next() / 2 ** 32,
  }
}
