import { expect, test } from 'vitest'
import { allowingHeaders, ruleFor } from '../../../../src/services/s3/cors/rules.ts'

const RULES = [
  {
    id: 'named',
    origins: ['http://example.com', 'https://example.com'],
    methods: ['GET', 'HEAD'],
    requestHeaders: ['X-Amz-Date', 'X-Amz-Content-Sha256'],
    exposedHeaders: ['Content-Type', 'ETag'],
    maxAgeSeconds: 100,
  },
  { id: 'anyone', origins: ['*'], methods: ['HEAD'], requestHeaders: ['x-amz-meta-*'] },
  { id: 'folded', origins: ['http://*.example.org'], methods: ['PUT'], requestHeaders: ['*'] },
]

test.each([
  ['http://example.com', 'GET', [], 'named'],
  ['http://example.com', 'GET', ['x-amz-date', 'X-AMZ-CONTENT-SHA256'], 'named'],
  ['http://example.com', 'GET', ['x-amz-date', 'x-other'], undefined],
  ['http://example.com:81', 'GET', [], undefined],
  ['HTTP://EXAMPLE.COM', 'GET', [], undefined],
  ['http://example.com', 'PUT', [], undefined],
  ['http://elsewhere.net', 'HEAD', [], 'anyone'],
  ['http://example.com', 'HEAD', ['x-amz-meta-a'], 'anyone'],
  ['http://elsewhere.net', 'HEAD', ['x-amz-met'], undefined],
  ['http://a.b.example.org', 'PUT', ['anything', 'at-all'], 'folded'],
  ['http://example.org', 'PUT', [], undefined],
  ['http://.example.org', 'PUT', [], 'folded'],
] as const)('%s asking to %s with %j is let in by %s', (origin, method, requestHeaders, id) => {
  expect(ruleFor(RULES, { origin, method, requestHeaders })?.id).toBe(id)
})

test('an origin named is told by name and may send credentials; any origin is told so', () => {
  const [named, anyone] = RULES
  const ask = { origin: 'http://example.com', method: 'GET', requestHeaders: ['X-Amz-Date'] }
  expect(named && allowingHeaders(named, ask)).toEqual({
    'access-control-allow-origin': 'http://example.com',
    'access-control-allow-methods': 'GET, HEAD',
    'access-control-allow-headers': 'x-amz-date',
    'access-control-expose-headers': 'Content-Type, ETag',
    'access-control-max-age': '100',
    'access-control-allow-credentials': 'true',
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  })
  expect(anyone && allowingHeaders(anyone, { ...ask, method: 'HEAD', requestHeaders: [] })).toEqual({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'HEAD',
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  })
})
