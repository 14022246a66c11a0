import { expect, test } from 'vitest'
import { digestsOf } from '../../../../src/objects/digests.ts'
import { FIELD_BYTES_MAX } from '../../../../src/services/s3/post-form/form.ts'
import { patterned } from '../../../contracts/object-store.ts'
import { rootCaller } from '../../../support/callers.ts'
import { accessWorld, NOBODY, outcomeOf } from '../access/support.ts'
import { elementOf, perTest, s3World } from '../support.ts'

const { world, call } = perTest(() => s3World({ bucket: 'lake' }))

const BOUNDARY = '--a-boundary'
const FILENAME = '$' + '{filename}'

function formOf(
  fields: readonly (readonly [string, string])[],
  file: Uint8Array | string | undefined,
  filename = 'a.txt',
) {
  const parts = fields.map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: text/x-ignored\r\n\r\n`
  const end = `--${BOUNDARY}--\r\n`
  if (file === undefined) return Buffer.from(parts.join('') + end)
  return Buffer.concat([Buffer.from(parts.join('') + head), Buffer.from(file as string), Buffer.from(`\r\n${end}`)])
}

const post = (body: Uint8Array | string, type = `multipart/form-data; boundary=${BOUNDARY}`, target = '/lake') =>
  call('POST', target, { body, headers: { 'content-type': type } })

const policyOf = (conditions: readonly unknown[], expiration = '2026-01-15T13:00:00Z') =>
  Buffer.from(JSON.stringify({ expiration, conditions })).toString('base64')

test('a form puts its file under its key, with its fields as headers', async () => {
  const answer = await post(
    formOf(
      [
        ['key', `up/${FILENAME}`],
        ['Content-Type', 'text/plain'],
        ['x-amz-meta-who', 'Zoë'],
        ['X-Amz-Storage-Class', 'STANDARD_IA'],
        ['tagging', '<Tagging><TagSet><Tag><Key>a</Key><Value>b c+d</Value></Tag></TagSet></Tagging>'],
        ['x-amz-checksum-crc32', digestsOf(Buffer.from('hello'), ['CRC32']).checksums.CRC32 as string],
      ],
      'hello',
      'C:\\Users\\z\\my file.txt',
    ),
  )
  expect(answer.status).toBe(204)
  expect(answer.headers.location).toBe('http://localhost:4566/lake/up/my%20file.txt')
  const got = await call('GET', '/lake/up/my%20file.txt')
  expect([got.text, got.headers.etag, got.headers['content-type']]).toEqual([
    'hello',
    answer.headers.etag,
    'text/plain',
  ])
  expect(Buffer.from(got.headers['x-amz-meta-who'] ?? '', 'latin1').toString()).toBe('Zoë')
  expect(got.headers['x-amz-storage-class']).toBe('STANDARD_IA')
  expect(elementOf((await call('GET', '/lake/up/my%20file.txt?tagging')).text, 'Value')).toBe('b c+d')
})

test('a large file arrives whole, and what stands behind it is ignored', async () => {
  const file = patterned(300_000)
  const body = Buffer.concat([formOf([['key', 'big']], file), Buffer.from('more that nobody asked for')])
  expect((await post(body)).status).toBe(204)
  expect((await call('GET', '/lake/big')).bytes.equals(file)).toBe(true)
  const twice = formOf(
    [['key', 'first']],
    `one\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="key"\r\n\r\nsecond`,
  )
  expect((await post(twice)).status).toBe(204)
  expect((await call('GET', '/lake/first')).text).toBe('one')
})

test.each([
  [[['success_action_status', '200']], 200, ''],
  [[['success_action_status', '201']], 201, '<PostResponse><Location>http://localhost:4566/lake/a</Location>'],
  [[['success_action_status', '404']], 204, ''],
  [[['success_action_redirect', 'not an address']], 204, ''],
] as const)('a form with %j is answered with %i', async (fields, status, text) => {
  const answer = await post(formOf([['key', 'a'], ...fields], 'x'))
  expect(answer.status).toBe(status)
  expect(answer.text).toContain(text)
})

test('a page may be sent on, with what was stored', async () => {
  const answer = await post(
    formOf(
      [
        ['key', 'a b'],
        ['success_action_redirect', 'https://page/done?x=1'],
      ],
      'x',
    ),
  )
  expect(answer.status).toBe(303)
  const etag = encodeURIComponent(answer.headers.etag ?? '')
  expect(answer.headers.location).toBe(`https://page/done?x=1&bucket=lake&key=a+b&etag=${etag}`)
})

const FILE = '0123456789'
test.each([
  [
    [
      ['eq', '$key', 'a'],
      ['content-length-range', 10, 10],
    ],
    204,
    undefined,
  ],
  [
    [
      ['starts-with', '$key', ''],
      ['content-length-range', '0', '9'],
    ],
    400,
    'EntityTooLarge',
  ],
  [
    [
      ['starts-with', '$key', ''],
      ['content-length-range', 11, 99],
    ],
    400,
    'EntityTooSmall',
  ],
  [[{ key: 'b' }], 403, 'AccessDenied'],
] as const)('by a policy of %j the answer is %i %s', async (conditions, status, code) => {
  const policy = policyOf([{ bucket: 'lake' }, ...conditions])
  const answer = await post(
    formOf(
      [
        ['key', 'a'],
        ['policy', policy],
      ],
      FILE,
    ),
  )
  expect([answer.status, elementOf(answer.text, 'Code')]).toEqual([status, code])
  expect((await call('HEAD', '/lake/a')).status).toBe(code === undefined ? 200 : 404)
})

