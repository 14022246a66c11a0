/** Codecs of pages, by the names that Firehose's ParquetSerDe gives them. Raw snappy, gzip members. */
import { gzipSync } from 'node:zlib'
import { compressSync } from 'snappy'

export type ParquetCompression = 'UNCOMPRESSED' | 'SNAPPY' | 'GZIP'

interface Codec {
  readonly id: number
  /** Into memory of its own. */
  readonly compress: (bytes: Uint8Array) => Uint8Array
}

export const parquetCodecs: Readonly<Record<ParquetCompression, Codec>> = {
  UNCOMPRESSED: { id: 0, compress: (bytes) => new Uint8Array(bytes) },
  SNAPPY: { id: 1, compress: (bytes) => compressSync(bytes) },
  GZIP: { id: 2, compress: (bytes) => gzipSync(bytes) },
}
