import { randomBytes } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { codecs, gzipLevel } from '../../src/delivery/compression.ts'

for (const size of [0, 1, 100_000, 3_000_000]) {
  test(`${size} bytes come back from gzip as they went in, as one member`, async () => {
    const bytes = randomBytes(size)
    const encoded = await collected(codecs.GZIP.encode(inChunks(bytes), 4))
    expect(gunzipSync(encoded).equals(bytes)).toBe(true)
  })
}

test('an unreadable body fails the compressed one: a truncated object is never put', async () => {
  async function* broken() {
    yield Buffer.from('half')
    throw new Error('The journal cannot be read.')
  }
  await expect(collected(codecs.GZIP.encode(broken(), 4))).rejects.toThrow('The journal cannot be read.')
})

test('a reader that leaves early closes the body', async () => {
  let isClosed = false
  async function* endless() {
    try {
      for (;;) yield randomBytes(100_000)
    } finally {
      isClosed = true
    }
  }
  for await (const _ of codecs.GZIP.encode(endless(), 1)) break
  for (let turn = 0; turn < 1_000 && !isClosed; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(isClosed).toBe(true)
})

test('objects say what they are', () => {
  expect(codecs.GZIP.metadata).toEqual({ contentType: 'application/octet-stream', contentEncoding: 'gzip' })
  expect(codecs.UNCOMPRESSED.metadata).toEqual({ contentType: 'application/octet-stream' })
})

const MIB = 1024 * 1024

test.each([
  { load: { bytes: 5 * MIB, ageMs: 300_000, backlogBytes: 5 * MIB }, level: 4 },
  { load: { bytes: 8 * MIB, ageMs: 0, backlogBytes: 8 * MIB }, level: 4 },
  { load: { bytes: 64 * MIB, ageMs: 60_000, backlogBytes: 64 * MIB }, level: 4 },
  { load: { bytes: 64 * MIB, ageMs: 1_000, backlogBytes: 64 * MIB }, level: 1 },
  { load: { bytes: 5 * MIB, ageMs: 300_000, backlogBytes: 1024 * MIB }, level: 1 },
])('compression is lighter while records come fast or delivery is behind: $load', ({ load, level }) => {
  expect(gzipLevel(load)).toBe(level)
})

async function* inChunks(bytes: Buffer) {
  for (let at = 0; at < bytes.byteLength; at += 70_000) yield bytes.subarray(at, at + 70_000)
}

async function collected(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
