import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codecs, gzipLevel } from '../../src/delivery/compression.ts'
import type { Compression } from '../../src/delivery/destination.ts'
import { readers } from './compression/readers.ts'

const BATCH_ID = '0b5a0d4e-6d5c-4f0e-9c39-0f6f2f6c1a52'
const NAMES = Object.keys(codecs) as Compression[]

describe.each(NAMES)('%s', (name) => {
  const encode = (body: AsyncIterable<Uint8Array>) => codecs[name].encode(body, 4, BATCH_ID)

  test.each([0, 1, 218_421, 218_422, 262_143, 262_144, 262_145, 1_000_000, 3_000_000])(
    '%i bytes without a pattern come back as they went in',
    async (size) => {
      const bytes = randomBytes(size)
      expect(readers[name](await collected(encode(inPieces(bytes, 70_000)))).equals(bytes)).toBe(true)
    },
  )

  test('a body comes back whatever pieces it came in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const encoded = await collected(encode(each(pieces)))
        expect(readers[name](encoded).equals(Buffer.concat(pieces))).toBe(true)
      }),
      { numRuns: 15, examples: [[[Buffer.from([198]), Buffer.from(new ArrayBuffer(0))]]] },
    )
  })

  test('the same batch gives the same bytes at every attempt, however it was cut', async () => {
    const bytes = Buffer.from(JSON.stringify({ event: 'view', page: '/cart' }).repeat(20_000))
    const once = await collected(encode(inPieces(bytes, 70_000)))
    expect((await collected(encode(inPieces(bytes, 300_000)))).equals(once)).toBe(true)
  })

  test('an unreadable body fails the compressed one: a truncated object is never put', async () => {
    async function* broken() {
      yield randomBytes(300_000)
      throw new Error('The journal cannot be read.')
    }
    await expect(collected(encode(broken()))).rejects.toThrow('The journal cannot be read.')
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
    let seen = 0
    for await (const chunk of encode(endless())) {
      seen += chunk.byteLength
      if (seen > 100_000) break
    }
    for (let turn = 0; turn < 1_000 && !isClosed; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(isClosed).toBe(true)
  })
})

test.each([
  { name: 'UNCOMPRESSED', extension: '', contentEncoding: undefined },
  { name: 'GZIP', extension: '.gz', contentEncoding: 'gzip' },
  { name: 'ZIP', extension: '.zip', contentEncoding: 'zip' },
  { name: 'Snappy', extension: '.snappy', contentEncoding: 'snappy-java' },
  { name: 'HADOOP_SNAPPY', extension: '.snappy', contentEncoding: 'hadoop-snappy' },
] as const)('$name objects say what they are', ({ name, extension, contentEncoding }) => {
  expect(codecs[name]).toMatchObject({ extension, metadata: { contentType: 'application/octet-stream' } })
  expect(codecs[name].metadata.contentEncoding).toBe(contentEncoding)
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

/** Runs of one byte and bytes without a pattern, short and longer than a block of any codec. */
const piece = fc
  .record({
    length: fc.oneof(fc.nat(100), fc.nat(300_000)),
    fill: fc.option(fc.nat(255), { nil: undefined }),
  })
  .map(({ length, fill }) => (fill === undefined ? randomBytes(length) : Buffer.alloc(length, fill)))

async function* each(pieces: readonly Buffer[]) {
  yield* pieces
}

async function* inPieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size)
}

async function collected(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
