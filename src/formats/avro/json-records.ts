/**
 * The records of an Avro file as lines of JSON, for whoever reads those: field names in lower case, numbers with all of
 * their digits, bytes in base64, dates and timestamps as SQL writes them, unions as the value that they hold. A file is
 * read as a stream, one block at a time; its schema is compiled once into functions that write text.
 */
import { ByteReader } from '../compression/byte-reader.ts'
import { BLOCK_BYTES_MAX, codecNamed } from './codec.ts'
import { BadAvro } from './container.ts'

const MAGIC = Buffer.from([0x4f, 0x62, 0x6a, 0x01])
const SYNC_BYTES = 16
const HEADER_BYTES_MAX = 10_000_000
const DEPTH_MAX = 64
/** Of one record: arrays of nothing take no bytes and could have no end. */
const ITEMS_MAX = 10_000_000
/** Lines are handed out in pieces of about this length. */
const PIECE_CHARACTERS = 256 * 1024

/** Text of whole lines. Throws BadAvro for a file that is not whole or makes no sense. */
export async function* avroJsonLines(stored: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const reader = new ByteReader(stored)
  try {
    const header = await readHeader(reader)
    const write = compiled(header.schema)
    const unpack = codecNamed(header.codec)
    while (!(await reader.hasEnded())) {
      const count = await longOf(reader)
      const length = await longOf(reader)
      if (count < 0 || length < 0 || length > BLOCK_BYTES_MAX)
        throw new BadAvro('a block of the Avro file says a wrong length')
      const stored = await reader.take(length)
      const sync = await reader.take(SYNC_BYTES)
      if (stored === undefined || sync === undefined) throw new BadAvro('the Avro file is cut short')
      if (!sync.equals(header.sync))
        throw new BadAvro('a block of the Avro file does not end in the sync of the header')
      yield* lines(new Cursor(await unpack(stored)), count, write)
    }
  } finally {
    await reader.close()
  }
}

function* lines(cursor: Cursor, count: number, write: Write): Generator<string> {
  let piece = ''
  for (let record = 0; record < count; record++) {
    cursor.items = 0
    piece += `${write(cursor, 0)}\n`
    if (piece.length < PIECE_CHARACTERS) continue
    yield piece
    piece = ''
  }
  if (!cursor.hasEnded) throw new BadAvro('a block of the Avro file holds more than its records')
  if (piece !== '') yield piece
}

// ---------------------------------------------------------------- header

interface Header {
  readonly schema: unknown
  readonly codec: string
  readonly sync: Buffer
}

async function readHeader(reader: ByteReader): Promise<Header> {
  if (!(await reader.take(MAGIC.length))?.equals(MAGIC)) throw new BadAvro('it is no Avro file')
  const metadata = new Map<string, Buffer>()
  for (let count = await longOf(reader); count !== 0; count = await longOf(reader)) {
    if (count < 0) await longOf(reader)
    for (let entry = 0; entry < Math.abs(count); entry++) {
      const key = (await bytesOf(reader)).toString('utf8')
      metadata.set(key, await bytesOf(reader))
      if (reader.position > HEADER_BYTES_MAX) throw new BadAvro('the header of the Avro file is too long')
    }
  }
  const sync = await reader.take(SYNC_BYTES)
  if (sync === undefined) throw new BadAvro('the Avro file is cut short within its header')
  const text = metadata.get('avro.schema')?.toString('utf8')
  if (text === undefined) throw new BadAvro('the Avro file has no schema in its header')
  try {
    return { schema: JSON.parse(text), codec: metadata.get('avro.codec')?.toString('utf8') ?? 'null', sync }
  } catch (error) {
    throw new BadAvro('the Avro schema is not JSON', error)
  }
}

async function bytesOf(reader: ByteReader): Promise<Buffer> {
  const length = await longOf(reader)
  if (length < 0 || length > HEADER_BYTES_MAX) throw new BadAvro('the header of the Avro file is corrupt')
  const bytes = await reader.take(length)
  if (bytes === undefined) throw new BadAvro('the Avro file is cut short within its header')
  return bytes
}

async function longOf(reader: ByteReader): Promise<number> {
  const cursor = new Cursor(await reader.peek(10))
  const value = Number(cursor.long())
  reader.skipPeeked(cursor.at)
  return value
}

// ---------------------------------------------------------------- values

class Cursor {
  readonly bytes: Buffer
  at = 0
  /** Of arrays and maps, in the record under way. */
  items = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  get hasEnded(): boolean {
    return this.at === this.bytes.length
  }

