/**
 * Writes a Parquet file column by column, a row group at a time. Whoever fills the leaves says where rows begin and whether
 * they count:
 *
 *   writer.beginRows()   …append to writer.leaves…   writer.commitRows(n) | writer.dropRows()
 *
 * Memory: open pages (at most OPEN_BYTES_MAX of them together) and the finished, compressed pages of one row group, which
 * are at most `blockBytes` and one page of each column. What `takeBytes` gives is the file so far.
 */
import { ChunkWriter, type FinishedChunk } from './chunk.ts'
import { type ParquetCompression, parquetCodecs } from './compress.ts'
import { Leaf } from './leaf.ts'
import { type LeafSpec, type ParquetSchema, writeSchemaElement } from './schema.ts'
import { ThriftWriter } from './thrift.ts'

export interface ParquetWriterOptions {
  readonly compression: ParquetCompression
  /** A page is finished at the first row that makes it this large. */
  readonly pageBytes: number
  /** So is a row group. */
  readonly blockBytes: number
  readonly usesDictionary: boolean
  readonly version: 'V1' | 'V2'
}

/** Of all columns together: with very many columns pages are smaller than asked for. */
const OPEN_BYTES_MAX = 64 * 1024 * 1024
const MAGIC = Buffer.from('PAR1')
const CREATED_BY = 'lakelet version 0.1.0 (build 1)'

interface RowGroup {
  readonly rows: number
  readonly chunks: readonly (FinishedChunk & { readonly offset: number; readonly spec: LeafSpec })[]
}

export class ParquetFileWriter {
  readonly leaves: readonly Leaf[]
  readonly #schema: ParquetSchema
  readonly #options: ParquetWriterOptions
  readonly #rowGroups: RowGroup[] = []
  #chunks: readonly ChunkWriter[]
  #out: Uint8Array[] = [MAGIC]
  #offset = MAGIC.length
  #rowsOfGroup = 0
  #rows = 0

  constructor(schema: ParquetSchema, options: ParquetWriterOptions) {
    this.#schema = schema
    this.#options = options
    this.leaves = schema.leaves.map((spec) => new Leaf(spec))
    this.#chunks = this.#newChunks()
  }

  get rows(): number {
    return this.#rows
  }

  beginRows(): void {
    for (const leaf of this.leaves) leaf.mark()
  }

  dropRows(): void {
    for (const leaf of this.leaves) leaf.toMark()
  }

  commitRows(count: number): void {
    this.#rows += count
    this.#rowsOfGroup += count
    const { pageBytes } = this.#options
    let openBytes = 0
    let hasPage = false
    for (let index = 0; index < this.leaves.length; index++) {
      const leaf = this.leaves[index] as Leaf
      const bytes = leaf.entries + leaf.valueBytes
      if (bytes >= pageBytes) {
        this.#chunks[index]?.addPage(leaf)
        hasPage = true
      } else openBytes += bytes
    }
    if (openBytes > OPEN_BYTES_MAX) {
      this.#finishPages()
      hasPage = true
    }
    // Only a finished page changes this sum by much.
    if (hasPage && this.#blockBytes() >= this.#options.blockBytes) this.#finishRowGroup()
  }

  /** The file since the last time this was asked. */
  takeBytes(): readonly Uint8Array[] {
    const taken = this.#out
    this.#out = []
    return taken
  }

  /** Ends the file. Nothing may be written after. */
  finish(): void {
    this.#finishRowGroup()
    const footer = this.#footer()
    const length = Buffer.allocUnsafe(4)
    length.writeUInt32LE(footer.length)
    this.#push([footer, length, MAGIC])
  }

  #newChunks(): readonly ChunkWriter[] {
    const { compression, version, usesDictionary } = this.#options
    return this.leaves.map(() => new ChunkWriter({ compression, version, usesDictionary }))
  }

  #blockBytes(): number {
    return this.leaves.reduce((sum, leaf, index) => sum + leaf.bytes + (this.#chunks[index]?.bytes ?? 0), 0)
  }

  #finishPages(): void {
    this.leaves.forEach((leaf, index) => {
      this.#chunks[index]?.addPage(leaf)
    })
  }

  #finishRowGroup(): void {
    if (this.#rowsOfGroup === 0) return
    this.#finishPages()
    const chunks = this.#chunks.map((writer, index) => {
      const chunk = writer.finish()
      const offset = this.#offset
      this.#push(chunk.pages)
      // The pages are on their way: only figures stay.
      return { ...chunk, pages: [], offset, spec: this.#schema.leaves[index] as LeafSpec }
    })
    this.#rowGroups.push({ rows: this.#rowsOfGroup, chunks })
    this.#rowsOfGroup = 0
    this.#chunks = this.#newChunks()
  }

  #push(parts: readonly Uint8Array[]): void {
    for (const part of parts) {
      this.#out.push(part)
      this.#offset += part.length
    }
  }

  #footer(): Buffer {
    const out = new ThriftWriter()
    out.i32(1, this.#options.version === 'V1' ? 1 : 2)
    out.structs(2, this.#schema.elements, (element) => writeSchemaElement(out, element))
    out.i64(3, this.#rows)
    out.structs(4, this.#rowGroups, (group) => this.#rowGroup(out, group))
    out.binary(6, CREATED_BY)
    // Each leaf by the order of its type: without this readers do not trust the bounds.
    out.structs(7, this.#schema.leaves, () => out.struct(1, () => undefined))
    return out.finish()
  }

  #rowGroup(out: ThriftWriter, { rows, chunks }: RowGroup): void {
    out.structs(1, chunks, (chunk) => {
      out.i64(2, chunk.offset)
      out.struct(3, () => this.#chunk(out, chunk))
    })
    out.i64(2, sum(chunks.map(({ uncompressedBytes }) => uncompressedBytes)))
    out.i64(3, rows)
    out.i64(5, chunks[0]?.offset ?? 0)
    out.i64(6, sum(chunks.map(({ bytes }) => bytes)))
  }

  #chunk(out: ThriftWriter, chunk: RowGroup['chunks'][number]): void {
    const { spec, offset, dictionaryBytes, bounds } = chunk
    out.i32(1, spec.physical)
    out.i32s(2, chunk.encodings)
    out.strings(3, spec.path)
    out.i32(4, parquetCodecs[this.#options.compression].id)
    out.i64(5, chunk.entries)
    out.i64(6, chunk.uncompressedBytes)
    out.i64(7, chunk.bytes)
    out.i64(9, offset + dictionaryBytes)
    if (dictionaryBytes > 0) out.i64(11, offset)
    out.struct(12, () => {
      out.i64(3, chunk.nulls)
      if (bounds !== undefined) out.binary(5, bounds.max).binary(6, bounds.min)
    })
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
