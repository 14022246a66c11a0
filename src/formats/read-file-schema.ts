/**
 * What one file holds: sniffs compression and format, reads a sample, infers columns. Knows bytes, not object stores.
 *
 * Order: signatures first (Parquet and all that is only recognised), then JSON, then CSV, as AWS orders its built-in
 * classifiers. A file that none of them explains is `unknown` with the reason: nothing is guessed.
 */
import { CorruptGzip, gunzip } from './gzip.ts'
import { BadParquet, parquetFileSchema } from './parquet/schema.ts'
import { Prefix } from './prefix.ts'
import { compressionOf, SIGNATURE_BYTES, type SignedFormat, signedFormatOf } from './signature.ts'
import { SAMPLE_BYTES_MAX, type TextSchema, textSchema } from './text-schema.ts'

/** A file, as bytes that can be read from anywhere. `end` is exclusive. */
export interface ByteSource {
  readonly name: string
  readonly size: number
  read(start: number, end: number): AsyncIterable<Uint8Array>
}

export interface FileSchema extends Omit<TextSchema, 'format' | 'consumed'> {
  readonly format: 'json' | 'csv' | 'parquet'
  readonly compression: 'none' | 'gzip'
  /** The bytes that the sampled records take in the file as it is stored, so compressed if it is. */
  readonly storedBytes: number
}

export type FileReading =
  | { readonly kind: 'schema'; readonly schema: FileSchema }
  | { readonly kind: 'unknown'; readonly reason: string }

/** Errors of the source itself pass through; what is wrong with the bytes comes back as a reason. */
export async function readFileSchema(source: ByteSource): Promise<FileReading> {
  const stored = new Prefix(source.read(0, Math.min(source.size, SAMPLE_BYTES_MAX)))
  try {
    return await classify(source, stored)
  } catch (error) {
    if (error instanceof CorruptGzip || error instanceof BadParquet) return { kind: 'unknown', reason: error.message }
    throw error
  } finally {
    await stored.close()
  }
}

async function classify(source: ByteSource, stored: Prefix): Promise<FileReading> {
  const head = await stored.upTo(SIGNATURE_BYTES)
  const format = signedFormatOf(head)
  if (format === 'parquet') return readParquet(source)
  if (format !== undefined) return notRead(format)
  const compression = compressionOf(source.name, head)
  if (compression === 'gzip') return readGzip(source, stored)
  if (compression !== 'none')
    return { kind: 'unknown', reason: `it is compressed with ${compression}, which is not read` }
  return toReading(await textSchema(stored, isReadable(source)), ({ consumed }) => ({
    compression: 'none',
    storedBytes: consumed,
  }))
}

async function readParquet(source: ByteSource): Promise<FileReading> {
  const tail = async (length: number) => Buffer.concat(await collect(source.read(source.size - length, source.size)))
  const { columns, records } = await parquetFileSchema(source.size, tail)
  const schema: FileSchema = {
    format: 'parquet',
    compression: 'none',
    columns,
    records,
    storedBytes: source.size,
    notes: [],
  }
  return { kind: 'schema', schema }
}

async function readGzip(source: ByteSource, stored: Prefix): Promise<FileReading> {
  const unpacked = gunzip(stored.stream())
  const text = new Prefix(unpacked.bytes)
  try {
    const format = signedFormatOf(await text.upTo(SIGNATURE_BYTES))
    if (format !== undefined) return notRead(format)
    const found = await textSchema(text, isReadable(source))
    // Where only part of the text was looked at, that part of what was unpacked to get it.
    return toReading(found, ({ consumed }) => ({
      compression: 'gzip',
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
  found: TextSchema | { reason: string },
  stored: (schema: TextSchema) => Pick<FileSchema, 'compression' | 'storedBytes'>,
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
