/**
 * HyperLogLog in the layouts of Trino's type (airlift's stats/docs/hll.md): sparse while that is smaller, then dense.
 * What one engine has written the other reads and merges. Small sets are counted alike to the last digit; large ones
 * within the same error, by Ertl's estimator instead of tables of corrections.
 */
import { invalidArgument } from '../define.ts'

const SPARSE = 2
const DENSE = 3
/** 4,096 buckets: a standard error of 1.6 %. */
const INDEX_BITS = 12
/** Of the hash in a sparse entry; below them how many zeros follow. */
const PREFIX_BITS = 26
const VALUE_BITS = 6
const HASH_BITS = 64
const DELTA_MAX = 15

interface Sparse {
  readonly kind: 'sparse'
  readonly indexBits: number
  /** Prefix of the hash → zeros behind it. */
  readonly zeros: Map<number, number>
}
interface Dense {
  readonly kind: 'dense'
  readonly indexBits: number
  readonly values: Uint8Array
}
type Sketch = Sparse | Dense

export function emptySketch(): Uint8Array {
  return written({ kind: 'sparse', indexBits: INDEX_BITS, zeros: new Map() })
}

export function sketchOf(hashes: readonly bigint[]): Uint8Array {
  const zeros = new Map<number, number>()
  for (const hash of hashes) {
    const bits = BigInt.asUintN(HASH_BITS, hash)
    const prefix = Number(bits >> BigInt(HASH_BITS - PREFIX_BITS))
    const behind = leadingZeros(BigInt.asUintN(HASH_BITS - PREFIX_BITS, bits), HASH_BITS - PREFIX_BITS)
    zeros.set(prefix, Math.max(zeros.get(prefix) ?? 0, behind))
  }
  return written(small({ kind: 'sparse', indexBits: INDEX_BITS, zeros }))
}

export function mergedSketch(sketches: readonly (Uint8Array | null)[]): Uint8Array | null {
  const all = sketches.flatMap((bytes) => (bytes === null ? [] : [read(bytes)]))
  const [first, ...others] = all
  return first === undefined ? null : written(small(others.reduce(merged, first)))
}

/** How many different values were put in. */
export function cardinality(bytes: Uint8Array): bigint {
  const sketch = read(bytes)
  if (sketch.kind === 'sparse') {
    const buckets = 2 ** PREFIX_BITS
    return BigInt(Math.round(buckets * Math.log(buckets / (buckets - sketch.zeros.size))))
  }
  return BigInt(Math.round(estimate(sketch)))
}

/** Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), section 4. */
function estimate({ indexBits, values }: Dense): number {
  const valueMax = HASH_BITS - indexBits + 1
  const counts = new Array<number>(valueMax + 1).fill(0)
  for (const value of values) counts[Math.min(value, valueMax)] = (counts[Math.min(value, valueMax)] ?? 0) + 1
  const buckets = values.length
  let sum = buckets * tau((buckets - (counts[valueMax] ?? 0)) / buckets)
  for (let value = valueMax - 1; value >= 1; value--) sum = (sum + (counts[value] ?? 0)) / 2
  sum += buckets * sigma((counts[0] ?? 0) / buckets)
  return (buckets * buckets) / (2 * Math.LN2 * sum)
}

function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY
  let [x, y, sum] = [share, 1, share]
  for (let before = Number.NaN; sum !== before; ) {
    before = sum
    x *= x
    sum += x * y
    y += y
  }
  return sum
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0
  let [x, y, sum] = [share, 1, 1 - share]
  for (let before = Number.NaN; sum !== before; ) {
    before = sum
    x = Math.sqrt(x)
    y /= 2
    sum -= (1 - x) ** 2 * y
  }
  return sum / 3
}

function merged(left: Sketch, right: Sketch): Sketch {
  if (left.indexBits !== right.indexBits)
    return invalidArgument(
      `Cannot merge HLLs with different number of buckets: ${2 ** left.indexBits} vs ${2 ** right.indexBits}`,
    )
  if (left.kind === 'sparse' && right.kind === 'sparse') {
    const zeros = new Map(left.zeros)
    for (const [prefix, behind] of right.zeros) zeros.set(prefix, Math.max(zeros.get(prefix) ?? 0, behind))
    return { ...left, zeros }
  }
  const [a, b] = [dense(left), dense(right)]
  return { ...a, values: a.values.map((value, index) => Math.max(value, b.values[index] ?? 0)) }
}

/** Sparse as long as that takes fewer bytes. */
function small(sketch: Sketch): Sketch {
  const denseBytes = 2 ** sketch.indexBits / 2 + 5
  return sketch.kind === 'sparse' && 4 + 4 * sketch.zeros.size > denseBytes ? dense(sketch) : sketch
}

