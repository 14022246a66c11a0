import { expect, test } from 'vitest'
import { sha256Hex } from '../../../src/wire/sigv4/canonical.ts'
import { openPayload, type PayloadMode, payloadMode, withoutChunkedEncoding } from '../../../src/wire/sigv4/payload.ts'

const signature = { signature: '', signingKey: Buffer.alloc(32), amzDate: '', scope: '' }

async function* source(...pieces: string[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece)
}

async function read(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

test.each<[Record<string, string>, PayloadMode | string]>([
  [{}, { kind: 'unsigned' }],
  [{ 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, { kind: 'unsigned' }],
  [{ 'x-amz-content-sha256': 'A'.repeat(64) }, { kind: 'signed', sha256: 'a'.repeat(64) }],
  [
    { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'x-amz-decoded-content-length': '7' },
    { kind: 'chunked', signedChunks: true, trailerNames: undefined, decodedLength: 7 },
  ],
  [
    {
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '7',
      'x-amz-trailer': 'X-Amz-Checksum-Crc32',
    },
    { kind: 'chunked', signedChunks: false, trailerNames: ['x-amz-checksum-crc32'], decodedLength: 7 },
  ],
  [{ 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' }, 'MissingContentLength'],
  [{ 'x-amz-content-sha256': 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD' }, 'NotImplemented'],
  [{ 'x-amz-content-sha256': 'nonsense' }, 'InvalidArgument'],
])('%o', (headers, expected) => {
  if (typeof expected === 'string') {
    expect(() => payloadMode({ headers, rawQuery: '' })).toThrow(expect.objectContaining({ code: expected }))
  } else {
    expect(payloadMode({ headers, rawQuery: '' })).toEqual(expected)
  }
})

test('a body with a signed hash ends well only when it is that body', async () => {
  const mode = { kind: 'signed', sha256: sha256Hex(Buffer.from('hello')) } as const
  expect(await read(openPayload(mode, source('hel', 'lo'), signature).body)).toBe('hello')
  await expect(read(openPayload(mode, source('hel', 'l0'), signature).body)).rejects.toMatchObject({
    code: 'XAmzContentSHA256Mismatch',
  })
  expect(await read(openPayload(mode, source('any'), undefined).body)).toBe('any')
})

test('trailers come when the body has ended, and fail with it', async () => {
  const mode = {
    kind: 'chunked',
    signedChunks: false,
    trailerNames: ['x-amz-checksum-crc32'],
    decodedLength: 2,
  } as const
  const whole = openPayload(mode, source('2\r\nhi\r\n0\r\nx-amz-checksum-crc32:abc\r\n\r\n'), undefined)
  expect(await read(whole.body)).toBe('hi')
  expect(await whole.trailers).toEqual({ 'x-amz-checksum-crc32': 'abc' })
  const cut = openPayload(mode, source('2\r\nhi\r\n'), undefined)
  await expect(read(cut.body)).rejects.toMatchObject({ code: 'IncompleteBody' })
  await expect(cut.trailers).rejects.toMatchObject({ code: 'IncompleteBody' })
})

test.each([
  ['aws-chunked', undefined],
  ['aws-chunked,gzip', 'gzip'],
  ['gzip, AWS-Chunked', 'gzip'],
  ['gzip', 'gzip'],
])('Content-Encoding %s is kept as %s', (given, kept) => {
  expect(withoutChunkedEncoding(given)).toBe(kept)
})
