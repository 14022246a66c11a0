/**
 * What is kept of the values of one metric in one span of time, and its form on disk:
 *
 *   point    flags(1) minute(varint, within its hour) count(number) [sum(number) min(number) max(number) [sketch]]
 *   sketch   bytes(varint, of the rest) level(varint) bins(varint) and for each bin: twice the distance to the one before,
 *            plus one where a count follows (varint), the count (varint) where it is not 1; the first distance is
 *            zigzagged, as a bin may be negative
 *   number   a varint where its flag says so, else a double (8, little-endian)
 *
 * A point whose values are all the same has `min` alone after its count: 4 bytes for a small counter.
 */
import { Sketch } from './sketch.ts'

const COUNT_WHOLE = 1
const SUM_WHOLE = 2
const MIN_WHOLE = 4
const MAX_WHOLE = 8
const ALL_SAME = 16
const HAS_SKETCH = 32

export class Summary {
  count = 0
  sum = 0
  minimum = Number.POSITIVE_INFINITY
  maximum = Number.NEGATIVE_INFINITY
  /** undefined while all values are the same, and where only the sum of others' values is known. */
  #sketch: Sketch | undefined
  /** Some values came as their sum and borders alone. */
  #isOpaque = false

  /** `count` times the same value. */
  add(value: number, count = 1): void {
    if (this.#sketch !== undefined) this.#sketch.add(value, count)
    else if (this.count > 0 && !this.#isOpaque && (value !== this.minimum || value !== this.maximum)) {
      this.#sketch = new Sketch()
      this.#sketch.add(this.minimum, this.count)
      this.#sketch.add(value, count)
    }
    this.count += count
    this.sum += value * count
    if (value < this.minimum) this.minimum = value
    if (value > this.maximum) this.maximum = value
  }

  /** Values of which nothing else is known. */
  addSet(set: { readonly count: number; readonly sum: number; readonly minimum: number; readonly maximum: number }) {
    if (set.minimum === set.maximum) this.add(set.minimum, set.count)
    else this.merge(opaque(set))
  }

  merge(other: Summary): void {
    if (other.count === 0) return
    const isSame = other.minimum === other.maximum
    if (isSame && !other.#isOpaque && other.#sketch === undefined) {
      this.add(other.minimum, other.count)
      return
    }
    const sketch = this.#isOpaque || other.#isOpaque ? undefined : this.#ownSketch()
    if (sketch !== undefined && other.#sketch !== undefined) sketch.merge(other.#sketch)
    this.#sketch = sketch
    this.#isOpaque ||= other.#isOpaque
    this.count += other.count
    this.sum += other.sum
    this.minimum = Math.min(this.minimum, other.minimum)
    this.maximum = Math.max(this.maximum, other.maximum)
  }

  /** `percent` 0 … 100. undefined where nobody can know. */
  percentile(percent: number): number | undefined {
    if (this.count === 0) return undefined
    if (this.minimum === this.maximum || percent === 0) return this.minimum
    if (percent === 100) return this.maximum
    if (this.#sketch === undefined) return undefined
    return Math.min(this.maximum, Math.max(this.minimum, this.#sketch.quantile(percent / 100)))
  }

  write(to: ByteWriter, minute: number): void {
    const isAllSame = this.minimum === this.maximum
    const flags =
      (isWhole(this.count) ? COUNT_WHOLE : 0) |
      (isWhole(this.sum) ? SUM_WHOLE : 0) |
      (isWhole(this.minimum) ? MIN_WHOLE : 0) |
      (isWhole(this.maximum) ? MAX_WHOLE : 0) |
      (isAllSame ? ALL_SAME : 0) |
      (this.#sketch !== undefined && !isAllSame ? HAS_SKETCH : 0)
    to.byte(flags)
    to.varint(minute)
    to.number(this.count)
    if (isAllSame) {
      to.number(this.minimum)
      return
    }
    to.number(this.sum)
    to.number(this.minimum)
    to.number(this.maximum)
    if (this.#sketch === undefined) return
    writeSketch(SKETCH_WRITER, this.#sketch)
    const sketch = SKETCH_WRITER.take()
    to.varint(sketch.byteLength)
    to.append(sketch)
  }

  /** `withSpread` false: percentiles are not asked for, which saves most of the time. */
  static read(from: ByteReader, withSpread = true): { readonly minute: number; readonly summary: Summary } {
    const flags = from.byte()
    const minute = from.varint()
    const summary = new Summary()
    const count = from.number((flags & COUNT_WHOLE) !== 0)
    if ((flags & ALL_SAME) !== 0) {
      summary.add(from.number((flags & MIN_WHOLE) !== 0), count)
      return { minute, summary }
    }
    summary.count = count
    summary.sum = from.number((flags & SUM_WHOLE) !== 0)
    summary.minimum = from.number((flags & MIN_WHOLE) !== 0)
    summary.maximum = from.number((flags & MAX_WHOLE) !== 0)
    const sketch = (flags & HAS_SKETCH) === 0 ? undefined : from.take(from.varint())
    if (sketch === undefined || !withSpread) summary.#isOpaque = true
    else summary.#sketch = readSketch(new ByteReader(sketch))
    return { minute, summary }
  }

  #ownSketch(): Sketch {
    if (this.#sketch !== undefined) return this.#sketch
    const sketch = new Sketch()
    if (this.count > 0) sketch.add(this.minimum, this.count)
    return sketch
  }
}

function opaque(set: { count: number; sum: number; minimum: number; maximum: number }): Summary {
  const bytes = new ByteWriter()
  const summary = Object.assign(new Summary(), set)
  summary.write(bytes, 0)
  return Summary.read(new ByteReader(bytes.take())).summary
}

function writeSketch(to: ByteWriter, sketch: Sketch): void {
  const bins = sketch.bins()
  to.varint(sketch.level)
  to.varint(bins.length)
  let before: number | undefined
  for (const [bin, count] of bins) {
    const distance = before === undefined ? zigzag(bin) : bin - before
    const whole = Math.max(1, Math.round(count))
    to.varint(distance * 2 + (whole === 1 ? 0 : 1))
    if (whole > 1) to.varint(whole)
    before = bin
  }
}

function readSketch(from: ByteReader): Sketch {
  const level = from.varint()
  const length = from.varint()
  const bins: [number, number][] = []
  let bin = 0
  for (let index = 0; index < length; index++) {
    const head = from.varint()
    const distance = Math.floor(head / 2)
    bin = index === 0 ? unzigzag(distance) : bin + distance
    bins.push([bin, head % 2 === 0 ? 1 : from.varint()])
  }
  return Sketch.of(level, bins)
}

const isWhole = (value: number) => Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)
const zigzag = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value)
const unzigzag = (value: number) => (value % 2 === 0 ? value / 2 : -(value + 1) / 2)

/** Bytes that grow. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(256)
  #at = 0

  /** What was written so far. */
  copy(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#at))
  }

  /** The same, and the next thing begins anew. */
  take(): Buffer {
    const bytes = this.copy()
    this.#at = 0
    return bytes
  }

  byte(value: number): void {
    this.#room(1)
    this.#buffer[this.#at++] = value
  }

  /** Seven bits a byte, the lowest first; up to 2^53 - 1. */
  varint(value: number): void {
    this.#room(8)
    let rest = value
    while (rest >= 0x80) {
      this.#buffer[this.#at++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#buffer[this.#at++] = rest
  }

  number(value: number): void {
    if (isWhole(value)) {
      this.varint(value)
      return
    }
    this.#room(8)
    this.#at = this.#buffer.writeDoubleLE(value, this.#at)
  }

  append(bytes: Uint8Array): void {
    this.#room(bytes.byteLength)
    this.#buffer.set(bytes, this.#at)
    this.#at += bytes.byteLength
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.byteLength) return
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.byteLength * 2, this.#at + bytes))
    this.#buffer.copy(larger, 0, 0, this.#at)
    this.#buffer = larger
  }
}

export class ByteReader {
  readonly #buffer: Buffer
  #at = 0

  constructor(buffer: Buffer) {
    this.#buffer = buffer
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#buffer.byteLength
  }

  byte(): number {
    return this.#buffer.readUInt8(this.#at++)
  }

  varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.byte()
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }

  number(isWholeNumber: boolean): number {
    if (isWholeNumber) return this.varint()
    this.#at += 8
    return this.#buffer.readDoubleLE(this.#at - 8)
  }

  take(length: number): Buffer {
    this.#at += length
    return this.#buffer.subarray(this.#at - length, this.#at)
  }
}

const SKETCH_WRITER = new ByteWriter()
