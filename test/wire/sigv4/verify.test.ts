import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type RequestHead, sha256Hex } from '../../../src/wire/sigv4/canonical.ts'
import { SignatureFailure, type SignatureProblem } from '../../../src/wire/sigv4/failure.ts'
import { claimedSignature } from '../../../src/wire/sigv4/parse.ts'
import { SigningKeys } from '../../../src/wire/sigv4/signing-keys.ts'
import { type Verification, verifySignature } from '../../../src/wire/sigv4/verify.ts'
import { escaped, KEY, presignedHead, SIGNED_AT, signedHead, type ToSign } from '../../support/signing.ts'

const keys = new SigningKeys()
const EMPTY_HASH = sha256Hex(Buffer.alloc(0))

function verify(head: RequestHead, options: Partial<Verification> & { payloadHash?: string } = {}) {
  const { payloadHash, ...verification } = options
  const claimed = claimedSignature(head)
  if (claimed === undefined) throw new SignatureFailure({ kind: 'missing' })
  const presignedHash = claimed.expiresSeconds === undefined ? EMPTY_HASH : 'UNSIGNED-PAYLOAD'
  return verifySignature(claimed, head, payloadHash ?? head.headers['x-amz-content-sha256'] ?? presignedHash, {
    credentialOf: (id) => (id === KEY.accessKeyId ? KEY : undefined),
    keys,
    nowMs: SIGNED_AT.getTime(),
    region: 'us-east-1',
    service: 's3',
    ...verification,
  })
}

function problemOf(action: () => unknown): SignatureProblem['kind'] | 'accepted' {
  try {
    action()
    return 'accepted'
  } catch (error) {
    if (error instanceof SignatureFailure) return error.problem.kind
    throw error
  }
}

/** Source: S3 API reference, "Examples: Signature calculations in AWS Signature Version 4", GET object. */
test('the documented example of a GET with a range verifies', () => {
  const head: RequestHead = {
    method: 'GET',
    rawPath: '/test.txt',
    rawQuery: '',
    headers: {
      host: 'examplebucket.s3.amazonaws.com',
      range: 'bytes=0-9',
      'x-amz-content-sha256': EMPTY_HASH,
      'x-amz-date': '20130524T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    },
  }
  const credentialOf = () => ({ secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' })
  expect(problemOf(() => verify(head, { credentialOf, nowMs: Date.UTC(2013, 4, 24) }))).toBe('accepted')
})

const requests: [string, ToSign][] = [
  ['a plain GET', {}],
  ['a key with everything in it', { path: '/b/a%20b%2Bc%25d/%C3%BC/%21%27%28%29%2A~_-.', method: 'PUT' }],
  ['doubled slashes and dots in a key', { path: '/b//x/../y/./z//' }],
  [
    'parameters out of order, empty, repeated, encoded',
    { query: { b: '', a: ['2', '1'], 'x y': 'ü&=+/', 'list-type': '2' } },
  ],
  ['header values with many blanks', { headers: { 'x-amz-meta-a': '  two   blanks  ' } }],
]

test.each(requests)('S3: %s', async (_what, toSign) => {
  const head = await signedHead(toSign)
  expect(problemOf(() => verify(head))).toBe('accepted')
  const link = await presignedHead(toSign, 60)
  expect(problemOf(() => verify(link))).toBe('accepted')
})

test.each([
  ['firehose', { method: 'POST', body: '{}', headers: { 'x-amz-target': 'Firehose_20150804.ListDeliveryStreams' } }],
  ['glue', { method: 'POST', path: '/a b/../c//d', body: '{"a":1}' }],
  ['sts', { method: 'POST', body: 'Action=GetCallerIdentity&Version=2011-06-15' }],
] as const)('%s: the body is part of what is signed', async (service, toSign) => {
  const head = await signedHead({ ...toSign, service })
  const payloadHash = sha256Hex(Buffer.from(toSign.body))
  expect(problemOf(() => verify(head, { service, payloadHash }))).toBe('accepted')
  expect(problemOf(() => verify(head, { service, payloadHash: EMPTY_HASH }))).toBe('mismatch')
})

test('random paths and parameters verify, however they are spelled', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 12 })
  const property = fc.asyncProperty(
    fc.array(text, { maxLength: 4 }),
    fc.dictionary(text, text, { maxKeys: 4 }),
    async (segments, parameters) => {
      const query = Object.fromEntries(
        Object.entries(parameters).filter(([name]) => name !== '' && name !== '__proto__'),
      )
      const head = await signedHead({ path: `/${segments.map(escaped).join('/')}`, query })
      expect(problemOf(() => verify(head))).toBe('accepted')
    },
  )
  await fc.assert(property, { numRuns: 60 })
})

