import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { presignedV2, verifyPresignedV2 } from '../../../src/wire/sigv2/presigned.ts'
import type { RequestHead } from '../../../src/wire/sigv4/canonical.ts'
import { SignatureFailure } from '../../../src/wire/sigv4/failure.ts'

const SECRET = 'secret'
const EXPIRES = 1_700_000_000

function link(text: string, rawPath: string, host: string, extra = ''): RequestHead {
  const signature = encodeURIComponent(createHmac('sha1', SECRET).update(text).digest('base64'))
  return {
    method: 'GET',
    rawPath,
    rawQuery: `${extra}AWSAccessKeyId=A&Signature=${signature}&Expires=${EXPIRES}`,
    headers: { host },
  }
}

function check(head: RequestHead, nowMs = (EXPIRES - 1) * 1000): string {
  const presigned = presignedV2(head.rawQuery)
  if (presigned === undefined) return 'none'
  try {
    verifyPresignedV2(presigned, head, {
      credentialOf: (id) => (id === 'A' ? { secretAccessKey: SECRET } : undefined),
      nowMs,
    })
    return 'accepted'
  } catch (error) {
    if (error instanceof SignatureFailure) return error.problem.kind
    throw error
  }
}

/** Source of the form: S3 developer guide, "Signing and authenticating REST requests", query string alternative. */
const TEXT = `GET\n\n\n${EXPIRES}\n/b/a%20key`

test('a link is good for its object, by path and by host, until it expires', () => {
  expect(check(link(TEXT, '/b/a%20key', 'localhost:4566'))).toBe('accepted')
  expect(check(link(TEXT, '/a%20key', 'b.localhost:4566'))).toBe('accepted')
  expect(check(link(TEXT, '/b/other', 'localhost:4566'))).toBe('mismatch')
  expect(check(link(TEXT, '/a%20key', 'c.localhost:4566'))).toBe('mismatch')
  expect(check(link(TEXT, '/b/a%20key', 'localhost:4566'), (EXPIRES + 1) * 1000)).toBe('expired')
})

test('sub-resources are signed, other parameters are not', () => {
  const text = `GET\n\n\n${EXPIRES}\n/b/k?response-content-type=text/plain&versionId=v`
  expect(check(link(text, '/b/k', 'localhost', 'versionId=v&response-content-type=text%2Fplain&x=y&'))).toBe('accepted')
  expect(check(link(text, '/b/k', 'localhost', 'versionId=w&response-content-type=text%2Fplain&'))).toBe('mismatch')
})

test('a link to a bucket is signed with a slash that its path lacks', () => {
  const text = `GET\n\n\n${EXPIRES}\n/b/`
  expect(check(link(text, '/b', 'localhost:4566', 'list-type=2&'))).toBe('accepted')
  expect(check(link(text, '/', 'b.localhost:4566', 'list-type=2&'))).toBe('accepted')
  expect(check(link(text, '/c', 'localhost:4566', 'list-type=2&'))).toBe('mismatch')
})

test('what is no such link is left alone or refused', () => {
  expect(presignedV2('list-type=2')).toBeUndefined()
  expect(() => presignedV2('AWSAccessKeyId=A')).toThrow(SignatureFailure)
  expect(
    check({ ...link(TEXT, '/b/a%20key', 'localhost'), rawQuery: `AWSAccessKeyId=B&Signature=x&Expires=${EXPIRES}` }),
  ).toBe('unknownKey')
})
