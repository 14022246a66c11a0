import { expect, test } from 'vitest'
import { hadoopSnappy, xerialSnappy } from '../../../src/delivery/compression/snappy.ts'

const plain = Buffer.alloc(500_000, 'a record of a stream\n')

/** How many plain bytes each block says it has; the first bytes of a Snappy block are that number. */
function blockSizes(bytes: Buffer, at: number, headBytes: number): number[] {
  const sizes: number[] = []
  for (let head = at; head < bytes.byteLength; ) {
    const length = bytes.readUInt32BE(head + headBytes - 4)
    const block = bytes.subarray(head + headBytes)
    sizes.push(((block[0] as number) & 0x7f) + ((block[1] as number) & 0x7f) * 128 + (block[2] as number) * 16_384)
    head += headBytes + length
  }
  return sizes
}

test('snappy-java finds its magic, version 1, and blocks of 256 KiB', async () => {
  const bytes = await collected(xerialSnappy(body()))
  expect(bytes.toString('latin1', 0, 16)).toBe('\x82SNAPPY\0\0\0\0\x01\0\0\0\x01')
  expect(blockSizes(bytes, 16, 4)).toEqual([262_144, 237_856])
})

test("Hadoop finds blocks that fit its reader's buffers of 256 KiB even if they do not shrink", async () => {
  const bytes = await collected(hadoopSnappy(body()))
  expect(bytes.readUInt32BE(0)).toBe(218_422)
  expect(blockSizes(bytes, 0, 8)).toEqual([218_422, 218_422, 63_156])
})

async function* body() {
  for (let at = 0; at < plain.byteLength; at += 33_000) yield plain.subarray(at, at + 33_000)
}

async function collected(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}
