/** What the first bytes of a file, or its name, say of its compression and format. Tables; no guessing beyond them. */

/** As crawlers write them in `compressionType`. All are read but `xz`, which is named in the reason why a file is skipped. */
export type Compression = 'none' | 'gzip' | 'bzip2' | 'zip' | 'zstd' | 'snappy' | 'lz4' | 'xz'

/** Formats told by a signature. JSON, XML, logs and CSV have none: they are found by reading. */
export type SignedFormat = 'parquet' | 'encrypted parquet' | 'avro' | 'orc' | 'ion' | 'bson' | 'pdf' | 'sqlite'

/** Bytes that `compressionOf` and `signedFormatOf` want to see. */
export const SIGNATURE_BYTES = 32

interface Signature<Found> {
  readonly found: Found
  /** The bytes might also begin a text, such as a header `ORCID,name`: then all of the head is text. */
  readonly isWord?: true
  /** undefined: any byte. */
  readonly bytes: readonly (number | undefined)[]
}

const COMPRESSIONS: readonly Signature<Compression>[] = [
  { found: 'gzip', bytes: [0x1f, 0x8b] },
  { found: 'bzip2', bytes: [...ascii('BZh'), undefined, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59] },
  { found: 'bzip2', bytes: [...ascii('BZh'), undefined, 0x17, 0x72, 0x45, 0x38, 0x50, 0x90] },
  { found: 'zip', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { found: 'zip', bytes: [0x50, 0x4b, 0x05, 0x06] },
  { found: 'zstd', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { found: 'snappy', bytes: [0xff, 0x06, 0x00, 0x00, ...ascii('sNaPpY')] },
  { found: 'snappy', bytes: [0x82, ...ascii('SNAPPY'), 0x00] },
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
  { found: 'parquet', bytes: ascii('PAR1'), isWord: true },
  { found: 'encrypted parquet', bytes: ascii('PARE'), isWord: true },
  { found: 'avro', bytes: [...ascii('Obj'), 0x01] },
  { found: 'orc', bytes: ascii('ORC'), isWord: true },
  { found: 'ion', bytes: [0xe0, 0x01, 0x00, 0xea] },
  { found: 'ion', bytes: ascii('$ion_1_0') },
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
  const signed = FORMATS.find(({ bytes, isWord }) => startsWith(head, bytes) && !(isWord && isPlainText(head)))
  return signed?.found ?? (isBson(head) ? 'bson' : undefined)
}

function isPlainText(head: Uint8Array): boolean {
  return head.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d)
}

/** Types of BSON's elements, the common ones. */
const BSON_TYPE_MAX = 0x13

/**
 * BSON has no signature: a document is its length (4 bytes, little-endian), then elements of a type and a name that
 * ends in zero. A zero byte is in no text, so nothing that is text is mistaken for it.
 */
function isBson(head: Uint8Array): boolean {
  const view = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  if (view.length < 8 || view.readUInt32LE(0) < 8 || view.readUInt32LE(0) > 16 * 1024 * 1024) return false
  const type = view[4] as number
  const nameEnd = view.indexOf(0, 5)
  if (type === 0 || type > BSON_TYPE_MAX || nameEnd < 6) return false
  return view.subarray(5, nameEnd).every((byte) => byte >= 0x20 && byte < 0x7f)
}

function startsWith(head: Uint8Array, bytes: readonly (number | undefined)[]): boolean {
  return head.length >= bytes.length && bytes.every((byte, index) => byte === undefined || head[index] === byte)
}

function ascii(text: string): number[] {
  return [...Buffer.from(text, 'latin1')]
}
