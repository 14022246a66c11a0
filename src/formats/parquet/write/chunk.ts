/**
 * One column chunk while its row group grows: finished pages, compressed, behind each other.
 *
 *   page V1 = header  codec( length levels  length levels  values )      repetition levels before definition levels
 *   page V2 = header  levels  levels  codec( values )
 */
import { type ParquetCompression, parquetCodecs } from './compress.ts'
import { Dictionary } from './dictionary.ts'
import { bitsFor, encodeHybrid } from './hybrid.ts'
import type { Leaf } from './leaf.ts'
import { PHYSICAL } from './schema.ts'
import { type Bounds, ChunkBounds } from './statistics.ts'
import { ThriftWriter } from './thrift.ts'

export interface ChunkOptions {
  readonly compression: ParquetCompression
  readonly version: 'V1' | 'V2'
  readonly usesDictionary: boolean
}

export interface FinishedChunk {
  /** The dictionary's page first, if there is one. */
  readonly pages: readonly Uint8Array[]
  readonly dictionaryBytes: number
  readonly bytes: number
  readonly uncompressedBytes: number
  /** Values, nulls and empty lists. */
  readonly entries: number
  readonly nulls: number
  readonly bounds: Bounds | undefined
  readonly encodings: readonly number[]
}

const ENCODING = { plain: 0, plainDictionary: 2, rle: 3, rleDictionary: 8 }
const PAGE = { data: 0, dictionary: 2, dataV2: 3 }

export class ChunkWriter {
  readonly #options: ChunkOptions
  readonly #pages: Uint8Array[] = []
  readonly #encodings = new Set([ENCODING.rle])
  readonly #bounds = new ChunkBounds()
  #dictionary: Dictionary | undefined
  #usesDictionary: boolean
  #bytes = 0
  #uncompressedBytes = 0
  #entries = 0
  #nulls = 0

  constructor(options: ChunkOptions) {
    this.#options = options
    this.#usesDictionary = options.usesDictionary
  }

  /** Bytes of finished pages. */
  get bytes(): number {
    return this.#bytes + (this.#dictionary?.bytes ?? 0)
  }

  /** Makes a page of what the leaf holds, whole rows, and empties it. */
  addPage(leaf: Leaf): void {
    const { entries, spec, definitions, repetitions } = leaf
    if (entries === 0) return
    let nulls = 0
    let rows = 0
    for (let entry = 0; entry < entries; entry++) if (definitions[entry] !== spec.maxDefinition) nulls++
    if (spec.maxRepetition === 0) rows = entries
    else for (let entry = 0; entry < entries; entry++) if (repetitions[entry] === 0) rows++

    this.#bounds.add(leaf)
    const { encoding, values } = this.#values(leaf)
    this.#encodings.add(encoding)
    const levels = {
      repetition: spec.maxRepetition === 0 ? NOTHING : encodeHybrid(repetitions, entries, bitsFor(spec.maxRepetition)),
      definition: spec.maxDefinition === 0 ? NOTHING : encodeHybrid(definitions, entries, bitsFor(spec.maxDefinition)),
    }
    if (this.#options.version === 'V1') this.#pageV1(levels, values, encoding, entries)
    else this.#pageV2(levels, values, encoding, { entries, nulls, rows })
    this.#entries += entries
    this.#nulls += nulls
    leaf.clear()
  }

  finish(): FinishedChunk {
    const dictionaryPages = this.#dictionary === undefined ? [] : this.#dictionaryPage(this.#dictionary)
    const dictionaryBytes = total(dictionaryPages)
    return {
      pages: [...dictionaryPages, ...this.#pages],
      dictionaryBytes,
      bytes: this.#bytes + dictionaryBytes,
      uncompressedBytes: this.#uncompressedBytes,
      entries: this.#entries,
      nulls: this.#nulls,
      bounds: this.#bounds.bounds,
      encodings: [...this.#encodings],
    }
  }

  #values(leaf: Leaf): { encoding: number; values: Uint8Array } {
    if (leaf.spec.physical === PHYSICAL.boolean) return this.#booleans(leaf)
    if (this.#usesDictionary && Dictionary.suits(leaf)) {
      const dictionary = this.#dictionary ?? new Dictionary()
      const indices = dictionary.indices(leaf)
      const encoded = indices && encodeIndices(indices, dictionary.size)
      const isFirst = this.#dictionary === undefined
      // Whether it pays is decided once, by the first page: later ones only find values that are there already.
      if (encoded && !(isFirst && encoded.length + dictionary.bytes >= leaf.valueBytes)) {
        this.#dictionary = dictionary
        return {
          encoding: this.#options.version === 'V1' ? ENCODING.plainDictionary : ENCODING.rleDictionary,
          values: encoded,
        }
      }
      this.#usesDictionary = false
    }
    return { encoding: ENCODING.plain, values: leaf.values.subarray(0, leaf.valueBytes) }
  }

  #booleans({ values, valueBytes }: Leaf): { encoding: number; values: Uint8Array } {
    if (this.#options.version === 'V2')
      return { encoding: ENCODING.rle, values: sized(encodeHybrid(values, valueBytes, 1)) }
    const bits = new Uint8Array(Math.ceil(valueBytes / 8))
    for (let at = 0; at < valueBytes; at++)
      bits[at >> 3] = (bits[at >> 3] as number) | ((values[at] as number) << (at & 7))
    return { encoding: ENCODING.plain, values: bits }
  }

  #pageV1(levels: Levels, values: Uint8Array, encoding: number, entries: number): void {
    const body = joined([
      ...(levels.repetition.length === 0 ? [] : [sized(levels.repetition)]),
      ...(levels.definition.length === 0 ? [] : [sized(levels.definition)]),
      values,
    ])
    const compressed = this.#compress(body)
    const header = new ThriftWriter().i32(1, PAGE.data).i32(2, body.length).i32(3, compressed.length)
    header.struct(5, () => header.i32(1, entries).i32(2, encoding).i32(3, ENCODING.rle).i32(4, ENCODING.rle))
    this.#pages.push(...this.#counted([header.finish(), compressed], body.length - compressed.length))
  }

  #pageV2(
    levels: Levels,
    values: Uint8Array,
    encoding: number,
    { entries, nulls, rows }: { entries: number; nulls: number; rows: number },
  ): void {
    const isCompressed = this.#options.compression !== 'UNCOMPRESSED' && values.length > 0
    const compressed = values.length === 0 ? NOTHING : this.#compress(values)
    const levelBytes = levels.repetition.length + levels.definition.length
    const header = new ThriftWriter()
      .i32(1, PAGE.dataV2)
      .i32(2, levelBytes + values.length)
      .i32(3, levelBytes + compressed.length)
    header.struct(8, () =>
      header
        .i32(1, entries)
        .i32(2, nulls)
        .i32(3, rows)
        .i32(4, encoding)
        .i32(5, levels.definition.length)
        .i32(6, levels.repetition.length)
        .bool(7, isCompressed),
    )
    const parts = [header.finish(), levels.repetition, levels.definition, compressed]
    this.#pages.push(...this.#counted(parts, values.length - compressed.length))
  }

