/**
 * What must be known of a file before a scan over it can be printed: how JSON keys are spelled in it, which columns a
 * Parquet file has and how long they are. Object versions never change, so a fact holds for ever; the most recently
 * used are kept.
 */

import type { ScanFile } from '../engine.ts'
import type { Conversion } from './child-protocol.ts'

export type FileFacts = JsonFacts | TextFacts | ParquetFacts

/** Delimited text that can be read to its end. */
export interface TextFacts {
  readonly kind: 'csv'
}

export interface JsonFacts {
  readonly kind: 'json'
  /** Every line is one strict JSON object, no key is spelled in two ways, no blank lines. */
  readonly isRegular: boolean
  /** Lower-case path of a key, joined by KEY_PATH_SEPARATOR → the path as spelled in the file. Only for regular files. */
  readonly spelling: ReadonlyMap<string, string>
  /** Known of the first records only: a scan must fail where a later one is not like them. */
  readonly isSampled?: boolean
}

export interface ParquetFacts {
  readonly kind: 'parquet'
  /** In order of the file. */
  readonly columns: readonly ParquetColumn[]
}

export interface ParquetColumn {
  readonly name: string
  /** Equal for columns of the same type, nested fields included. */
  readonly signature: string
  /** Bytes are text only if the file says so. */
  readonly isRawBytes: boolean
  readonly compressedBytes: number
}

export const KEY_PATH_SEPARATOR = '\u0000'

/** A file's facts take a few hundred bytes: this many are a few tens of megabytes at the very most. */
const FACTS_MAX = 100_000

export class FactsCache {
  readonly #facts = new Map<string, FileFacts>()

  get(key: string): FileFacts | undefined {
    const found = this.#facts.get(key)
    if (found === undefined) return undefined
    this.#facts.delete(key)
    this.#facts.set(key, found)
    return found
  }

  set(key: string, facts: FileFacts): void {
    this.#facts.set(key, facts)
    if (this.#facts.size <= FACTS_MAX) return
    for (const oldest of this.#facts.keys()) {
      this.#facts.delete(oldest)
      break
    }
  }
}

export type Compression = 'gzip' | 'zstd' | 'uncompressed'

const COMPRESSIONS: Readonly<Record<string, Compression>> = { gz: 'gzip', zst: 'zstd' }
const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  bz2: 'bzip2',
  snappy: 'snappy',
  lz4: 'lz4',
  deflate: 'deflate',
}
const UNREADABLE = new Set([...Object.keys(CONVERSIONS), 'lzo', 'zip'])

/** How a text file has to be converted before it can be read; undefined: it need not, or cannot. */
export function conversionOf(file: Pick<ScanFile, 'location'>): Conversion | undefined {
  return CONVERSIONS[extensionOf(file)]
}

/** Text files are recognised by their name, as Athena does. 'unreadable': a compression that cannot be read here. */
export function compressionOf(file: Pick<ScanFile, 'location'>): Compression | 'unreadable' {
  const extension = extensionOf(file)
  if (UNREADABLE.has(extension)) return 'unreadable'
  return COMPRESSIONS[extension] ?? 'uncompressed'
}

function extensionOf({ location }: Pick<ScanFile, 'location'>): string {
  return /\.([a-z0-9]+)$/i.exec(location)?.[1]?.toLowerCase() ?? ''
}
