/**
 * Hadoop's framing of blocks, the same for Snappy and LZ4. It has no signature: the name of the file tells.
 *
 *   file = { plain length, { length, block } }          one or more blocks make up the plain length
 *
 * Lengths are 4 bytes, big-endian.
 */
import type { ByteReader } from './byte-reader.ts'
import { corrupt } from './corrupt-data.ts'

/** Hadoop's own writers stay under 256 KiB. */
export const PLAIN_BYTES_MAX = 16 * 1024 * 1024

export interface BlockFormat {
  readonly name: string
  readonly decode: (block: Buffer, lengthMax: number) => Promise<Buffer> | Buffer
}

/** Ends with whether the file came to its proper end. */
export async function* hadoopBlocks(reader: ByteReader, format: BlockFormat): AsyncGenerator<Uint8Array, boolean> {
  for (;;) {
    let missing = await length(reader, format)
    if (missing === undefined) return reader.hasEnded()
    while (missing > 0) {
      const packed = await length(reader, format)
      const block = packed === undefined ? undefined : await reader.take(packed)
      if (block === undefined) return false
      const plain = await format.decode(block, missing)
      if (plain.length === 0) throw corrupt(format.name, 'a block is empty')
      missing -= plain.length
      yield plain
    }
  }
}

/** Whether the first bytes can be such a file: lengths that blocks can have. */
export function looksLikeHadoopBlocks(head: Buffer): boolean {
  if (head.length < 8) return false
  const [plain, packed] = [head.readUInt32BE(0), head.readUInt32BE(4)]
  return plain > 0 && plain <= PLAIN_BYTES_MAX && packed > 0 && packed <= plain + plain / 6 + 32
}

async function length(reader: ByteReader, { name }: BlockFormat): Promise<number | undefined> {
  const bytes = await reader.take(4)
  if (bytes === undefined) return undefined
  const value = bytes.readUInt32BE(0)
  if (value > PLAIN_BYTES_MAX * 2) throw corrupt(name, `a block says that it has ${value} bytes`)
  return value
}