  #dictionaryPage(dictionary: Dictionary): Uint8Array[] {
    const { page, size } = dictionary
    const compressed = this.#compress(page)
    const encoding = this.#options.version === 'V1' ? ENCODING.plainDictionary : ENCODING.plain
    this.#encodings.add(encoding)
    const header = new ThriftWriter().i32(1, PAGE.dictionary).i32(2, page.length).i32(3, compressed.length)
    header.struct(7, () => header.i32(1, size).i32(2, encoding))
    const parts = [header.finish(), compressed]
    this.#uncompressedBytes += total(parts) + page.length - compressed.length
    return parts
  }

  #compress(bytes: Uint8Array): Uint8Array {
    return parquetCodecs[this.#options.compression].compress(bytes)
  }

  #counted(parts: readonly Uint8Array[], savedBytes: number): readonly Uint8Array[] {
    const bytes = total(parts)
    this.#bytes += bytes
    this.#uncompressedBytes += bytes + savedBytes
    return parts
  }
}

interface Levels {
  readonly repetition: Buffer
  readonly definition: Buffer
}

const NOTHING = Buffer.alloc(0)

/** What pages are put together in before they are compressed: memory of their size for each would keep the collector busy. */
let scratch = Buffer.alloc(0)

/** Good until the next call. */
function joined(parts: readonly Uint8Array[]): Buffer {
  const bytes = total(parts)
  if (scratch.length < bytes) scratch = Buffer.allocUnsafeSlow(Math.ceil(bytes * 1.25))
  let at = 0
  for (const part of parts) {
    scratch.set(part, at)
    at += part.length
  }
  return scratch.subarray(0, bytes)
}

function encodeIndices(indices: Uint32Array, dictionarySize: number): Buffer {
  // One bit at least: some readers do not expect indices of none.
  const bitWidth = Math.max(1, bitsFor(dictionarySize - 1))
  return Buffer.concat([Buffer.of(bitWidth), encodeHybrid(indices, indices.length, bitWidth)])
}

/** With its length in front. */
function sized(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length + 4)
  out.writeUInt32LE(bytes.length)
  out.set(bytes, 4)
  return out
}

const total = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0)
