/**
 * The values of one leaf column that are not in a page yet: levels, and values already in Parquet's plain encoding (booleans
 * a byte each). Whoever appends may take back everything behind a mark, which is how a row that turns out to be bad
 * leaves nothing behind.
 */
import type { LeafSpec } from './schema.ts'

const ENTRIES_FIRST = 256
const VALUE_BYTES_FIRST = 1024
/** Shorter copies are done before a call out of JavaScript is. */
const NATIVE_COPY_BYTES_MIN = 256

export class Leaf {
  readonly spec: LeafSpec
  definitions: Uint8Array = new Uint8Array(ENTRIES_FIRST)
  /** Unused when the column does not repeat. */
  repetitions: Uint8Array
  /** Values, nulls and empty lists. */
  entries = 0
  values: Buffer = Buffer.allocUnsafeSlow(VALUE_BYTES_FIRST)
  view: DataView
  valueBytes = 0
  markedEntries = 0
  markedBytes = 0
  readonly #maxDefinition: number
  readonly #repeats: boolean

  constructor(spec: LeafSpec) {
    this.spec = spec
    this.#maxDefinition = spec.maxDefinition
    this.#repeats = spec.maxRepetition > 0
    this.repetitions = new Uint8Array(this.#repeats ? ENTRIES_FIRST : 0)
    this.view = viewOf(this.values)
  }

  get bytes(): number {
    return this.entries + this.valueBytes
  }

  mark(): void {
    this.markedEntries = this.entries
    this.markedBytes = this.valueBytes
  }

  toMark(): void {
    this.entries = this.markedEntries
    this.valueBytes = this.markedBytes
  }

  clear(): void {
    this.entries = 0
    this.valueBytes = 0
    this.mark()
  }

  /** A null, or an empty list, at the level where there is no more. */
  appendNone(repetition: number, definition: number): void {
    const entry = this.entries++
    if (entry === this.definitions.length) this.#growEntries()
    this.definitions[entry] = definition
    if (this.#repeats) this.repetitions[entry] = repetition
  }

  appendBoolean(repetition: number, value: boolean): void {
    this.appendNone(repetition, this.#maxDefinition)
    const at = this.#room(1)
    this.values[at] = value ? 1 : 0
  }

  appendInt32(repetition: number, value: number): void {
    this.appendNone(repetition, this.#maxDefinition)
    const at = this.#room(4)
    this.view.setInt32(at, value, true)
  }

  /** `value` is a safe integer. */
  appendInt64(repetition: number, value: number): void {
    this.appendNone(repetition, this.#maxDefinition)
    const at = this.#room(8)
    const high = Math.floor(value / 0x1_0000_0000)
    this.view.setInt32(at, value - high * 0x1_0000_0000, true)
    this.view.setInt32(at + 4, high, true)
  }

  appendBigInt64(repetition: number, value: bigint): void {
    this.appendNone(repetition, this.#maxDefinition)
    const at = this.#room(8)
    this.view.setBigInt64(at, value, true)
  }

  appendFloat(repetition: number, value: number): void {
    this.appendNone(repetition, this.#maxDefinition)
    const at = this.#room(4)
    this.view.setFloat32(at, value, true)
  }

  appendDouble(repetition: number, value: number): void {
    this.appendNone(repetition, this.#maxDefinition)
    const at = this.#room(8)
    this.view.setFloat64(at, value, true)
  }

  /** `day` counts from 1970-01-01; `nanos` of that day. */
  appendInt96(repetition: number, day: number, nanos: number): void {
    this.appendNone(repetition, this.#maxDefinition)
    const at = this.#room(12)
    const high = Math.floor(nanos / 0x1_0000_0000)
    this.view.setInt32(at, nanos - high * 0x1_0000_0000, true)
    this.view.setInt32(at + 4, high, true)
    this.view.setInt32(at + 8, day + JULIAN_DAY_OF_EPOCH, true)
  }

  appendBytes(repetition: number, source: Uint8Array, from: number, to: number): void {
    this.appendNone(repetition, this.#maxDefinition)
    const length = to - from
    const at = this.#room(length + 4)
    this.view.setInt32(at, length, true)
    this.#copy(at + 4, source, from, to)
  }

  /** A decimal, unscaled, in `width` bytes, the highest first. */
  appendDecimal(repetition: number, unscaled: bigint): void {
    this.appendNone(repetition, this.#maxDefinition)
    const { width } = this.spec
    const at = this.#room(width)
    let rest = unscaled
    for (let byte = at + width - 1; byte >= at; byte--) {
      this.values[byte] = Number(rest & 0xffn)
      rest >>= 8n
    }
  }

  /** The same of a safe integer. */
  appendSmallDecimal(repetition: number, unscaled: number): void {
    this.appendNone(repetition, this.#maxDefinition)
    const { width } = this.spec
    const at = this.#room(width)
    let rest = unscaled
    for (let byte = at + width - 1; byte >= at; byte--) {
      const shifted = Math.floor(rest / 256)
      this.values[byte] = rest - shifted * 256
      rest = shifted
    }
  }

  #copy(at: number, source: Uint8Array, from: number, to: number) {
    const { values } = this
    if (to - from > NATIVE_COPY_BYTES_MIN) return values.set(source.subarray(from, to), at)
    for (let read = from, write = at; read < to; read++, write++) values[write] = source[read] as number
  }

  /** Before `values` and `view` are touched: it may replace them. */
  #room(bytes: number): number {
    const at = this.valueBytes
    const end = at + bytes
    if (end > this.values.length) this.#growValues(end)
    this.valueBytes = end
    return at
  }

  #growEntries(): void {
    this.definitions = doubled(this.definitions)
    if (this.#repeats) this.repetitions = doubled(this.repetitions)
  }

  #growValues(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.values.length * 2))
    larger.set(this.values.subarray(0, this.valueBytes))
    this.values = larger
    this.view = viewOf(larger)
  }
}

export const JULIAN_DAY_OF_EPOCH = 2_440_588

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function doubled(array: Uint8Array): Uint8Array {
  const larger = new Uint8Array(array.length * 2)
  larger.set(array)
  return larger
}
