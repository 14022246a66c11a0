/** Which decoder reads which compression. */
import type { Compression } from '../signature.ts'
import { unbzip2 } from './bzip2.ts'
import { gunzip } from './gzip.ts'
import { unlz4 } from './lz4.ts'
import { unsnappy } from './snappy.ts'
import type { Unpacked } from './unpacked.ts'
import { unzstd } from './zstd.ts'

type Unpack = (stored: AsyncIterable<Uint8Array>) => Unpacked

/** All that is one stream of bytes. A ZIP archive is read from its end: see zip.ts. */
export const UNPACK: Readonly<Record<Exclude<Compression, 'none' | 'zip' | 'xz'>, Unpack>> = {
  gzip: gunzip,
  bzip2: unbzip2,
  zstd: unzstd,
  snappy: unsnappy,
  lz4: unlz4,
}