const FIELDS = (bytes: number): [string, string][] => [
  ['key', 'a'],
  ['x-ignore-x', 'x'.repeat(bytes)],
]
const AROUND = 'key'.length + 'a'.length + 'x-ignore-x'.length
const MALFORMED = 'The body of your POST request is not well-formed multipart/form-data.'

test.each([
  [
    'no file',
    formOf([['key', 'a']], undefined),
    'InvalidArgument',
    'POST requires exactly one file upload per request.',
  ],
  ['no key', formOf([], 'x'), 'InvalidArgument', "Bucket POST must contain a field named 'key'."],
  ['an empty key', formOf([['key', '']], 'x'), 'InvalidArgument', "Bucket POST must contain a field named 'key'."],
  ['a body cut in its file', formOf([['key', 'a']], FILE).subarray(0, -20), 'MalformedPOSTRequest', MALFORMED],
  ['a body cut in its fields', formOf([['key', 'a']], undefined).subarray(0, 30), 'MalformedPOSTRequest', MALFORMED],
  ['a body that is no form', 'nonsense', 'MalformedPOSTRequest', MALFORMED],
  ['an empty body', '', 'MalformedPOSTRequest', MALFORMED],
  [
    'too much before the file',
    formOf(FIELDS(FIELD_BYTES_MAX - AROUND), FILE),
    'MaxPostPreDataLengthExceeded',
    'too large',
  ],
  ['a key past 1,024 bytes', formOf([['key', 'ä'.repeat(513)]], FILE), 'KeyTooLongError', 'Your key is too long'],
  [
    'tags that are none',
    formOf(
      [
        ['key', 'a'],
        ['tagging', 'a=b'],
      ],
      FILE,
    ),
    'MalformedXML',
    'The XML you provided',
  ],
  [
    'a wrong checksum',
    formOf(
      [
        ['key', 'a'],
        ['x-amz-checksum-crc32', 'AAAAAA=='],
      ],
      FILE,
    ),
    'BadDigest',
    'The CRC32',
  ],
] as const)('%s is refused, and nothing is stored', async (_, body, code, message) => {
  const answer = await post(body)
  expect([answer.status, elementOf(answer.text, 'Code')]).toEqual([400, code])
  expect(elementOf(answer.text, 'Message')).toContain(message)
  expect((await call('GET', '/lake')).text).not.toContain('<Key>')
})

test('a body that fails tells why, and is not called malformed', async () => {
  const whole = formOf([['key', 'a']], patterned(100_000))
  const request = {
    requestId: 'r',
    method: 'POST',
    host: 'localhost',
    rawPath: '/lake',
    query: [],
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: (async function* () {
      yield whole.subarray(0, 50_000)
      throw new Error('the client is gone')
    })(),
    bodyLength: whole.byteLength,
    trailers: Promise.resolve({}),
    signal: new AbortController().signal,
  }
  const answer = world().service.handle(request, rootCaller(), (_fields, sender) => sender)
  await expect(answer).rejects.toThrow('the client is gone')
  expect((await call('HEAD', '/lake/a')).status).toBe(404)
})

test('what nobody signed is nobody’s: a bucket must let everybody put', async () => {
  const lake = await accessWorld()
  const form = () =>
    lake.call('POST', '/lake', {
      body: formOf([['key', 'a']], FILE),
      headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      as: NOBODY,
    })
  expect(outcomeOf(await form())).toBe('403 AccessDenied')
  await lake.unblock('lake')
  await lake.putPolicy('lake', { Effect: 'Allow', Action: 's3:PutObject' })
  expect(outcomeOf(await form())).toBe('204')
  await lake.close()
})

test('fields up to the bound are taken, as is a key of 1,024 bytes', async () => {
  expect((await post(formOf(FIELDS(FIELD_BYTES_MAX - AROUND - 1), FILE))).status).toBe(204)
  expect((await post(formOf([['key', 'ä'.repeat(512)]], FILE))).status).toBe(204)
})

test('keys are not decoded, and paths in them mean nothing', async () => {
  for (const key of ['../../etc/passwd', 'a%2Fb', '/a//b/', 'a+b', '.']) {
    expect((await post(formOf([['key', key]], FILE))).status).toBe(204)
    expect((await call('GET', `/lake/${encodeURIComponent(key)}`)).text).toBe(FILE)
  }
})

test('a form needs its type and a bucket that is there', async () => {
  const other = await post(formOf([['key', 'a']], FILE), 'application/json')
  expect([other.status, elementOf(other.text, 'Condition')]).toEqual([
    412,
    'Bucket POST must be of the enclosure-type multipart/form-data',
  ])
  const unbounded = await post(formOf([['key', 'a']], FILE), 'multipart/form-data')
  expect(elementOf(unbounded.text, 'Code')).toBe('MalformedPOSTRequest')
  const nowhere = await post(formOf([['key', 'a']], FILE), undefined, '/none')
  expect([nowhere.status, elementOf(nowhere.text, 'Code')]).toEqual([404, 'NoSuchBucket'])
})
