/** What the first bytes of a file, or its name, say of its compression and format. Tables; no guessing beyond them. */

/** Compressions that are recognised. Only `gzip` is also read; the others are named in the reason why a file is skipped. */
export type Compression = 'none' | 'gzip' | 'bzip2' | 'zip' | 'zstd' | 'snappy' | 'lz4' | 'xz'

/** Formats told by a signature. JSON and CSV have none: they are found by reading. */
export type SignedFormat = 'parquet' | 'encrypted parquet' | 'avro' | 'orc' | 'ion' | 'xml' | 'pdf' | 'sqlite'

/** Bytes that `compressionOf` and `signedFormatOf` want to see. */
export const SIGNATURE_BYTES = 32

interface Signature<Found> {
  readonly found: Found
  readonly bytes: readonly number[]
}

const COMPRESSIONS: readonly Signature<Compression>[] = [
  { found: 'gzip', bytes: [0x1f, 0x8b] },
  { found: 'bzip2', bytes: [0x42, 0x5a, 0x68] },
  { found: 'zip', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { found: 'zstd', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { found: 'snappy', bytes: [0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59] },
  { found: 'lz4', bytes: [0x04, 0x22, 0x4d, 0x18] },
  { found: 'xz', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
]

/** Hadoop's readers, and so Athena's, choose the decoder by these endings. */
const ENDINGS: Readonly<Record<string, Compression>> = {
  gz: 'gzip',
  gzip: 'gzip',
  bz2: 'bzip2',
  zip: 'zip',
  zst: 'zstd',
  zstd: 'zstd',
  snappy: 'snappy',
  lz4: 'lz4',
  xz: 'xz',
}

const FORMATS: readonly Signature<SignedFormat>[] = [
  { found: 'parquet', bytes: ascii('PAR1') },
  { found: 'encrypted parquet', bytes: ascii('PARE') },
  { found: 'avro', bytes: [...ascii('Obj'), 0x01] },
  { found: 'orc', bytes: ascii('ORC') },
  { found: 'ion', bytes: [0xe0, 0x01, 0x00, 0xea] },
  { found: 'xml', bytes: ascii('<?xml') },
  { found: 'pdf', bytes: ascii('%PDF-') },
  { found: 'sqlite', bytes: ascii('SQLite format 3') },
]

/** By signature, and where there is none by name: a file called `x.gz` that is not gzip is reported as broken gzip. */
export function compressionOf(name: string, head: Uint8Array): Compression {
  const signed = COMPRESSIONS.find(({ bytes }) => startsWith(head, bytes))
  if (signed !== undefined) return signed.found
  // Parquet written by Spark is called `x.snappy.parquet`, or even `x.gz.parquet`: only the last ending counts.
  return ENDINGS[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'none'
}

export function signedFormatOf(head: Uint8Array): SignedFormat | undefined {
  return FORMATS.find(({ bytes }) => startsWith(head, bytes))?.found
}

function startsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return head.length >= bytes.length && bytes.every((byte, index) => head[index] === byte)
}

function ascii(text: string): number[] {
  return [...Buffer.from(text, 'latin1')]
}
