/** One master key, and what is derived from it. */
import { createHmac } from 'node:crypto'
import type { Random } from '../platform/random.ts'
import { Refusal } from '../platform/refusal.ts'
import { KEY_BYTES, openSecret, sealSecret } from './sealed-secret.ts'

export class MasterKey {
  readonly #key: Uint8Array
  readonly #random: Random

  constructor(key: Uint8Array, random: Random) {
    if (key.byteLength !== KEY_BYTES)
      throw new Refusal('masterKeyUnusable', `The master key must be ${KEY_BYTES} bytes.`)
    this.#key = key
    this.#random = random
  }

  /** `owner`: what the secret belongs to; it opens for that owner only. */
  wrap(secret: Uint8Array, owner: string): Buffer {
    return sealSecret(this.#key, secret, { owner, random: this.#random })
  }

  /** undefined: not wrapped by this key for that owner, or altered since. */
  unwrap(wrapped: Uint8Array, owner: string): Buffer | undefined {
    return openSecret(this.#key, wrapped, owner)
  }

  /** Hexadecimal, not secret, and given for `purpose` by this key only: to recognise the key, or to name what others must not guess. */
  fingerprint(purpose: string): string {
    return createHmac('sha256', this.#key).update(purpose).digest('hex')
  }

  /** What the metadata database knows the key by. */
  get name(): string {
    return this.fingerprint('object store')
  }
}
