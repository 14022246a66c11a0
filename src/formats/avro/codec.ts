/** What Avro's codecs do to a block, undone. Bounded: a block that blows up further than any writer makes one is refused. */
import { crc32, inflateRawSync } from 'node:zlib'
import { uncompressSync } from 'snappy'
import { unbzip2 } from '../compression/bzip2.ts'
import type { WholeUnpacked } from '../compression/unpacked.ts'
import { unzstd } from '../compression/zstd.ts'
import { BadAvro } from './container.ts'

/** Writers end a block after some 64 kB; Hive's after 16 MB. */
export const BLOCK_BYTES_MAX = 256 * 1024 * 1024
const CHECKSUM_BYTES = 4

export type Codec = (block: Buffer) => Buffer | Promise<Buffer>

const CODECS: Readonly<Record<string, Codec>> = {
  null: (block) => block,
  deflate: (block) => inflateRawSync(block, { maxOutputLength: BLOCK_BYTES_MAX }),
  snappy: unsnappy,
  zstandard: (block) => whole(unzstd(once(block))),
  bzip2: (block) => whole(unbzip2(once(block))),
}

/** Throws BadAvro for one that is not known. */
export function codecNamed(name: string): Codec {
  const codec = CODECS[name]
  if (codec === undefined) throw new BadAvro(`the Avro codec ${name} cannot be read`)
  return async (block) => {
    try {
      return await codec(block)
    } catch (error) {
      if (error instanceof BadAvro) throw error
      throw new BadAvro(
        `a block of the Avro file is damaged (${error instanceof Error ? error.message : error})`,
        error,
      )
    }
  }
}

/** Behind the block stands the checksum of what it holds. */
function unsnappy(block: Buffer): Buffer {
  if (block.length < CHECKSUM_BYTES) throw new BadAvro('a block of the Avro file has no checksum')
  const end = block.length - CHECKSUM_BYTES
  const plain = uncompressSync(block.subarray(0, end), { asBuffer: true }) as Buffer
  if (crc32(plain) !== block.readUInt32BE(end))
    throw new BadAvro('the checksum of a block of the Avro file does not fit')
  return plain
}

async function whole(unpacked: WholeUnpacked): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of unpacked.bytes) {
    bytes += piece.length
    if (bytes > BLOCK_BYTES_MAX) throw new BadAvro('a block of the Avro file is too large')
    pieces.push(piece)
  }
  if (!unpacked.isWhole()) throw new BadAvro('a block of the Avro file is cut short')
  return Buffer.concat(pieces)
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
