/**
 * Thrift's compact protocol, writing only, as far as Parquet's headers and footer need it.
 *
 *   struct = { field } 0        field = (delta of id << 4 | type) value        integers are zigzag varints
 */

export class ThriftWriter {
  #bytes = Buffer.allocUnsafe(256)
  #length = 0
  /** Id of the last field of each struct that is open. */
  readonly #lastIds: number[] = [0]

  finish(): Buffer {
    this.#byte(0)
    return this.#bytes.subarray(0, this.#length)
  }

  i32(id: number, value: number): this {
    this.#field(id, TYPE.i32)
    this.#varint(zigzag(value))
    return this
  }

  i64(id: number, value: number): this {
    this.#field(id, TYPE.i64)
    this.#varint(zigzag(value))
    return this
  }

  bool(id: number, value: boolean): this {
    this.#field(id, value ? TYPE.true : TYPE.false)
    return this
  }

  binary(id: number, value: Uint8Array | string): this {
    this.#field(id, TYPE.binary)
    this.#binary(value)
    return this
  }

  struct(id: number, write: () => void): this {
    this.#field(id, TYPE.struct)
    this.#struct(write)
    return this
  }

  structs<T>(id: number, items: readonly T[], write: (item: T) => void): this {
    this.#list(id, TYPE.struct, items.length)
    for (const item of items) this.#struct(() => write(item))
    return this
  }

  i32s(id: number, items: readonly number[]): this {
    this.#list(id, TYPE.i32, items.length)
    for (const item of items) this.#varint(zigzag(item))
    return this
  }

  strings(id: number, items: readonly string[]): this {
    this.#list(id, TYPE.binary, items.length)
    for (const item of items) this.#binary(item)
    return this
  }

  #struct(write: () => void): void {
    this.#lastIds.push(0)
    write()
    this.#lastIds.pop()
    this.#byte(0)
  }

  #field(id: number, type: number): void {
    const delta = id - (this.#lastIds.at(-1) ?? 0)
    this.#byte((delta << 4) | type)
    this.#lastIds[this.#lastIds.length - 1] = id
  }

  #list(id: number, type: number, length: number) {
    this.#field(id, TYPE.list)
    if (length < 15) return this.#byte((length << 4) | type)
    this.#byte(0xf0 | type)
    this.#varint(length)
  }

  #binary(value: Uint8Array | string): void {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value
    this.#varint(bytes.length)
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** Sizes and counts stay far under 2 ** 53, so plain numbers do. */
  #varint(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.#byte((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    this.#byte(rest)
  }

  #byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + bytes))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}

const TYPE = { true: 1, false: 2, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 }

const zigzag = (value: number): number => (value < 0 ? -value * 2 - 1 : value * 2)
