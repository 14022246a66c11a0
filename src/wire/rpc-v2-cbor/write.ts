/** An operation's output to CBOR by the shape table. The grammar is above `read.ts`; lengths are always definite. */
import type { Member, ServiceModel, Shape } from '../shape.ts'

export function writeCbor(model: ServiceModel, shapeName: string, value: unknown): Buffer {
  const writer = new Writer()
  writeShape(writer, model, model.shapes[shapeName] as Shape, value)
  return writer.bytes()
}

/** A map of texts and numbers: the body of an error. */
export function writeCborMap(entries: Readonly<Record<string, unknown>>): Buffer {
  const writer = new Writer()
  const given = Object.entries(entries).filter(([, value]) => value !== undefined)
  writer.head(MAP, given.length)
  for (const [key, value] of given) {
    writer.text(key)
    if (typeof value === 'number') writer.number(value)
    else if (typeof value === 'boolean') writer.simple(value ? TRUE : FALSE)
    else writer.text(String(value))
  }
  return writer.bytes()
}

function writeShape(writer: Writer, model: ServiceModel, shape: Shape, value: unknown): void {
  switch (shape.kind) {
    case 'structure': {
      const record = value as Readonly<Record<string, unknown>>
      const given = Object.keys(shape.members).filter((key) => record[key] !== undefined && record[key] !== null)
      writer.head(MAP, given.length)
      for (const key of given) {
        writer.text(key)
        writeShape(writer, model, model.shapes[(shape.members[key] as Member).shape] as Shape, record[key])
      }
      break
    }
    case 'list': {
      const items = value as readonly unknown[]
      const itemShape = model.shapes[shape.member.shape] as Shape
      writer.head(LIST, items.length)
      for (const item of items) writeShape(writer, model, itemShape, item)
      break
    }
    case 'map': {
      const entries = Object.entries(value as object).filter(([, entry]) => entry !== undefined)
      const valueShape = model.shapes[shape.value.shape] as Shape
      writer.head(MAP, entries.length)
      for (const [key, entry] of entries) {
        writer.text(key)
        writeShape(writer, model, valueShape, entry)
      }
      break
    }
    case 'string':
      writer.text(value as string)
      break
    case 'integer':
    case 'long':
      writer.number(value as number)
      break
    case 'double':
    case 'float':
      writer.double(value as number)
      break
    case 'boolean':
      writer.simple(value === true ? TRUE : FALSE)
      break
    case 'timestamp':
      writer.head(TAG, 1)
      writer.number((value as Date).getTime() / 1000)
      break
    case 'blob':
      writer.blob(value as Uint8Array)
      break
    case 'document':
      throw new Error('rpc-v2-cbor has no documents.')
  }
}

const UNSIGNED = 0
const NEGATIVE = 1
const BYTES = 2
const TEXT = 3
const LIST = 4
const MAP = 5
const TAG = 6
const FALSE = 0xf4
const TRUE = 0xf5
const DOUBLE = 0xfb

class Writer {
  #buffer = Buffer.allocUnsafe(1024)
  #at = 0

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#at)
  }

  head(major: number, argument: number): void {
    this.#room(9)
    const kind = major << 5
    if (argument < 24) {
      this.#at = this.#buffer.writeUInt8(kind | argument, this.#at)
    } else if (argument < 0x100) {
      this.#at = this.#buffer.writeUInt8(kind | 24, this.#at)
      this.#at = this.#buffer.writeUInt8(argument, this.#at)
    } else if (argument < 0x1_0000) {
      this.#at = this.#buffer.writeUInt8(kind | 25, this.#at)
      this.#at = this.#buffer.writeUInt16BE(argument, this.#at)
    } else if (argument < 0x1_0000_0000) {
      this.#at = this.#buffer.writeUInt8(kind | 26, this.#at)
      this.#at = this.#buffer.writeUInt32BE(argument, this.#at)
    } else {
      this.#at = this.#buffer.writeUInt8(kind | 27, this.#at)
      this.#at = this.#buffer.writeBigUInt64BE(BigInt(argument), this.#at)
    }
  }

  /** An integer where it is one that keeps all its digits. */
  number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) this.double(value)
    else if (value >= 0) this.head(UNSIGNED, value)
    else this.head(NEGATIVE, -1 - value)
  }

  double(value: number): void {
    this.simple(DOUBLE)
    this.#at = this.#buffer.writeDoubleBE(value, this.#at)
  }

  simple(byte: number): void {
    this.#room(9)
    this.#at = this.#buffer.writeUInt8(byte, this.#at)
  }

  text(value: string): void {
    const length = Buffer.byteLength(value)
    this.head(TEXT, length)
    this.#room(length)
    this.#at += this.#buffer.write(value, this.#at, 'utf8')
  }

  blob(value: Uint8Array): void {
    this.head(BYTES, value.byteLength)
    this.#room(value.byteLength)
    this.#buffer.set(value, this.#at)
    this.#at += value.byteLength
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.byteLength) return
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.byteLength * 2, this.#at + bytes))
    this.#buffer.copy(larger, 0, 0, this.#at)
    this.#buffer = larger
  }
}
