/** Randomness of the browser, in the form that the lake's own code wants. */
import { Ids } from '../../../../src/platform/ids.ts'
import type { Random } from '../../../../src/platform/random.ts'

/** `toString('hex')` is all of node's Buffer that is asked for. */
class Bytes extends Uint8Array {
  override toString(): string {
    let text = ''
    for (const byte of this) text += byte.toString(16).padStart(2, '0')
    return text
  }
}

const POOL = 16_384
let pool = new Uint8Array(0)
let used = 0

export const browserRandom: Random = {
  bytes(length) {
    if (used + length > pool.length) {
      pool = crypto.getRandomValues(new Uint8Array(Math.max(POOL, length)))
      used = 0
    }
    const bytes = new Bytes(pool.slice(used, used + length))
    used += length
    return bytes as unknown as ReturnType<Random['bytes']>
  },
  unit: () => Math.random(),
}

export const browserIds = new Ids(browserRandom)
