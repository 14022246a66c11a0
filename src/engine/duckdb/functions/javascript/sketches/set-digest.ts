/**
 * The set digest: a HyperLogLog of all values beside the smallest hashes with how often each came (a MinHash), by which
 * two sets are compared. Exact while both hold all of their hashes. The bytes are lakelet's own: AWS's cannot be read.
 */
import { invalidArgument } from '../define.ts'
import { cardinality, mergedSketch, sketchOf } from './hyperloglog.ts'

const TAG = 0x53
const HASHES_MAX = 8192
const COUNT_MAX = 32_767
const HEADER_BYTES = 9
const ENTRY_BYTES = 10

interface Digest {
  readonly sketch: Uint8Array
  /** In order of the hashes. */
  readonly counts: ReadonlyMap<bigint, number>
}

export function setDigestOf(hashes: readonly bigint[]): Uint8Array {
  const counts = new Map<bigint, number>()
  for (const hash of hashes) counts.set(hash, (counts.get(hash) ?? 0) + 1)
  return written({ sketch: sketchOf(hashes), counts: smallest(counts) })
}

export function mergedSetDigest(digests: readonly (Uint8Array | null)[]): Uint8Array | null {
  const all = digests.flatMap((bytes) => (bytes === null ? [] : [read(bytes)]))
  const sketch = mergedSketch(all.map((digest) => digest.sketch))
  if (sketch === null) return null
  const counts = new Map<bigint, number>()
  for (const digest of all) for (const [hash, count] of digest.counts) counts.set(hash, (counts.get(hash) ?? 0) + count)
  return written({ sketch, counts: smallest(counts) })
}

export function setCardinality(bytes: Uint8Array): bigint {
  const digest = read(bytes)
  return isExact(digest) ? BigInt(digest.counts.size) : cardinality(digest.sketch)
}

/** The share of what is in both among what is in either. */
export function jaccardIndex(left: Uint8Array, right: Uint8Array): number {
  return similarity(read(left), read(right))
}

export function intersectionCardinality(leftBytes: Uint8Array, rightBytes: Uint8Array): bigint {
  const [left, right] = [read(leftBytes), read(rightBytes)]
  if (isExact(left) && isExact(right))
    return BigInt([...left.counts.keys()].filter((hash) => right.counts.has(hash)).length)
  const union = mergedSketch([left.sketch, right.sketch]) ?? left.sketch
  const estimate = BigInt(Math.round(Number(cardinality(union)) * similarity(left, right)))
  const [ofLeft, ofRight] = [cardinality(left.sketch), cardinality(right.sketch)]
  // Not more than either holds.
  return [estimate, ofLeft, ofRight].reduce((least, value) => (value < least ? value : least))
}

export function hashCounts(bytes: Uint8Array): { key: bigint; value: number }[] {
  return [...read(bytes).counts].map(([key, value]) => ({ key, value }))
}

function isExact({ counts }: Digest): boolean {
  return counts.size < HASHES_MAX
}

/** Judged by as many of the smallest hashes of both as the smaller digest holds. */
function similarity(left: Digest, right: Digest): number {
  const size = Math.min(left.counts.size, right.counts.size)
  const union = [...smallest(new Map([...left.counts, ...right.counts])).keys()].slice(0, size)
  const shared = union.filter((hash) => left.counts.has(hash) && right.counts.has(hash)).length
  return union.length === 0 ? 0 : shared / union.length
}

function smallest(counts: ReadonlyMap<bigint, number>): ReadonlyMap<bigint, number> {
  const inOrder = [...counts].sort(([left], [right]) => (left < right ? -1 : 1))
  return new Map(inOrder.slice(0, HASHES_MAX).map(([hash, count]) => [hash, Math.min(count, COUNT_MAX)]))
}

function written({ sketch, counts }: Digest): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES + sketch.length + ENTRY_BYTES * counts.size)
  bytes.writeUInt8(TAG, 0)
  bytes.writeUInt32LE(sketch.length, 1)
  bytes.writeUInt32LE(counts.size, 5)
  bytes.set(sketch, HEADER_BYTES)
  let at = HEADER_BYTES + sketch.length
  for (const [hash, count] of counts) {
    bytes.writeBigInt64LE(hash, at)
    bytes.writeUInt16LE(count, at + 8)
    at += ENTRY_BYTES
  }
  return bytes
}

function read(source: Uint8Array): Digest {
  const bytes = Buffer.from(source)
  if (bytes.length < HEADER_BYTES || bytes[0] !== TAG) return unreadable()
  const [sketchBytes, count] = [bytes.readUInt32LE(1), bytes.readUInt32LE(5)]
  const from = HEADER_BYTES + sketchBytes
  if (bytes.length !== from + ENTRY_BYTES * count) return unreadable()
  const counts = new Map<bigint, number>()
  for (let at = from; at < bytes.length; at += ENTRY_BYTES)
    counts.set(bytes.readBigInt64LE(at), bytes.readUInt16LE(at + 8))
  return { sketch: bytes.subarray(HEADER_BYTES, from), counts }
}

function unreadable(): never {
  return invalidArgument('Cannot deserialize SetDigest')
}
