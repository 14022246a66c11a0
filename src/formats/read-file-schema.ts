/**
 * What one file holds: sniffs compression and format, reads a sample, infers columns. Knows bytes, not object stores.
 *
 * Signatures come first (Avro, Parquet and all that is only recognised): no classifier of text can mean such bytes. What
 * is left is unpacked and given to the classifiers of text. A file that none of them explains is `unknown` with the
 * reason: nothing is guessed.
 */

import { avroContainer, BadAvro } from './avro/container.ts'
import { avroSchema } from './avro/schema.ts'
import type { CustomClassifier } from './classifier.ts'
import { CorruptData } from './compression/corrupt-data.ts'
import { UNPACK } from './compression/unpack.ts'
import type { Unpacked } from './compression/unpacked.ts'
import { unzip } from './compression/zip.ts'
import type { FileSchema } from './file-schema.ts'
import { BadParquet, parquetFileSchema } from './parquet/schema.ts'
import { Prefix } from './prefix.ts'
import { type Compression, compressionOf, SIGNATURE_BYTES, type SignedFormat, signedFormatOf } from './signature.ts'
import { SAMPLE_BYTES_MAX } from './text.ts'
import { type ClassifiedText, textSchema } from './text-schema.ts'

/** A file, as bytes that can be read from anywhere. `end` is exclusive. */
export interface ByteSource {
  readonly name: string
  readonly size: number
  read(start: number, end: number): AsyncIterable<Uint8Array>
}

export type FileReading =
  | { readonly kind: 'schema'; readonly schema: FileSchema }
  | { readonly kind: 'unknown'; readonly reason: string }

/**
 * `classifiers`: the crawler's own, in its order; they are asked before the built-in ones. Errors of the source itself
 * pass through; what is wrong with the bytes comes back as a reason.
 */
export async function readFileSchema(
  source: ByteSource,
  classifiers: readonly CustomClassifier[] = [],
): Promise<FileReading> {
  const stored = new Prefix(source.read(0, Math.min(source.size, SAMPLE_BYTES_MAX)))
  try {
    return await classify(source, stored, classifiers)
  } catch (error) {
    const isBadData = error instanceof CorruptData || error instanceof BadParquet || error instanceof BadAvro
    if (isBadData) return { kind: 'unknown', reason: error.message }
    throw error
  } finally {
    await stored.close()
  }
}

async function classify(
  source: ByteSource,
  stored: Prefix,
  classifiers: readonly CustomClassifier[],
): Promise<FileReading> {
  const head = await stored.upTo(SIGNATURE_BYTES)
  const format = signedFormatOf(head)
  if (format === 'parquet') return readParquet(source)
  if (format === 'avro') return readAvro(source, stored)
  if (format !== undefined) return notRead(format)
  const compression = compressionOf(source.name, head)
  if (compression === 'xz') return { kind: 'unknown', reason: 'it is compressed with xz, which is not read' }
  if (compression === 'zip') return readPacked(compression, await unzip(source, SAMPLE_BYTES_MAX), source, classifiers)
  if (compression !== 'none') return readPacked(compression, UNPACK[compression](stored.stream()), source, classifiers)
  return toReading(await textSchema(stored, { isAllThere: isReadable(source), classifiers }), ({ consumed }) => ({
    compression: 'none',
    storedBytes: consumed,
  }))
}

async function readParquet(source: ByteSource): Promise<FileReading> {
  const tail = async (length: number) => Buffer.concat(await collect(source.read(source.size - length, source.size)))
  const { columns, records } = await parquetFileSchema(source.size, tail)
  const schema: FileSchema = {
    classification: 'parquet',
    layout: { kind: 'parquet' },
    compression: 'none',
    columns,
    records,
    storedBytes: source.size,
    notes: [],
    classifier: { name: 'parquet', certainty: 1 },
  }
  return { kind: 'schema', schema }
}

async function readAvro(source: ByteSource, stored: Prefix): Promise<FileReading> {
  const { schemaText, records, blockBytes, isCutShort } = await avroContainer(stored, source.size)
  const { columns, notes } = avroSchema(schemaText)
  const schema: FileSchema = {
    classification: 'avro',
    layout: { kind: 'avro', schemaText },
    compression: 'none',
    columns,
    records,
    storedBytes: blockBytes,
    notes: isCutShort ? [...notes, 'the file is cut short: its last block is not all there'] : notes,
    classifier: { name: 'avro', certainty: 1 },
  }
  return { kind: 'schema', schema }
}

async function readPacked(
  compression: Exclude<Compression, 'none' | 'xz'>,
  unpacked: Unpacked,
  source: ByteSource,
  classifiers: readonly CustomClassifier[],
): Promise<FileReading> {
  const text = new Prefix(unpacked.bytes)
  try {
    const head = await text.upTo(SIGNATURE_BYTES)
    if (head.length === 0 && source.size > 0)
      return { kind: 'unknown', reason: `its ${compression} data ends before anything can be unpacked from it` }
    const inner = signedFormatOf(head) ?? compressionOf('', head)
    if (inner !== 'none') return { kind: 'unknown', reason: `it is ${inner} within ${compression}, which is not read` }
    const found = await textSchema(text, { isAllThere: isReadable(source), classifiers })
    // Where only part of the text was looked at, that part of what was unpacked to get it.
    return toReading(found, ({ consumed }) => ({
      compression,
      storedBytes: Math.round(unpacked.consumed() * Math.min(1, consumed / text.length)),
    }))
  } finally {
    await text.close()
  }
}

/** Whether the whole file lies within the bound of a sample. */
function isReadable(source: ByteSource): boolean {
  return source.size <= SAMPLE_BYTES_MAX
}

function notRead(format: SignedFormat): FileReading {
  return { kind: 'unknown', reason: `it is ${format}, which is not read` }
}

function toReading(
  found: ClassifiedText | { readonly reason: string },
  stored: (schema: ClassifiedText) => Pick<FileSchema, 'compression' | 'storedBytes'>,
): FileReading {
  if ('reason' in found) return { kind: 'unknown', reason: found.reason }
  const { consumed: _, ...schema } = found
  return { kind: 'schema', schema: { ...schema, ...stored(found) } }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return all
}
