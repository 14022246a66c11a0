/** Identifiers, all drawn from an injected `Random` so that a seed reproduces them. */
import type { Random } from './random.ts'

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export class Ids {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  /** RFC 4122 version 4, lower-case with dashes. */
  uuid(): string {
    const bytes = this.#random.bytes(16)
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
    const hex = bytes.toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }

  /** `length` hexadecimal digits, lower-case. */
  hex(length: number): string {
    return this.#random
      .bytes(Math.ceil(length / 2))
      .toString('hex')
      .slice(0, length)
  }

  /** Base64 of as many random bytes. */
  base64(bytes: number): string {
    return this.#random.bytes(bytes).toString('base64')
  }

  /** `length` characters of `[A-Za-z0-9]`, each equally likely. */
  alphanumeric(length: number): string {
    let text = ''
    while (text.length < length) {
      for (const byte of this.#random.bytes(length - text.length)) {
        if (byte < 248) text += ALPHANUMERIC[byte % 62]
      }
    }
    return text
  }
}