function dense(sketch: Sketch): Dense {
  if (sketch.kind === 'dense') return sketch
  const { indexBits, zeros } = sketch
  const rest = PREFIX_BITS - indexBits
  const values = new Uint8Array(2 ** indexBits)
  for (const [prefix, behind] of zeros) {
    const bucket = prefix >>> rest
    const low = prefix & (2 ** rest - 1)
    const leading = low === 0 ? rest + behind : Math.clz32(low) - (32 - rest)
    values[bucket] = Math.max(values[bucket] ?? 0, leading + 1)
  }
  return { kind: 'dense', indexBits, values }
}

function leadingZeros(value: bigint, width: number): number {
  return width - (value === 0n ? 0 : value.toString(2).length)
}

function written(sketch: Sketch): Uint8Array {
  return sketch.kind === 'sparse' ? writtenSparse(sketch) : writtenDense(sketch)
}

/** Tag, bits, number of entries, entries in order of their prefix. */
function writtenSparse({ indexBits, zeros }: Sparse): Uint8Array {
  const bytes = Buffer.alloc(4 + 4 * zeros.size)
  bytes.writeUInt8(SPARSE, 0)
  bytes.writeUInt8(indexBits, 1)
  bytes.writeUInt16LE(zeros.size, 2)
  const entries = [...zeros].sort(([left], [right]) => left - right)
  for (const [index, [prefix, behind]] of entries.entries())
    bytes.writeUInt32LE(prefix * 2 ** VALUE_BITS + behind, 4 + 4 * index)
  return bytes
}

/** Tag, bits, the least value, half a byte above it for each bucket, and those for which that is too little. */
function writtenDense({ indexBits, values }: Dense): Uint8Array {
  const baseline = values.reduce((least, value) => Math.min(least, value), 255)
  const overflows = [...values].flatMap((value, bucket) =>
    value - baseline > DELTA_MAX ? [{ bucket, value: value - baseline - DELTA_MAX }] : [],
  )
  const deltasEnd = 3 + values.length / 2
  const bytes = Buffer.alloc(deltasEnd + 2 + 3 * overflows.length)
  bytes.writeUInt8(DENSE, 0)
  bytes.writeUInt8(indexBits, 1)
  bytes.writeUInt8(baseline, 2)
  for (const [bucket, value] of values.entries()) {
    const at = 3 + (bucket >> 1)
    const delta = Math.min(value - baseline, DELTA_MAX)
    bytes[at] = (bytes[at] ?? 0) | (bucket % 2 === 0 ? delta << 4 : delta)
  }
  bytes.writeUInt16LE(overflows.length, deltasEnd)
  for (const [index, { bucket, value }] of overflows.entries()) {
    bytes.writeUInt16LE(bucket, deltasEnd + 2 + 2 * index)
    bytes.writeUInt8(value, deltasEnd + 2 + 2 * overflows.length + index)
  }
  return bytes
}

function read(bytes: Uint8Array): Sketch {
  try {
    return readChecked(Buffer.from(bytes))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return invalidArgument('Cannot deserialize HyperLogLog')
  }
}

/** Throws RangeError for bytes that are none. */
function readChecked(bytes: Buffer): Sketch {
  const [tag, indexBits] = [bytes.readUInt8(0), bytes.readUInt8(1)]
  if (indexBits < 1 || indexBits > 16) throw new RangeError('index bits')
  if (tag === SPARSE) {
    const count = bytes.readUInt16LE(2)
    if (bytes.length !== 4 + 4 * count) throw new RangeError('entries')
    const zeros = new Map<number, number>()
    for (let index = 0; index < count; index++) {
      const entry = bytes.readUInt32LE(4 + 4 * index)
      zeros.set(entry >>> VALUE_BITS, entry & (2 ** VALUE_BITS - 1))
    }
    return { kind: 'sparse', indexBits, zeros }
  }
  if (tag !== DENSE) throw new RangeError('tag')
  const values = new Uint8Array(2 ** indexBits)
  const baseline = bytes.readUInt8(2)
  for (const bucket of values.keys()) {
    const pair = bytes.readUInt8(3 + (bucket >> 1))
    values[bucket] = baseline + (bucket % 2 === 0 ? pair >> 4 : pair & DELTA_MAX)
  }
  const deltasEnd = 3 + values.length / 2
  const count = bytes.readUInt16LE(deltasEnd)
  if (bytes.length !== deltasEnd + 2 + 3 * count) throw new RangeError('overflows')
  for (let index = 0; index < count; index++) {
    const bucket = bytes.readUInt16LE(deltasEnd + 2 + 2 * index)
    if (bucket >= values.length) throw new RangeError('bucket')
    values[bucket] = (values[bucket] ?? 0) + bytes.readUInt8(deltasEnd + 2 + 2 * count + index)
  }
  return { kind: 'dense', indexBits, values }
}
