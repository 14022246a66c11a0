import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChunkParser, type ChunkRules } from '../../../src/wire/sigv4/chunk-parser.ts'
import { SigningKeys } from '../../../src/wire/sigv4/signing-keys.ts'

/** Source: S3 API reference, "Signature calculations … transferring payload in multiple chunks", its two examples. */
const scope = '20130524/us-east-1/s3/aws4_request'
const signingKey = new SigningKeys().keyFor('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', '20130524', 'us-east-1', 's3')
const seed = (signature: string) => ({ signature, signingKey, amzDate: '20130524T000000Z', scope })

const DATA = Buffer.alloc(66_560, 'a')
const first = DATA.subarray(0, 65_536)
const second = DATA.subarray(65_536)

const signedRules: ChunkRules = {
  decodedLength: 66_560,
  trailerNames: undefined,
  seed: seed('4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9'),
}
const signedBody = Buffer.concat([
  Buffer.from('10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n'),
  first,
  Buffer.from('\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n'),
  second,
  Buffer.from('\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n'),
])

const trailerRules: ChunkRules = {
  decodedLength: 66_560,
  trailerNames: ['x-amz-checksum-crc32c'],
  seed: seed('106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e'),
}
const trailerBody = Buffer.concat([
  Buffer.from('10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n'),
  first,
  Buffer.from('\r\n400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n'),
  second,
  Buffer.from('\r\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n'),
  Buffer.from('x-amz-checksum-crc32c:sOO8/Q==\r\n'),
  Buffer.from('x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n'),
])

const unsignedRules: ChunkRules = { decodedLength: 11, trailerNames: ['x-amz-checksum-crc32'], seed: undefined }
const unsignedBody = Buffer.from('5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n')

function parse(rules: ChunkRules, pieces: readonly Buffer[]) {
  const parser = new ChunkParser(rules)
  const payload = Buffer.concat(pieces.flatMap((piece) => parser.push(piece)))
  return { payload, trailers: parser.end() }
}

const modes: [string, ChunkRules, Buffer, Buffer, Record<string, string>][] = [
  ['signed chunks', signedRules, signedBody, DATA, {}],
  ['signed chunks and trailer', trailerRules, trailerBody, DATA, { 'x-amz-checksum-crc32c': 'sOO8/Q==' }],
  [
    'unsigned chunks and trailer',
    unsignedRules,
    unsignedBody,
    Buffer.from('hello world'),
    { 'x-amz-checksum-crc32': 'DUoRhQ==' },
  ],
]

test.each(modes)(
  '%s: the documented body gives its payload, however the network cuts it',
  (_what, rules, body, payload, trailers) => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: body.byteLength }), { maxLength: 6 }), (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), body.byteLength]
        const pieces = edges.slice(1).map((end, index) => body.subarray(edges[index], end))
        const parsed = parse(rules, pieces)
        expect(parsed.payload.equals(payload)).toBe(true)
        expect(parsed.trailers).toEqual(trailers)
      }),
      { numRuns: 30 },
    )
    if (body.byteLength < 200) {
      const bytewise = Array.from(body, (byte) => Buffer.from([byte]))
      expect(parse(rules, bytewise)).toEqual({ payload, trailers })
    }
  },
)

test.each(modes)('%s: one wrong byte anywhere never passes for the payload', (_what, rules, body, payload) => {
  fc.assert(
    fc.property(fc.nat({ max: body.byteLength - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = Buffer.from(body)
      damaged[at] = (damaged[at] as number) ^ change
      let result: Buffer | undefined
      try {
        result = parse(rules, [damaged]).payload
      } catch {
        return
      }
      // Without signatures the bytes themselves are the checksum's to judge; the framing must still be exact.
      if (rules.seed === undefined) expect(result.byteLength).toBe(payload.byteLength)
      else expect(result.equals(payload)).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['cut in a chunk', '5\r\nhel', 'IncompleteBody'],
  ['cut before the last chunk', '5\r\nhello\r\n', 'IncompleteBody'],
  ['shorter than announced', '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:a\r\n\r\n', 'IncompleteBody'],
  ['longer than announced', 'c\r\nhello world!\r\n0\r\n\r\n', 'IncompleteBody'],
  ['a size that is no number', 'x\r\nhello\r\n', 'InvalidRequest'],
  ['a size without end', '0'.repeat(2000), 'InvalidRequest'],
  ['a chunk longer than its size', '4\r\nhello\r\n', 'InvalidRequest'],
  ['no trailer', 'b\r\nhello world\r\n0\r\n\r\n', 'MalformedTrailerError'],
  ['another trailer', 'b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:a\r\nx-other:b\r\n\r\n', 'MalformedTrailerError'],
  [
    'a trailer without end',
    `b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:${'a'.repeat(20_000)}`,
    'MalformedTrailerError',
  ],
])('%s is refused', (_what, body, code) => {
  expect(() => parse(unsignedRules, [Buffer.from(body)])).toThrow(expect.objectContaining({ code }))
})

test('the last line end may be missing, and an empty payload is one', () => {
  const rules = { decodedLength: 0, trailerNames: ['x-amz-checksum-crc32'], seed: undefined }
  expect(parse(rules, [Buffer.from('0\r\nx-amz-checksum-crc32:AAAAAA==')])).toEqual({
    payload: Buffer.alloc(0),
    trailers: { 'x-amz-checksum-crc32': 'AAAAAA==' },
  })
})

test('signed chunks need their signatures', () => {
  const stripped = Buffer.from(signedBody.toString('latin1').replaceAll(/;chunk-signature=\w+/g, ''), 'latin1')
  expect(() => parse(signedRules, [stripped])).toThrow(
    expect.objectContaining({ code: 'SignatureDoesNotMatch', status: 403 }),
  )
})