  /** A zigzag varint: a number as long as it is exact. */
  long(): number | bigint {
    let value = 0
    for (let shift = 1; shift <= 2 ** 42; shift *= 128) {
      const byte = this.#byte()
      value += (byte & 0x7f) * shift
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    }
    let large = BigInt(value)
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.#byte()
      large |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, (large >> 1n) ^ -(large & 1n))
    }
    throw new BadAvro('a number in the Avro file has no end')
  }

  length(): number {
    const length = Number(this.long())
    if (length < 0 || length > this.bytes.length - this.at) throw cutShort()
    return length
  }

  take(length: number): Buffer {
    if (length > this.bytes.length - this.at) throw cutShort()
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  text(): string {
    const length = this.length()
    this.at += length
    return this.bytes.toString('utf8', this.at - length, this.at)
  }

  boolean(): boolean {
    return this.#byte() !== 0
  }

  #byte(): number {
    const byte = this.bytes[this.at]
    if (byte === undefined) throw cutShort()
    this.at += 1
    return byte
  }
}

function cutShort(): BadAvro {
  return new BadAvro('a block of the Avro file ends within a record')
}

/** Reads one value and gives it as JSON. `depth`: of values within each other. */
type Write = (cursor: Cursor, depth: number) => string

type Json = Readonly<Record<string, unknown>>

interface Scope {
  readonly named: Map<string, Write>
  readonly namespace: string
}

function compiled(schema: unknown): Write {
  if (!isObject(schema) || schema['type'] !== 'record') throw new BadAvro('the Avro schema is not that of a record')
  return writerOf(schema, { named: new Map(), namespace: '' })
}

function writerOf(schema: unknown, scope: Scope): Write {
  if (typeof schema === 'string') return PRIMITIVES[schema] ?? named(schema, scope)
  if (Array.isArray(schema)) return union(schema, scope)
  if (!isObject(schema)) throw new BadAvro('the Avro schema has a type that is none')
  const { type } = schema
  switch (type) {
    case 'record':
    case 'error':
      return record(schema, scope)
    case 'enum':
      return define(schema, scope, () => enumeration(schema))
    case 'fixed':
      return define(schema, scope, () => fixed(schema))
    case 'array':
      return list(writerOf(schema['items'], scope))
    case 'map':
      return map(writerOf(schema['values'], scope))
    default:
      return logical(schema) ?? writerOf(type, scope)
  }
}

const PRIMITIVES: Readonly<Record<string, Write>> = {
  null: () => 'null',
  boolean: (cursor) => String(cursor.boolean()),
  int: (cursor) => String(cursor.long()),
  long: (cursor) => String(cursor.long()),
  float: (cursor) => floating(Math.fround(cursor.take(4).readFloatLE(0)), true),
  double: (cursor) => floating(cursor.take(8).readDoubleLE(0), false),
  bytes: (cursor) => `"${cursor.take(cursor.length()).toString('base64')}"`,
  string: (cursor) => JSON.stringify(cursor.text()),
}

/** What JSON has no number for is text, which readers of SQL take as well. */
function floating(value: number, isSingle: boolean): string {
  if (!Number.isFinite(value)) return `"${value}"`
  if (Object.is(value, -0)) return '-0.0'
  return isSingle ? String(Number(value.toPrecision(9))) : String(value)
}

function logical(schema: Json): Write | undefined {
  const { type, logicalType } = schema
  if (type === 'int' && logicalType === 'date') return (cursor) => `"${dateText(Number(cursor.long()))}"`
  if (type === 'long' && /^(?:local-)?timestamp-millis$/.test(String(logicalType)))
    return (cursor) => `"${timestampText(BigInt(cursor.long()) * 1000n)}"`
  if (type === 'long' && /^(?:local-)?timestamp-micros$/.test(String(logicalType)))
    return (cursor) => `"${timestampText(BigInt(cursor.long()))}"`
  if (type !== 'bytes' || logicalType !== 'decimal') return undefined
  const scale = scaleOf(schema)
  return (cursor) => decimalText(cursor.take(cursor.length()), scale)
}

function scaleOf({ scale = 0 }: Json): number {
  if (typeof scale !== 'number' || !Number.isInteger(scale) || scale < 0 || scale > 38)
    throw new BadAvro('the Avro schema has a decimal with a scale that is none')
  return scale
}

const DAY_MS = 86_400_000
const MILLIS_MAX = 8_640_000_000_000_000n

function dateText(days: number): string {
  const date = new Date(days * DAY_MS)
  if (Number.isNaN(date.getTime())) throw new BadAvro(`the Avro file has a date that is none (${days} days)`)
  return date.toISOString().split('T', 1)[0] ?? ''
}

function timestampText(micros: bigint): string {
  const rest = ((micros % 1000n) + 1000n) % 1000n
  const millis = (micros - rest) / 1000n
  if (millis > MILLIS_MAX || millis < -MILLIS_MAX)
    throw new BadAvro(`the Avro file has a time that is none (${micros} µs)`)
  const text = new Date(Number(millis)).toISOString()
  return `${text.slice(0, -1).replace('T', ' ')}${String(rest).padStart(3, '0')}`
}

/** Two's complement, the highest byte first. */
function decimalText(bytes: Buffer, scale: number): string {
  const unscaled = bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`))
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  const sign = unscaled < 0n ? '-' : ''
  const whole = digits.slice(0, digits.length - scale)
  return scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-scale)}`
}

