/**
 * The least and the greatest value of a column chunk, by which readers skip row groups. Only where every reader agrees on
 * the order of values: whole and floating numbers, dates, and texts and bytes by their unsigned bytes. Not of INT96
 * (its order was never defined) nor of decimals and booleans.
 */
import type { Leaf } from './leaf.ts'
import { PHYSICAL } from './schema.ts'

/** Longer texts do not help to skip and would fill the footer: a chunk that has one at an end has no bounds. */
const TEXT_BYTES_MAX = 64

/** Plain encoding of both ends, a text without its length. */
export interface Bounds {
  readonly min: Uint8Array
  readonly max: Uint8Array
}

export class ChunkBounds {
  #ends: Bounds | undefined
  #isUnknown = false

  /** The values that the leaf holds now. */
  add(leaf: Leaf): void {
    if (this.#isUnknown || leaf.valueBytes === 0) return
    const scan = SCANS[leaf.spec.physical]
    const ends = scan?.(leaf, this.#ends)
    if (ends === undefined) this.#isUnknown = true
    this.#ends = ends
  }

  get bounds(): Bounds | undefined {
    if (this.#isUnknown || this.#ends === undefined) return undefined
    const { min, max } = this.#ends
    return min.length > TEXT_BYTES_MAX || max.length > TEXT_BYTES_MAX ? undefined : this.#ends
  }
}

/** The ends of what was before and the leaf's values; undefined when they have no order. */
type Scan = (leaf: Leaf, before: Bounds | undefined) => Bounds | undefined

const SCANS: Readonly<Partial<Record<number, Scan>>> = {
  [PHYSICAL.int32]: numbers(4, (view, at) => view.getInt32(at, true)),
  [PHYSICAL.int64]: wholeNumbers,
  [PHYSICAL.float]: numbers(4, (view, at) => view.getFloat32(at, true)),
  [PHYSICAL.double]: numbers(8, (view, at) => view.getFloat64(at, true)),
  [PHYSICAL.bytes]: texts,
}

function numbers(width: number, read: (view: DataView, at: number) => number): Scan {
  return (leaf, before) => {
    const { view, valueBytes } = leaf
    let minAt = 0
    let maxAt = 0
    let min = read(view, 0)
    let max = min
    for (let at = 0; at < valueBytes; at += width) {
      const value = read(view, at)
      // NaN has no place in an order. Zeros have two that readers disagree upon: a bound of either is no bound.
      if (Number.isNaN(value) || Object.is(value, -0)) return undefined
      if (value < min) {
        min = value
        minAt = at
      } else if (value > max) {
        max = value
        maxAt = at
      }
    }
    if (before === undefined) return { min: copyOf(leaf, minAt, width), max: copyOf(leaf, maxAt, width) }
    return {
      min: read(viewOf(before.min), 0) <= min ? before.min : copyOf(leaf, minAt, width),
      max: read(viewOf(before.max), 0) >= max ? before.max : copyOf(leaf, maxAt, width),
    }
  }
}

/** Without a bigint per value: high halves first, low halves only between equals. */
function wholeNumbers(leaf: Leaf, before: Bounds | undefined): Bounds {
  const { view, valueBytes } = leaf
  let minAt = 0
  let maxAt = 0
  for (let at = 8; at < valueBytes; at += 8) {
    if (compareLongs(view, at, view, minAt) < 0) minAt = at
    else if (compareLongs(view, at, view, maxAt) > 0) maxAt = at
  }
  if (before === undefined) return { min: copyOf(leaf, minAt, 8), max: copyOf(leaf, maxAt, 8) }
  return {
    min: compareLongs(viewOf(before.min), 0, view, minAt) <= 0 ? before.min : copyOf(leaf, minAt, 8),
    max: compareLongs(viewOf(before.max), 0, view, maxAt) >= 0 ? before.max : copyOf(leaf, maxAt, 8),
  }
}

function compareLongs(left: DataView, leftAt: number, right: DataView, rightAt: number): number {
  const high = left.getInt32(leftAt + 4, true) - right.getInt32(rightAt + 4, true)
  return high === 0 ? left.getUint32(leftAt, true) - right.getUint32(rightAt, true) : high
}

function texts(leaf: Leaf, before: Bounds | undefined): Bounds {
  const { values, view, valueBytes } = leaf
  let at = 4
  let length = view.getInt32(0, true)
  let min = before?.min ?? copyOf(leaf, at, length)
  let max = before?.max ?? min
  for (; at <= valueBytes; at += length + 4) {
    length = view.getInt32(at - 4, true)
    // Most lie between the first bytes of both ends.
    const first = values[at] as number
    if (length > 0 && first > (min[0] as number) && first < (max[0] as number)) continue
    const order = compareTexts(values, at, length, min)
    if (order < 0) min = copyOf(leaf, at, length)
    else if (order > 0 && compareTexts(values, at, length, max) > 0) max = copyOf(leaf, at, length)
  }
  return { min, max }
}

function compareTexts(values: Uint8Array, from: number, length: number, other: Uint8Array): number {
  const shorter = Math.min(length, other.length)
  for (let index = 0; index < shorter; index++) {
    const difference = (values[from + index] as number) - (other[index] as number)
    if (difference !== 0) return difference
  }
  return length - other.length
}

const copyOf = (leaf: Leaf, from: number, length: number): Uint8Array =>
  Uint8Array.prototype.slice.call(leaf.values, from, from + length)

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