test('whatever is changed after signing is noticed', async () => {
  const head = await signedHead({ method: 'PUT', path: '/b/key', query: { a: '1' }, headers: { 'x-amz-meta-a': 'v' } })
  const authorization = head.headers['authorization'] ?? ''
  const withHeader = (name: string, value: string) => ({ ...head, headers: { ...head.headers, [name]: value } })
  const changes: [RequestHead, SignatureProblem['kind']][] = [
    [{ ...head, method: 'GET' }, 'mismatch'],
    [{ ...head, rawPath: '/b/kez' }, 'mismatch'],
    [{ ...head, rawQuery: 'a=2' }, 'mismatch'],
    [{ ...head, rawQuery: 'a=1&b=1' }, 'mismatch'],
    [withHeader('x-amz-meta-a', 'w'), 'mismatch'],
    [withHeader('host', 'elsewhere'), 'mismatch'],
    [withHeader('x-amz-acl', 'public-read'), 'headersNotSigned'],
    [withHeader('x-amz-security-token', 'token'), 'unknownToken'],
    [withHeader('authorization', authorization.replace(KEY.accessKeyId, 'AKIDOTHER')), 'unknownKey'],
    [withHeader('authorization', authorization.replace('us-east-1', 'eu-west-1')), 'wrongRegion'],
    [withHeader('authorization', authorization.replace('/s3/', '/glue/')), 'wrongService'],
    [withHeader('authorization', authorization.replace('/20260115/', '/20260114/')), 'malformedHeader'],
    [withHeader('authorization', authorization.replace('Signature=', 'Signatur=')), 'malformedHeader'],
    [withHeader('authorization', authorization.replace('aws4_request', 'aws5_request')), 'malformedHeader'],
    [withHeader('authorization', 'AWS AKIDEXAMPLE:abc='), 'unsupported'],
    [withHeader('authorization', 'Bearer abc'), 'unsupported'],
    [withHeader('x-amz-date', 'yesterday'), 'malformedHeader'],
  ]
  for (const [changed, expected] of changes) expect(problemOf(() => verify(changed))).toBe(expected)
})

test('a signature that is not exactly right is refused, whatever it is', async () => {
  const head = await signedHead({})
  const authorization = head.headers['authorization'] ?? ''
  const right = /Signature=(\w+)/.exec(authorization)?.[1] ?? ''
  const mangled = fc.oneof(
    fc.string({ maxLength: 70 }),
    fc.stringMatching(/^[0-9a-f]{64}$/),
    fc
      .tuple(fc.nat({ max: 63 }), fc.constantFrom(...'0123456789abcdef'))
      .map(([at, digit]) => right.slice(0, at) + digit + right.slice(at + 1)),
    fc.constant(right.toUpperCase()),
  )
  fc.assert(
    fc.property(
      mangled.filter((text) => text !== right),
      (signature) => {
        const changed = {
          ...head,
          headers: { ...head.headers, authorization: authorization.replace(right, () => signature) },
        }
        expect(['mismatch', 'malformedHeader']).toContain(problemOf(() => verify(changed)))
      },
    ),
  )
})

test('the clock may be off by fifteen minutes, either way, and not by more', async () => {
  const head = await signedHead({})
  const quarter = 15 * 60 * 1000
  const at = (offsetMs: number) => problemOf(() => verify(head, { nowMs: SIGNED_AT.getTime() + offsetMs }))
  expect([at(quarter), at(-quarter), at(quarter + 1), at(-quarter - 1)]).toEqual([
    'accepted',
    'accepted',
    'skewed',
    'skewed',
  ])
})

test('a link works until it expires, at most a week', async () => {
  const link = await presignedHead({ path: '/b/k' }, 3600)
  const at = (offsetMs: number) => problemOf(() => verify(link, { nowMs: SIGNED_AT.getTime() + offsetMs }))
  expect([at(3_600_000), at(3_600_001), at(-16 * 60 * 1000)]).toEqual(['accepted', 'expired', 'skewed'])
  const longest = await presignedHead({ path: '/b/k' }, 604_800)
  expect(problemOf(() => verify(longest, { nowMs: SIGNED_AT.getTime() + 604_800_000 }))).toBe('accepted')
  const week = link.rawQuery.replace('X-Amz-Expires=3600', 'X-Amz-Expires=604801')
  expect(problemOf(() => verify({ ...link, rawQuery: week }))).toBe('malformedQuery')
  const nothing = link.rawQuery.replace('X-Amz-Expires=3600', 'X-Amz-Expires=')
  expect(problemOf(() => verify({ ...link, rawQuery: nothing }))).toBe('malformedQuery')
})

test('IAM and STS are signed for us-east-1 wherever the lake is; others for the lake’s region', async () => {
  const head = await signedHead({ service: 'iam', method: 'POST' })
  expect(problemOf(() => verify(head, { service: 'iam', region: 'eu-west-1' }))).toBe('accepted')
  const glue = await signedHead({ service: 'glue', method: 'POST' })
  expect(problemOf(() => verify(glue, { service: 'glue', region: 'eu-west-1' }))).toBe('wrongRegion')
})
