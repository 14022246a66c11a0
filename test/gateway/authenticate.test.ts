import { expect, test } from 'vitest'
import { type Authenticate, authenticateBy } from '../../src/gateway/authenticate.ts'
import type { RequestHead } from '../../src/wire/sigv4/canonical.ts'
import { KEY, SIGNED_AT, signedHead } from '../support/signing.ts'

const by = (auth: 'verify' | 'open') =>
  authenticateBy({
    auth,
    region: 'us-east-1',
    nowMs: () => SIGNED_AT.getTime(),
    authenticator: {
      credentialOf: (id) => (id === KEY.accessKeyId ? KEY : undefined),
      principalOf: (id) => ({ kind: 'root', arn: `arn of ${id}` }),
    },
  })

const ask = (authenticate: Authenticate, head: RequestHead, service = 's3') =>
  authenticate({
    head,
    service,
    requestId: 'r',
    sourceIp: '127.0.0.1',
    payloadHash: () => head.headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
  }).caller.accessKeyId

const unsigned: RequestHead = { method: 'GET', rawPath: '/', rawQuery: '', headers: { host: 'h' } }
const broken: RequestHead = { ...unsigned, headers: { authorization: 'AWS4-HMAC-SHA256 nonsense' } }

test('a lake that verifies takes a true signature and nothing else', async () => {
  const head = await signedHead({ path: '/b/k' })
  expect(ask(by('verify'), head)).toBe(KEY.accessKeyId)
  for (const wrong of [broken, { ...head, method: 'DELETE' }]) {
    expect(() => ask(by('verify'), wrong)).toThrow('signature')
  }
})

test('a request without any signature is nobody to S3, and refused elsewhere', () => {
  expect(ask(by('verify'), unsigned)).toBe('anonymous')
  expect(() => ask(by('verify'), unsigned, 'glue')).toThrow('missing')
})

test('an open lake believes the key a request names, and takes a request without one', async () => {
  const head = await signedHead({ path: '/b/k' })
  expect(ask(by('open'), { ...head, method: 'DELETE' })).toBe(KEY.accessKeyId)
  expect(ask(by('open'), { ...unsigned, rawQuery: 'AWSAccessKeyId=OLD&Signature=x&Expires=1' })).toBe('OLD')
  expect(ask(by('open'), unsigned)).toBe('anonymous')
  expect(ask(by('open'), broken)).toBe('anonymous')
})
