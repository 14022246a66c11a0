import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { rootCaller } from '../../../support/callers.ts'
import { elementOf, perTest, s3World } from '../support.ts'

const { call } = perTest(() => s3World({ bucket: 'how.raw' }))

const SSE = 'x-amz-server-side-encryption'
const KEY = Buffer.alloc(32, 7)
const ALGORITHM = { [`${SSE}-customer-algorithm`]: 'AES256' }
const SENT = { [`${SSE}-customer-key`]: KEY.toString('base64') }
const MD5 = { [`${SSE}-customer-key-MD5`]: createHash('md5').update(KEY).digest('base64') }
const SHORT = { [`${SSE}-customer-key`]: KEY.toString('base64').slice(4) }
const of = (headers: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.replace('x-amz-', 'x-amz-copy-source-'), value]),
  )

const incomplete = (what: string) =>
  `Requests specifying Server Side Encryption with Customer provided keys must provide ${what}.`

const HALF_ASKED: readonly (readonly [headers: Record<string, string>, code: string, message: string])[] = [
  [{ [SSE]: 'rot13' }, 'InvalidArgument', 'The encryption method specified is not supported'],
  [SENT, 'InvalidArgument', incomplete('a valid encryption algorithm')],
  [MD5, 'InvalidArgument', incomplete('a valid encryption algorithm')],
  [{ ...SENT, ...MD5 }, 'InvalidArgument', incomplete('a valid encryption algorithm')],
  [ALGORITHM, 'InvalidArgument', incomplete('an appropriate secret key')],
  [{ ...ALGORITHM, ...MD5 }, 'InvalidArgument', incomplete('an appropriate secret key')],
  [{ ...ALGORITHM, ...SENT }, 'InvalidArgument', incomplete('the client calculated MD5 of the secret key')],
  [{ ...ALGORITHM, ...SHORT, ...MD5 }, 'InvalidArgument', 'The secret key was invalid for the specified algorithm.'],
  [
    { ...ALGORITHM, ...SENT, [`${SSE}-customer-key-MD5`]: 'AAAA' },
    'InvalidArgument',
    'The calculated MD5 hash of the key did not match the hash that was provided.',
  ],
  [
    { ...SENT, ...MD5, [`${SSE}-customer-algorithm`]: 'AES128' },
    'InvalidEncryptionAlgorithmError',
    'The Encryption request you specified is not valid. Supported value: AES256.',
  ],
  [
    { ...ALGORITHM, ...SENT, ...MD5, [SSE]: 'AES256' },
    'InvalidArgument',
    'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
  ],
  ...[{}, { [SSE]: 'AES256' }].flatMap((method) =>
    [
      { [`${SSE}-aws-kms-key-id`]: 'alias/mine' },
      { [`${SSE}-context`]: 'e30=' },
      { [`${SSE}-bucket-key-enabled`]: 'true' },
    ].map(
      (header) =>
        [
          Object.fromEntries(Object.entries({ ...method, ...header })),
          'InvalidArgument',
          'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
        ] as const,
    ),
  ),
]

test.each(HALF_ASKED)(
  '%j is refused by put, form and upload, and nothing is stored',
  async (headers, code, message) => {
    const form = formOf({ key: 'e', ...headers })
    const answers = [
      await call('PUT', '/how.raw/e', { body: 'x', headers }),
      await call('POST', '/how.raw/e?uploads', { headers }),
      await call('POST', '/how.raw', form),
    ]
    for (const { status, text } of answers) {
      expect([status, elementOf(text, 'Code'), elementOf(text, 'Message')]).toEqual([400, code, message])
    }
    expect((await call('HEAD', '/how.raw/e')).status).toBe(404)
  },
)

test.each([SENT, MD5, ALGORITHM, { ...SENT, ...MD5 }])('half a key of a source is refused: %j', async (headers) => {
  await call('PUT', '/how.raw/a', { body: 'x' })
  const copying = { 'x-amz-copy-source': '/how.raw/a', ...of(headers) }
  const answer = await call('PUT', '/how.raw/b', { headers: copying })
  expect([answer.status, elementOf(answer.text, 'Code')]).toEqual([400, 'InvalidArgument'])
  expect((await call('HEAD', '/how.raw/b')).status).toBe(404)
})

test('reading and parts take no method of encryption', async () => {
  await call('PUT', '/how.raw/a', { body: 'x' })
  const headers = { [SSE]: 'AES256' }
  const upload = elementOf((await call('POST', '/how.raw/b?uploads', { headers })).text, 'UploadId')
  const read = await call('GET', '/how.raw/a', { headers })
  const part = await call('PUT', `/how.raw/b?partNumber=1&uploadId=${upload}`, { headers, body: 'x' })
  for (const { status, text } of [read, part]) {
    expect([status, elementOf(text, 'Message')]).toEqual([400, `${SSE} header is not supported for this operation.`])
  }
})

test('what is not offered is refused, not ignored', async () => {
  const answer = await call('PUT', '/how.raw/e', { body: 'x', headers: { [SSE]: 'aws:kms:dsse' } })
  expect([answer.status, elementOf(answer.text, 'Code')]).toEqual([501, 'NotImplemented'])
  expect((await call('PUT', '/how.raw/e', { body: 'x', headers: { [SSE]: 'AES256' } })).status).toBe(200)
})

test('a key that others could read on its way is not taken', async () => {
  const headers = { ...ALGORITHM, ...SENT, ...MD5 }
  const from = (sourceIp: string) => call('PUT', '/how.raw/e', { body: 'x', headers, as: rootCaller({ sourceIp }) })
  expect((await from('192.0.2.7')).text).toContain('must be made over a secure connection.')
  expect((await call('HEAD', '/how.raw/e')).status).toBe(404)
  expect((await from('::1')).status).toBe(200)
})

function formOf(fields: Record<string, string>) {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const file = '--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nx\r\n--b--\r\n'
  return { headers: { 'content-type': 'multipart/form-data; boundary=b' }, body: parts.join('') + file }
}
