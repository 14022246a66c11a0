/**
 * Avro's binary encoding of values that came as JSON (Avro specification 1.11, "Binary Encoding"). A schema is written
 * and its encoder made together, from types as Hive has them; every value may be null, as Hive and Trino write them.
 */

export type AvroType =
  | { readonly kind: 'boolean' | 'int' | 'long' | 'float' | 'double' | 'string' | 'bytes' | 'date' | 'timestamp' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'array'; readonly item: AvroType }
  | { readonly kind: 'map'; readonly value: AvroType }
  | { readonly kind: 'record'; readonly fields: readonly AvroField[] }

export interface AvroField {
  readonly name: string
  readonly type: AvroType
}

/**
 * What JSON has for a value: numbers of 64 bits and decimals as text, bytes in base64, dates as days and timestamps as
 * milliseconds since the epoch, lists and objects. null: NULL.
 */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** Avro's names are letters, digits and `_`. */
export function isAvroName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
}

export interface AvroEncoder {
  readonly schemaText: string
  /** Adds a record; its values in the order of the fields. */
  add(values: readonly JsonValue[], out: ByteSink): void
}

export function avroEncoder(fields: readonly AvroField[]): AvroEncoder {
  const names = { count: 0 }
  const schema = { type: 'record', name: 'row', fields: fields.map((field) => fieldSchema(field, names)) }
  const encoders = fields.map(({ type }) => nullable(encoderOf(type)))
  return {
    schemaText: JSON.stringify(schema),
    add(values, out) {
      for (const [index, encode] of encoders.entries()) encode(values[index] ?? null, out)
    },
  }
}

// ---------------------------------------------------------------- schema

interface Names {
  count: number
}

function fieldSchema({ name, type }: AvroField, names: Names): object {
  return { name, type: ['null', schemaOf(type, names)], default: null }
}

function schemaOf(type: AvroType, names: Names): unknown {
  switch (type.kind) {
    case 'date':
      return { type: 'int', logicalType: 'date' }
    case 'timestamp':
      return { type: 'long', logicalType: 'timestamp-millis' }
    case 'decimal':
      return { type: 'bytes', logicalType: 'decimal', precision: type.precision, scale: type.scale }
    case 'array':
      return { type: 'array', items: ['null', schemaOf(type.item, names)] }
    case 'map':
      return { type: 'map', values: ['null', schemaOf(type.value, names)] }
    case 'record': {
      const name = `record_${names.count++}`
      return { type: 'record', name, fields: type.fields.map((field) => fieldSchema(field, names)) }
    }
    default:
      return type.kind
  }
}

// ---------------------------------------------------------------- values

type Encode = (value: JsonValue, out: ByteSink) => void

/** A union of null and the type: its branch, then the value. */
function nullable(encode: Encode): Encode {
  return (value, out) => {
    out.long(value === null ? 0 : 1)
    if (value !== null) encode(value, out)
  }
}

function encoderOf(type: AvroType): Encode {
  switch (type.kind) {
    case 'boolean':
      return (value, out) => out.byte(value === true ? 1 : 0)
    case 'int':
    case 'date':
    case 'timestamp':
      return (value, out) => out.long(Number(value))
    case 'long':
      return (value, out) => out.long(exact(String(value)))
    case 'float':
      return (value, out) => out.float(Number(value))
    case 'double':
      return (value, out) => out.double(Number(value))
    case 'string':
      return (value, out) => out.bytes(Buffer.from(String(value)))
    case 'bytes':
      return (value, out) => out.bytes(Buffer.from(String(value), 'base64'))
    case 'decimal':
      return (value, out) => out.bytes(twosComplement(unscaled(String(value), type.scale)))
    case 'array': {
      const item = nullable(encoderOf(type.item))
      return (value, out) => {
        const items = value as readonly JsonValue[]
        if (items.length > 0) out.long(items.length)
        for (const each of items) item(each, out)
        out.long(0)
      }
    }
    case 'map': {
      const each = nullable(encoderOf(type.value))
      return (value, out) => {
        const entries = Object.entries(value as { readonly [key: string]: JsonValue })
        if (entries.length > 0) out.long(entries.length)
        for (const [key, one] of entries) {
          out.bytes(Buffer.from(key))
          each(one, out)
        }
        out.long(0)
      }
    }
    case 'record': {
      const fields = type.fields.map((field) => ({ name: field.name, encode: nullable(encoderOf(field.type)) }))
      return (value, out) => {
        const row = value as { readonly [key: string]: JsonValue }
        for (const { name, encode } of fields) encode(row[name] ?? null, out)
      }
    }
  }
}

function exact(text: string): number | bigint {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}

/** `-12.30` with scale 2 is -1230. */
function unscaled(text: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(scale, '0'))
}

/** The fewest bytes that hold it, the highest first. */
function twosComplement(value: bigint): Buffer {
  let length = 1
  while (BigInt.asIntN(length * 8, value) !== value) length++
  return Buffer.from(
    BigInt.asUintN(length * 8, value)
      .toString(16)
      .padStart(length * 2, '0'),
    'hex',
  )
}

/** Bytes that grow at their end. */
export class ByteSink {
  #bytes = Buffer.allocUnsafe(64 * 1024)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** All of them; they are gone from here. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length))
    this.#length = 0
    return taken
  }

  byte(value: number): void {
    this.#room(1)
    this.#bytes[this.#length++] = value
  }

  /** A zigzag varint. */
  long(value: number | bigint): void {
    this.#room(10)
    if (typeof value === 'number' && value >= -0x40000000 && value < 0x40000000) {
      let rest = ((value << 1) ^ (value >> 31)) >>> 0
      for (; rest > 0x7f; rest >>>= 7) this.#bytes[this.#length++] = (rest & 0x7f) | 0x80
      this.#bytes[this.#length++] = rest
      return
    }
    let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n))
    for (; rest > 0x7fn; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80
    this.#bytes[this.#length++] = Number(rest)
  }

  float(value: number): void {
    this.#room(4)
    this.#length = this.#bytes.writeFloatLE(value, this.#length)
  }

  double(value: number): void {
    this.#room(8)
    this.#length = this.#bytes.writeDoubleLE(value, this.#length)
  }

  /** With their length before them. */
  bytes(value: Uint8Array): void {
    this.long(value.length)
    this.#room(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
  }
}
