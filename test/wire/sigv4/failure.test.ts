import { expect, test } from 'vitest'
import {
  jsonSignatureError,
  querySignatureError,
  type SignatureProblem,
  s3SignatureError,
} from '../../../src/wire/sigv4/failure.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 0, 15, 12, minute))

const cases: [SignatureProblem, [string, number], [string, number], [string, number]][] = [
  [
    { kind: 'missing' },
    ['AccessDenied', 403],
    ['MissingAuthenticationTokenException', 400],
    ['MissingAuthenticationToken', 403],
  ],
  [
    { kind: 'unsupported' },
    ['InvalidRequest', 400],
    ['IncompleteSignatureException', 400],
    ['IncompleteSignature', 400],
  ],
  [
    { kind: 'malformedHeader', detail: 'd' },
    ['AuthorizationHeaderMalformed', 400],
    ['IncompleteSignatureException', 400],
    ['IncompleteSignature', 400],
  ],
  [
    { kind: 'malformedQuery', detail: 'd' },
    ['AuthorizationQueryParametersError', 400],
    ['IncompleteSignatureException', 400],
    ['IncompleteSignature', 400],
  ],
  [
    { kind: 'wrongRegion', found: 'a', expected: 'b' },
    ['AuthorizationHeaderMalformed', 400],
    ['InvalidSignatureException', 400],
    ['SignatureDoesNotMatch', 403],
  ],
  [
    { kind: 'unknownKey', accessKeyId: 'A' },
    ['InvalidAccessKeyId', 403],
    ['UnrecognizedClientException', 400],
    ['InvalidClientTokenId', 403],
  ],
  [
    { kind: 'unknownToken' },
    ['InvalidToken', 400],
    ['UnrecognizedClientException', 400],
    ['InvalidClientTokenId', 403],
  ],
  [
    { kind: 'headersNotSigned', names: ['x-amz-acl'] },
    ['AccessDenied', 403],
    ['InvalidSignatureException', 400],
    ['SignatureDoesNotMatch', 403],
  ],
  [
    { kind: 'skewed', requestTime: at(0), serverTime: at(20) },
    ['RequestTimeTooSkewed', 403],
    ['InvalidSignatureException', 400],
    ['SignatureDoesNotMatch', 403],
  ],
  [
    { kind: 'expired', expiresSeconds: 60, expiredAt: at(1), serverTime: at(2) },
    ['AccessDenied', 403],
    ['InvalidSignatureException', 400],
    ['SignatureDoesNotMatch', 403],
  ],
]

test.each(cases)('$kind has its name in every protocol', (problem, s3, json, query) => {
  const named = [s3SignatureError(problem), jsonSignatureError(problem), querySignatureError(problem)]
  expect(named.map(({ code, status }) => [code, status])).toEqual([s3, json, query])
})

test('S3 tells what it computed, when it was, and what it expected', () => {
  const mismatch = {
    kind: 'mismatch',
    accessKeyId: 'A',
    provided: 'p',
    stringToSign: 'ab',
    canonicalRequest: 'c',
  } as const
  expect(s3SignatureError(mismatch).extra).toEqual({
    AWSAccessKeyId: 'A',
    StringToSign: 'ab',
    SignatureProvided: 'p',
    StringToSignBytes: '61 62',
    CanonicalRequest: 'c',
    CanonicalRequestBytes: '63',
  })
  expect(s3SignatureError({ kind: 'skewed', requestTime: at(0), serverTime: at(20) }).extra).toEqual({
    RequestTime: '20260115T120000Z',
    ServerTime: '2026-01-15T12:20:00Z',
    MaxAllowedSkewMilliseconds: 900_000,
  })
  expect(s3SignatureError({ kind: 'wrongRegion', found: 'a', expected: 'b' })).toMatchObject({
    message: "The authorization header is malformed; the region 'a' is wrong; expecting 'b'",
    extra: { Region: 'b' },
  })
})

test('the others say how far the clock is off', () => {
  expect(jsonSignatureError({ kind: 'skewed', requestTime: at(0), serverTime: at(20) }).message).toBe(
    'Signature expired: 20260115T120000Z is now earlier than 20260115T120500Z (20260115T122000Z - 15 min.)',
  )
  expect(jsonSignatureError({ kind: 'skewed', requestTime: at(40), serverTime: at(20) }).message).toBe(
    'Signature not yet current: 20260115T124000Z is still later than 20260115T123500Z (20260115T122000Z + 15 min.)',
  )
})
