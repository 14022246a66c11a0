import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { compressSync } from 'snappy'
import { expect, test } from 'vitest'
import { CorruptData } from '../../../src/formats/compression/corrupt-data.ts'
import { UNPACK } from '../../../src/formats/compression/unpack.ts'
import type { WholeUnpacked } from '../../../src/formats/compression/unpacked.ts'
import { file, inPieces, lines, lz4Hadoop, lz4Stored, snappyFraming, snappyHadoop, snappyJava } from './streams.ts'

type Name = keyof typeof UNPACK

const STREAMS: readonly [string, Name, Buffer][] = [
  ['gzip', 'gzip', gzipSync(lines)],
  ['bzip2 of several blocks', 'bzip2', file('lines.bz2')],
  ['LZ4 frames', 'lz4', file('lines.lz4')],
  ['LZ4 frames whose blocks refer to each other, with checksums', 'lz4', file('linked.lz4')],
  ['LZ4 in blocks as Hadoop writes them', 'lz4', lz4Hadoop(lines.subarray(0, 70_000))],
  ['zstd', 'zstd', file('lines.zst')],
  ['zstd whose writer asked for a window of 2 GB', 'zstd', file('window.zst')],
  ['Snappy framing', 'snappy', snappyFraming(lines)],
  ['Snappy as snappy-java writes it', 'snappy', snappyJava(lines)],
  ['Snappy in blocks as Hadoop writes them', 'snappy', snappyHadoop(lines)],
  ['one raw Snappy block', 'snappy', compressSync(lines)],
]

async function unpacked(name: Name, stored: Buffer, pieceBytes = 1000): Promise<{ plain: Buffer; consumed: number }> {
  const { bytes, consumed } = UNPACK[name](inPieces(stored, pieceBytes))
  const parts: Uint8Array[] = []
  for await (const part of bytes) parts.push(part)
  return { plain: Buffer.concat(parts), consumed: consumed() }
}

test.each(STREAMS)('%s is unpacked, whatever pieces it comes in', async (_name, name, stored) => {
  for (const pieceBytes of [7, 1000, 1_000_000]) {
    const { plain, consumed } = await unpacked(name, stored, pieceBytes)
    expect(lines.subarray(0, plain.length).equals(plain)).toBe(true)
    expect(plain.length).toBeGreaterThanOrEqual(70_000)
    expect(consumed).toBe(stored.length)
  }
})

test.each(STREAMS)('%s may follow itself in a file', async (_name, name, stored) => {
  if (name === 'snappy' && stored.equals(compressSync(lines))) return
  const { plain } = await unpacked(name, stored)
  const { plain: twice } = await unpacked(name, Buffer.concat([stored, stored]))
  expect(twice.equals(Buffer.concat([plain, plain]))).toBe(true)
})

test.each(STREAMS)('%s that is cut off gives what was there, never something else', async (_name, name, stored) => {
  if (stored.equals(compressSync(lines))) return
  for (const share of [0, 0.001, 0.1, 0.5, 0.9, 0.999]) {
    const { plain } = await unpacked(name, stored.subarray(0, Math.floor(stored.length * share)))
    expect(lines.subarray(0, plain.length).equals(plain)).toBe(true)
  }
})

const TOLD = STREAMS.filter(([, name]) => name !== 'gzip')

test.each(TOLD)('%s says whether it came to its proper end', async (_name, name, stored) => {
  const isWhole = async (bytes: Buffer): Promise<boolean> => {
    const unpacked = UNPACK[name](inPieces(bytes, 1000))
    for await (const _piece of unpacked.bytes);
    return 'isWhole' in unpacked && (unpacked as WholeUnpacked).isWhole()
  }
  expect(await isWhole(stored)).toBe(true)
  // Hadoop's blocks have no end: a cut between two of them cannot be seen.
  for (const share of [0.1, 0.5, 0.9, 0.999])
    expect(
      await isWhole(stored.subarray(0, Math.floor(stored.length * share) + 3)).catch(() => false),
      String(share),
    ).toBe(false)
})

