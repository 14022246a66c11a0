/**
 * The quantile digest: values in order with their weights, thinned out when there are many, so that a quantile's rank is
 * off by at most the accuracy asked for (1 % unless told). The bytes are lakelet's own: AWS's cannot be read.
 */
import { invalidArgument } from '../define.ts'

const ACCURACY = 0.01
const TAG = 0x71
const ENTRY_BYTES = 16
const HEADER_BYTES = 9

interface Entry {
  readonly value: number
  readonly weight: number
}

interface Digest {
  readonly accuracy: number
  /** In order of their values, none twice. */
  readonly entries: readonly Entry[]
}

export function quantileDigestOf(
  values: readonly (number | null)[],
  weights: readonly (number | null)[],
  accuracy: number | null,
): Uint8Array {
  const error = accuracy ?? ACCURACY
  if (!(error > 0 && error < 1)) return invalidArgument('Percentile accuracy must be exclusively between 0 and 1')
  const entries = values.flatMap((value, index) => {
    const weight = weights[index] ?? null
    return value === null || weight === null ? [] : [{ value, weight }]
  })
  if (entries.some(({ weight }) => !(weight > 0))) return invalidArgument('weight must be > 0')
  return written(thinned({ accuracy: error, entries }))
}

export function mergedQuantileDigest(digests: readonly (Uint8Array | null)[]): Uint8Array | null {
  const all = digests.flatMap((bytes) => (bytes === null ? [] : [read(bytes)]))
  const [first] = all
  if (first === undefined) return null
  const accuracy = Math.max(...all.map((digest) => digest.accuracy))
  return written(thinned({ accuracy, entries: all.flatMap(({ entries }) => entries) }))
}

export function quantileValues(bytes: Uint8Array, quantiles: readonly (number | null)[]): (number | null)[] {
  const { entries } = read(bytes)
  const total = entries.reduce((sum, { weight }) => sum + weight, 0)
  return quantiles.map((quantile) => {
    if (quantile === null || !(quantile >= 0 && quantile <= 1))
      return invalidArgument(`Quantile should be within bounds [0, 1], was: ${quantile}`)
    let before = 0
    for (const { value, weight } of entries) {
      before += weight
      if (before > quantile * total) return value
    }
    return entries.at(-1)?.value ?? null
  })
}

/** Which share of the weights lies below a value; NULL outside of the digest's values. */
export function quantileOf(bytes: Uint8Array, value: number): number | null {
  const { entries } = read(bytes)
  const [first, last] = [entries[0], entries.at(-1)]
  if (first === undefined || last === undefined || value < first.value || value > last.value) return null
  const total = entries.reduce((sum, { weight }) => sum + weight, 0)
  const below = entries.reduce((sum, entry) => sum + (entry.value < value ? entry.weight : 0), 0)
  return below / total
}

/** Neighbours become one, under the larger value, while together they weigh less than half of the accuracy. */
function thinned({ accuracy, entries }: Digest): Digest {
  const kept: Entry[] = []
  const total = entries.reduce((sum, { weight }) => sum + weight, 0)
  const few = entries.length <= 2 / accuracy
  for (const entry of [...entries].sort((left, right) => left.value - right.value)) {
    const last = kept.at(-1)
    const weight = (last?.weight ?? 0) + entry.weight
    const joins = last !== undefined && (last.value === entry.value || (!few && weight <= (accuracy / 2) * total))
    if (joins) kept[kept.length - 1] = { value: entry.value, weight }
    else kept.push(entry)
  }
  return { accuracy, entries: kept }
}

function written({ accuracy, entries }: Digest): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES + ENTRY_BYTES * entries.length)
  bytes.writeUInt8(TAG, 0)
  bytes.writeDoubleLE(accuracy, 1)
  for (const [index, { value, weight }] of entries.entries()) {
    bytes.writeDoubleLE(value, HEADER_BYTES + ENTRY_BYTES * index)
    bytes.writeDoubleLE(weight, HEADER_BYTES + ENTRY_BYTES * index + 8)
  }
  return bytes
}

function read(source: Uint8Array): Digest {
  const bytes = Buffer.from(source)
  const count = (bytes.length - HEADER_BYTES) / ENTRY_BYTES
  if (bytes[0] !== TAG || !Number.isInteger(count)) return invalidArgument('Cannot deserialize a quantile digest')
  return {
    accuracy: bytes.readDoubleLE(1),
    entries: Array.from({ length: count }, (_, index) => ({
      value: bytes.readDoubleLE(HEADER_BYTES + ENTRY_BYTES * index),
      weight: bytes.readDoubleLE(HEADER_BYTES + ENTRY_BYTES * index + 8),
    })),
  }
}
