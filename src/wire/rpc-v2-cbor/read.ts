/**
 * CBOR (RFC 8949) to plain values: what smithy's rpc-v2-cbor may send, definite or of unknown length.
 *
 *   head      3 bits of major type, 5 of argument (24 … 27: the argument is in the next 1, 2, 4, 8 bytes; 31: no length)
 *   0, 1      integers       number, or bigint where a number would lose digits
 *   2, 3      bytes, text    Buffer, string (must be UTF-8)
 *   4, 5      list, map      array, object without prototype; keys must be text, of a repeated one the last counts
 *   6         tag 1 of a number of seconds is a Date; tags 2 and 3 of bytes are a bigint; others are looked through
 *   7         false, true, null, undefined (as null), floats of 16, 32 and 64 bits
 *
 * Everything is bounded by the bytes that are there: a length past the end is refused before anything is made.
 */
import { isUtf8 } from 'node:buffer'

/** The bytes are no CBOR, or more than one value, or nested too deep. */
export class MalformedCbor extends Error {}

const NESTING_MAX = 64
const INDEFINITE = 31
const BREAK = 0xff

export function readCbor(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes)
  const value = reader.value(0)
  if (!reader.isAtEnd) throw new MalformedCbor('Something follows the value.')
  return value
}

class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.byteLength
  }

  value(depth: number): unknown {
    if (depth > NESTING_MAX) throw new MalformedCbor(`Nested deeper than ${NESTING_MAX}.`)
    const head = this.#byte()
    const major = head >> 5
    const info = head & 0x1f
    switch (major) {
      case 0:
        return this.#argument(info)
      case 1: {
        const argument = this.#argument(info)
        return typeof argument === 'bigint' ? -1n - argument : -1 - argument
      }
      case 2:
        return info === INDEFINITE ? Buffer.concat(this.#pieces(2)) : this.#take(this.#length(info))
      case 3:
        return textOf(info === INDEFINITE ? Buffer.concat(this.#pieces(3)) : this.#take(this.#length(info)))
      case 4:
        return this.#list(info, depth)
      case 5:
        return this.#map(info, depth)
      case 6:
        return tagged(this.#argument(info), this.value(depth + 1))
      default:
        return this.#simple(info)
    }
  }

  #list(info: number, depth: number): unknown[] {
    const items: unknown[] = []
    for (let left = this.#count(info, 1); left > 0 && !this.#isBreak(info); left--) items.push(this.value(depth + 1))
    return items
  }

  #map(info: number, depth: number): Record<string, unknown> {
    const map = Object.create(null) as Record<string, unknown>
    for (let left = this.#count(info, 2); left > 0 && !this.#isBreak(info); left--) {
      const key = this.value(depth + 1)
      if (typeof key !== 'string') throw new MalformedCbor('A key is no text.')
      map[key] = this.value(depth + 1)
    }
    return map
  }

  /** How many entries at most, each of so many bytes at least. */
  #count(info: number, entryBytesMin: number): number {
    if (info === INDEFINITE) return Number.POSITIVE_INFINITY
    const count = this.#number(info)
    if (count * entryBytesMin > this.#bytes.byteLength - this.#at) throw tooShort()
    return count
  }

  #isBreak(info: number): boolean {
    if (info !== INDEFINITE || this.#bytes[this.#at] !== BREAK) return false
    this.#at++
    return true
  }

  /** Of a text or bytes of unknown length. */
  #pieces(major: 2 | 3): Buffer[] {
    const pieces: Buffer[] = []
    while (!this.#isBreak(INDEFINITE)) {
      const head = this.#byte()
      if (head >> 5 !== major) throw new MalformedCbor('A piece is of another kind than the whole.')
      pieces.push(this.#take(this.#length(head & 0x1f)))
    }
    return pieces
  }

  #simple(info: number): unknown {
    switch (info) {
      case 20:
        return false
      case 21:
        return true
      case 22:
      case 23:
        return null
      case 25:
        return half(this.#take(2).readUInt16BE())
      case 26:
        return this.#take(4).readFloatBE()
      case 27:
        return this.#take(8).readDoubleBE()
      default:
        throw new MalformedCbor(`There is no simple value ${info}.`)
    }
  }

  #argument(info: number): number | bigint {
    if (info < 24) return info
    switch (info) {
      case 24:
        return this.#byte()
      case 25:
        return this.#take(2).readUInt16BE()
      case 26:
        return this.#take(4).readUInt32BE()
      case 27: {
        const argument = this.#take(8).readBigUInt64BE()
        return argument > BigInt(Number.MAX_SAFE_INTEGER) ? argument : Number(argument)
      }
      default:
        throw new MalformedCbor(`There is no argument ${info}.`)
    }
  }

  #number(info: number): number {
    const argument = this.#argument(info)
    if (typeof argument === 'bigint') throw tooShort()
    return argument
  }

  #length(info: number): number {
    return this.#number(info)
  }

  #byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw tooShort()
    this.#at++
    return byte
  }

  #take(length: number): Buffer {
    if (length > this.#bytes.byteLength - this.#at) throw tooShort()
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }
}

function tooShort(): MalformedCbor {
  return new MalformedCbor('The bytes end before the value does.')
}

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new MalformedCbor('A text is not UTF-8.')
  return bytes.toString('utf8')
}

function tagged(tag: number | bigint, value: unknown): unknown {
  if (tag === 1) {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new MalformedCbor('An instant is no number.')
    // Rounded: 2166041688.482 seconds are a little less than so many milliseconds.
    return new Date(Math.round(value * 1000))
  }
  if (tag === 2 || tag === 3) {
    if (!(value instanceof Uint8Array)) throw new MalformedCbor('A large integer is no bytes.')
    const size = BigInt(`0x0${Buffer.from(value).toString('hex')}`)
    return tag === 2 ? size : -1n - size
  }
  return value
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