function record(schema: Json, scope: Scope): Write {
  const { fullName, namespace } = nameOf(schema, scope)
  const parts: { readonly key: string; readonly write: Write; isHidden: boolean }[] = []
  const write: Write = (cursor, depth) => {
    if (depth > DEPTH_MAX) throw new BadAvro(`the Avro file has records more than ${DEPTH_MAX} deep`)
    let text = ''
    for (const part of parts) {
      const value = part.write(cursor, depth + 1)
      if (!part.isHidden) text += text === '' ? `${part.key}:${value}` : `,${part.key}:${value}`
    }
    return `{${text}}`
  }
  // Known before its fields are read: they may be of its own type.
  scope.named.set(fullName, write)
  const { fields } = schema
  if (!Array.isArray(fields)) throw new BadAvro(`the Avro record ${fullName} has no fields`)
  for (const field of fields as readonly unknown[]) {
    if (!isObject(field) || typeof field['name'] !== 'string')
      throw new BadAvro(`the Avro record ${fullName} has a field without a name`)
    const key = JSON.stringify(field['name'].toLowerCase())
    // Of fields that differ in case alone the last one counts, as for keys of JSON.
    for (const part of parts) part.isHidden ||= part.key === key
    parts.push({ key, write: writerOf(field['type'], { ...scope, namespace }), isHidden: false })
  }
  return write
}

function enumeration({ symbols }: Json): Write {
  if (!Array.isArray(symbols)) throw new BadAvro('the Avro schema has an enum without symbols')
  const texts = symbols.map((symbol) => JSON.stringify(String(symbol)))
  return (cursor) => {
    const text = texts[Number(cursor.long())]
    if (text === undefined) throw new BadAvro('the Avro file has a symbol that its enum does not have')
    return text
  }
}

function fixed(schema: Json): Write {
  const { size, logicalType } = schema
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 0)
    throw new BadAvro('the Avro schema has a fixed type without a size')
  if (logicalType !== 'decimal') return (cursor) => `"${cursor.take(size).toString('base64')}"`
  const scale = scaleOf(schema)
  return (cursor) => decimalText(cursor.take(size), scale)
}

function list(item: Write): Write {
  return (cursor, depth) => {
    const texts: string[] = []
    eachItem(cursor, depth, () => texts.push(item(cursor, depth + 1)))
    return `[${texts.join(',')}]`
  }
}

function map(value: Write): Write {
  return (cursor, depth) => {
    const entries = new Map<string, string>()
    eachItem(cursor, depth, () => {
      const key = JSON.stringify(cursor.text())
      entries.set(key, value(cursor, depth + 1))
    })
    return `{${[...entries].map(([key, text]) => `${key}:${text}`).join(',')}}`
  }
}

/** Blocks of items, each with its number; a negative one is followed by the length in bytes. Ends with a block of none. */
function eachItem(cursor: Cursor, depth: number, read: () => void): void {
  if (depth > DEPTH_MAX) throw new BadAvro(`the Avro file has values more than ${DEPTH_MAX} deep`)
  for (let count = Number(cursor.long()); count !== 0; count = Number(cursor.long())) {
    if (count < 0) cursor.long()
    const items = Math.abs(count)
    cursor.items += items
    if (cursor.items > ITEMS_MAX) throw new BadAvro(`a record of the Avro file has more than ${ITEMS_MAX} items`)
    for (let item = 0; item < items; item++) read()
  }
}

/** Written as the value alone; of several types that are not null as its JSON text, for a column of text. */
function union(branches: readonly unknown[], scope: Scope): Write {
  const writers = branches.map((branch) => writerOf(branch, scope))
  const isNull = branches.map((branch) => branch === 'null')
  const isText = branches.map((branch) => branch === 'string')
  const asText = isNull.filter((each) => !each).length > 1
  return (cursor, depth) => {
    const index = Number(cursor.long())
    const write = writers[index]
    if (write === undefined) throw new BadAvro('the Avro file has a value of a type that its union does not have')
    const text = write(cursor, depth)
    return asText && !isNull[index] && !isText[index] ? JSON.stringify(text) : text
  }
}

function named(name: string, scope: Scope): Write {
  const fullName = [fullNameOf(name, scope.namespace), name].find((candidate) => scope.named.has(candidate))
  const write = fullName === undefined ? undefined : scope.named.get(fullName)
  if (write === undefined) throw new BadAvro(`the Avro schema names the type ${name} and does not define it`)
  return write
}

function define(schema: Json, scope: Scope, make: () => Write): Write {
  const write = make()
  scope.named.set(nameOf(schema, scope).fullName, write)
  return write
}

function nameOf({ name, namespace }: Json, scope: Scope): { fullName: string; namespace: string } {
  if (typeof name !== 'string') throw new BadAvro('the Avro schema has a type without a name')
  const fullName = fullNameOf(name, typeof namespace === 'string' ? namespace : scope.namespace)
  return { fullName, namespace: fullName.includes('.') ? fullName.slice(0, fullName.lastIndexOf('.')) : '' }
}

function fullNameOf(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
