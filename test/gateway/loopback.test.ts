import { expect, test } from 'vitest'
import { isLoopbackName, isUnsignedFromHere } from '../../src/gateway/loopback.ts'

test.each([
  ['localhost', true],
  ['localhost:4566', true],
  ['127.0.0.1:4566', true],
  ['127.8.9.10', true],
  ['[::1]:4566', true],
  ['LOCALHOST', true],
  [undefined, false],
  ['', false],
  ['lake.example', false],
  ['bucket.localhost', false],
  ['127.0.0.1.evil.example', false],
  ['10.0.0.1', false],
])('the host %s is this machine: %s', (host, expected) => {
  expect(isLoopbackName(host)).toBe(expected)
})

const HERE = { host: 'localhost:4566' }
test.each<[string, Record<string, string>, string, string, boolean]>([
  ['from here', HERE, '', '127.0.0.1', true],
  ['from here over IPv6', { host: '[::1]:4566' }, '', '::1', true],
  ['from here to a socket of both families', HERE, '', '::ffff:127.0.0.1', true],
  ['from elsewhere', HERE, '', '10.0.0.7', false],
  ['by a page whose name was made to mean this machine', { host: 'evil.example' }, '', '127.0.0.1', false],
  ['passed on by a proxy', { ...HERE, 'x-forwarded-for': '10.0.0.7' }, '', '127.0.0.1', false],
  ['passed on by another proxy', { ...HERE, via: '1.1 p' }, '', '127.0.0.1', false],
  ['with a signature, which may be wrong', { ...HERE, authorization: 'AWS4-HMAC-SHA256 x' }, '', '127.0.0.1', false],
  ['with a signature in the query', HERE, 'X-Amz-Signature=0', '127.0.0.1', false],
])('a request %s', (_what, headers, rawQuery, sourceIp, expected) => {
  const head = { method: 'GET', rawPath: '/metrics', rawQuery, headers }
  expect(isUnsignedFromHere(head, sourceIp)).toBe(expected)
})
