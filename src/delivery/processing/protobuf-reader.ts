/**
 * Fields of a protobuf message one by one, without a schema. Groups, which nobody has written for fifteen years, count as
 * damage.
 *
 *   field = varint( number × 8 + wire type ), value
 *   value = varint (0) | 8 bytes (1) | varint length, bytes (2) | 4 bytes (5)
 */
export const WIRE_VARINT = 0
export const WIRE_FIXED64 = 1
export const WIRE_BYTES = 2
export const WIRE_FIXED32 = 5

const EMPTY = Buffer.alloc(0)
/** Of a 64-bit number. */
const VARINT_BYTES_MAX = 10

export class ProtobufReader {
  readonly #message: Buffer
  readonly #end: number
  #at = 0
  /** The number of the field that `next` came to. */
  field = 0
  wireType = 0
  /** Of a field of bytes: a view. Empty for others. */
  bytes: Buffer = EMPTY
  /** The message ended within a field, or holds what is no field. */
  isDamaged = false

  constructor(message: Buffer) {
    this.#message = message
    this.#end = message.byteLength
  }

  /** False at the end, and at damage. */
  next(): boolean {
    if (this.isDamaged || this.#at === this.#end) return false
    const tag = this.#varint()
    this.field = Math.floor(tag / 8)
    this.wireType = tag % 8
    this.bytes = EMPTY
    if (this.field === 0) this.isDamaged = true
    else this.#value()
    return !this.isDamaged
  }

  #value(): void {
    switch (this.wireType) {
      case WIRE_VARINT:
        this.#varint()
        break
      case WIRE_FIXED64:
        this.#take(8)
        break
      case WIRE_BYTES:
        this.bytes = this.#take(this.#varint())
        break
      case WIRE_FIXED32:
        this.#take(4)
        break
      default:
        this.isDamaged = true
    }
  }

  /** Exact up to 2 ** 53; what is larger is no length and no tag that fits here. */
  #varint(): number {
    let value = 0
    let factor = 1
    for (let count = 0; count < VARINT_BYTES_MAX; count++) {
      const byte = this.#message[this.#at]
      if (byte === undefined) break
      this.#at += 1
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
      factor *= 128
    }
    this.isDamaged = true
    return 0
  }

  #take(length: number): Buffer {
    const end = this.#at + length
    if (end > this.#end) {
      this.isDamaged = true
      return EMPTY
    }
    const bytes = this.#message.subarray(this.#at, end)
    this.#at = end
    return bytes
  }
}
