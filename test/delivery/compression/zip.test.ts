import { expect, test } from 'vitest'
import { zip, zipTrailer } from '../../../src/delivery/compression/zip.ts'
import { readDirectory, unzip } from './readers.ts'

const NAME = '0b5a0d4e-6d5c-4f0e-9c39-0f6f2f6c1a52'
const GIB = 1024 ** 3

test('an archive has one entry under the name it was given, which any reader of ZIP 2.0 understands', async () => {
  async function* body() {
    yield Buffer.from('{"a":1}')
    yield Buffer.from('{"a":2}')
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of zip(body(), { level: 4, entryName: NAME })) chunks.push(chunk)
  expect(unzip(Buffer.concat(chunks))).toEqual({ name: NAME, version: 20, body: Buffer.from('{"a":1}{"a":2}') })
})

test.each([
  { title: 'just under 4 GiB', compressedBytes: GIB, bytes: 4 * GIB - 2, version: 20, descriptorBytes: 16 },
  { title: 'of 4 GiB', compressedBytes: GIB, bytes: 4 * GIB, version: 45, descriptorBytes: 24 },
  { title: 'of 4 GiB less a byte', compressedBytes: GIB, bytes: 4 * GIB - 1, version: 45, descriptorBytes: 24 },
  { title: 'that stay large', compressedBytes: 5 * GIB, bytes: 9 * GIB, version: 45, descriptorBytes: 24 },
  { title: 'with a directory behind 4 GiB', compressedBytes: 4 * GIB - 9, bytes: 8, version: 20, descriptorBytes: 16 },
])('a directory tells the sizes of bodies $title', ({ compressedBytes, bytes, version, descriptorBytes }) => {
  const name = Buffer.from(NAME)
  const offset = 30 + name.byteLength + compressedBytes
  const trailer = zipTrailer(name, { crc: 0xfedcba98, bytes, compressedBytes })
  expect(readDirectory(trailer, offset)).toEqual({
    at: offset + descriptorBytes,
    name: NAME,
    version,
    crc: 0xfedcba98,
    compressedBytes,
    bytes,
  })
})
