/**
 * t-digest (Dunning's merging digest with scale function k2, as Trino's type) in Trino's bytes: groups of neighbouring
 * values by their mean, small at both ends, so that quantiles are exact for few values and close for many.
 */
import { invalidArgument } from '../define.ts'

const COMPRESSION = 100
/** While values are collected groups are kept smaller than they are written. */
const COLLECTING = 2
/** As many values are taken in before groups are joined. */
const PENDING_MAX = 1_260
const HEADER_BYTES = 37

interface Centroid {
  readonly mean: number
  readonly weight: number
}

interface Digest {
  readonly min: number
  readonly max: number
  readonly compression: number
  readonly weight: number
  readonly centroids: readonly Centroid[]
}

export function digestOf(values: readonly (number | null)[], weights?: readonly (number | null)[]): Uint8Array {
  let centroids: readonly Centroid[] = []
  let pending: Centroid[] = []
  let [min, max, total] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  for (const [index, value] of values.entries()) {
    const weight = weights === undefined ? 1 : weights[index]
    if (value === null || weight === null || weight === undefined) continue
    if (!Number.isFinite(value)) return invalidArgument(Number.isNaN(value) ? 'value is NaN' : 'value must be finite')
    if (!(weight >= 1)) return invalidArgument('weight must be >= 1')
    pending.push({ mean: value, weight })
    min = Math.min(min, value)
    max = Math.max(max, value)
    total += weight
    if (pending.length < PENDING_MAX) continue
    centroids = compacted([...centroids, ...pending], total, COLLECTING * COMPRESSION)
    pending = []
  }
  return written({ min, max, compression: COMPRESSION, weight: total, centroids: [...centroids, ...pending] })
}

export function mergedDigest(digests: readonly (Uint8Array | null)[]): Uint8Array | null {
  const all = digests.flatMap((bytes) => (bytes === null ? [] : [read(bytes)]))
  const [first] = all
  if (first === undefined) return null
  return written({
    min: Math.min(...all.map(({ min }) => min)),
    max: Math.max(...all.map(({ max }) => max)),
    compression: first.compression,
    weight: all.reduce((sum, { weight }) => sum + weight, 0),
    centroids: all.flatMap(({ centroids }) => centroids),
  })
}

export function valuesAt(bytes: Uint8Array, quantiles: readonly (number | null)[]): number[] {
  const digest = read(bytes)
  return quantiles.map((quantile) => {
    if (quantile === null || !(quantile >= 0 && quantile <= 1))
      return invalidArgument('quantile should be in [0, 1] range')
    return valueAt(digest, quantile)
  })
}

/** Between the middles of two groups values are spread evenly; a group of one value is that value. */
function valueAt({ centroids, weight: total, min, max }: Digest, quantile: number): number {
  const [first, last] = [centroids[0], centroids.at(-1)]
  if (first === undefined || last === undefined) return Number.NaN
  if (centroids.length === 1) return first.mean
  const rank = quantile * total
  if (rank < 1) return min
  if (rank < first.weight / 2) return min + ((rank - 1) / (first.weight / 2 - 1)) * (first.mean - min)
  const fromEnd = total - rank
  if (fromEnd <= 1) return max
  if (fromEnd <= last.weight / 2 && last.weight / 2 > 1)
    return max + ((fromEnd - 1) / (last.weight / 2 - 1)) * (last.mean - max)

  let before = first.weight / 2
  for (const [index, left] of centroids.entries()) {
    const right = centroids[index + 1]
    if (right === undefined) return max
    const distance = (left.weight + right.weight) / 2
    if (before + distance <= rank) {
      before += distance
      continue
    }
    const offset = rank - before
    if (left.weight === 1 && offset < left.weight / 2) return left.mean
    if (right.weight === 1 && offset >= left.weight / 2) return right.mean
    if (left.weight === 1) return between(left, right, (offset - left.weight / 2) / (right.weight / 2))
    return between(left, right, offset / (right.weight === 1 ? left.weight / 2 : distance))
  }
  return max
}

function between(left: Centroid, right: Centroid, share: number): number {
  return left.mean + share * (right.mean - left.mean)
}

/** Neighbours become one as long as the group stays below its share of all at that place. */
function compacted(pending: readonly Centroid[], total: number, compression: number): readonly Centroid[] {
  const normalizer = compression / (4 * Math.log(total / compression) + 24)
  const shareMax = (quantile: number) => (quantile * (1 - quantile)) / normalizer
  const groups: Centroid[] = []
  let before = 0
  for (const entry of [...pending].sort((left, right) => left.mean - right.mean)) {
    const group = groups.at(-1)
    if (group === undefined) {
      groups.push(entry)
      continue
    }
    const weight = group.weight + entry.weight
    const limit = total * Math.min(shareMax(before / total), shareMax(Math.min((before + weight) / total, 1)))
    if (weight <= limit) {
      groups[groups.length - 1] = { mean: group.mean + ((entry.mean - group.mean) * entry.weight) / weight, weight }
    } else {
      before += group.weight
      groups.push(entry)
    }
  }
  return groups
}

/** A tag, least, largest, compression, weight, number of groups; their means, then their weights: little-endian. */
function written({ min, max, compression, weight, centroids: pending }: Digest): Uint8Array {
  const centroids = compacted(pending, weight, compression)
  const bytes = Buffer.alloc(HEADER_BYTES + 16 * centroids.length)
  for (const [index, value] of [min, max, compression, weight].entries()) bytes.writeDoubleLE(value, 1 + 8 * index)
  bytes.writeInt32LE(centroids.length, 33)
  for (const [index, centroid] of centroids.entries()) {
    bytes.writeDoubleLE(centroid.mean, HEADER_BYTES + 8 * index)
    bytes.writeDoubleLE(centroid.weight, HEADER_BYTES + 8 * (centroids.length + index))
  }
  return bytes
}

function read(source: Uint8Array): Digest {
  const bytes = Buffer.from(source)
  const count = bytes.length < HEADER_BYTES ? -1 : bytes.readInt32LE(33)
  if (bytes[0] !== 0 || bytes.length !== HEADER_BYTES + 16 * count) return invalidArgument('Cannot deserialize TDigest')
  const double = (index: number) => bytes.readDoubleLE(1 + 8 * index)
  const centroids = Array.from({ length: count }, (_, index) => ({
    mean: bytes.readDoubleLE(HEADER_BYTES + 8 * index),
    weight: bytes.readDoubleLE(HEADER_BYTES + 8 * (count + index)),
  }))
  return { min: double(0), max: double(1), compression: double(2), weight: double(3), centroids }
}