test.each(STREAMS)('%s that is damaged ends in CorruptData or in some bytes, and ends', async (_name, name, stored) => {
  const damage = fc.array(fc.tuple(fc.nat(stored.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(damage, async (changes) => {
      const damaged = Buffer.from(stored)
      for (const [at, byte] of changes) damaged[at] = byte
      await unpackedOrCorrupt(name, damaged)
    }),
    { numRuns: 25 },
  )
})

test.each(Object.keys(UNPACK) as Name[])(
  'arbitrary bytes given for %s end in CorruptData or in some bytes',
  async (name) => {
    const headers = STREAMS.filter(([, of]) => of === name).map(([, , stored]) => stored.subarray(0, 12))
    const bytes = fc.tuple(fc.constantFrom(Buffer.alloc(0), ...headers), fc.uint8Array({ maxLength: 300 }))
    await fc.assert(
      fc.asyncProperty(bytes, async ([head, rest]) => unpackedOrCorrupt(name, Buffer.concat([head, rest]))),
      { numRuns: 200 },
    )
  },
)

async function unpackedOrCorrupt(name: Name, stored: Buffer): Promise<void> {
  try {
    await unpacked(name, stored)
  } catch (error) {
    expect(error).toBeInstanceOf(CorruptData)
  }
}

test.each<[string, Name, Buffer]>([
  ['bzip2', 'bzip2', file('runs.bz2')],
  ['gzip', 'gzip', gzipSync(Buffer.alloc(3_000_000, 'a'))],
])('a %s bomb comes in pieces, and only as many as are asked for', async (_name, name, stored) => {
  const { bytes } = UNPACK[name](inPieces(stored, 1000))
  for await (const piece of bytes) {
    expect(piece.length).toBeLessThanOrEqual(65_536)
    expect(Buffer.from(piece).every((byte) => byte === 0x61)).toBe(true)
    break
  }
})

test('blocks that hold a byte each come gathered into pieces', async () => {
  const { bytes } = UNPACK.lz4(inPieces(lz4Stored(lines, 1), 1000))
  const pieces: Uint8Array[] = []
  for await (const piece of bytes) pieces.push(piece)
  expect(Buffer.concat(pieces).equals(lines)).toBe(true)
  expect(pieces.length).toBeLessThan(10)
})

test('of a bzip2 block that is given out in part, only that part counts as consumed', async () => {
  const stored = file('runs.bz2')
  const { bytes, consumed } = UNPACK.bzip2(inPieces(stored, 1000))
  let plainBytes = 0
  for await (const piece of bytes) {
    plainBytes += piece.length
    if (plainBytes >= 1_500_000) break
  }
  const share = consumed() / stored.length
  expect(share > 0.3 && share < 0.7, `${share} of it`).toBe(true)
})

test('runs of bzip2 are undone to their full length', async () => {
  const { plain } = await unpacked('bzip2', file('runs.bz2'))
  expect(plain.length).toBe(3_000_000)
})

test.each<[string, Name, Buffer, RegExp]>([
  [
    'a raw Snappy block that says it is huge',
    'snappy',
    Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0]),
    /says that it holds/,
  ],
  ['a checksum of Snappy', 'snappy', damagedAt(snappyFraming(lines), 21), /corrupt/],
  ['a checksum of bzip2', 'bzip2', damagedAt(file('lines.bz2'), 11), /checksum does not fit/],
  ['a zstd dictionary', 'zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 0x58, 7, 1, 0, 0]), /needs a dictionary/],
])('%s is said to be wrong', async (_name, name, stored, reason) => {
  await expect(unpacked(name, stored)).rejects.toThrow(reason)
})

function damagedAt(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] as number) ^ 0xff
  return copy
}
