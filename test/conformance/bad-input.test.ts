/**
 * Bad input at the wire of a lake that verifies signatures. Each case is a request and AWS's answer to it; after each
 * group the lake is healthy and takes an honest object.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startLake, type TestLake, temporaryDirectory } from '../support/lake.ts'
import { type ChunkSeed, type RawCall, sendRaw } from '../support/raw-client.ts'

const Bucket = 'how.raw'
const MINUTES = 60_000
const NOTIFICATION =
  '<NotificationConfiguration><QueueConfiguration><Queue>arn:aws:sqs:us-east-1:000000000000:q</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration></NotificationConfiguration>'
const EMPTY_SHA256 = createHash('sha256').digest('hex')

const directory = temporaryDirectory()
let lake: TestLake
beforeAll(async () => {
  lake = await startLake(directory.path)
  await lake.s3.send(new CreateBucketCommand({ Bucket }))
  await lake.s3.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'kept' }))
})
afterAll(async () => {
  await lake.stop()
  directory.remove()
})
afterEach(async () => {
  expect((await fetch(`${lake.endpoint}/_lakelet/health`)).status, 'healthy afterwards').toBe(200)
  await lake.s3.send(new PutObjectCommand({ Bucket, Key: 'honest', Body: 'honest' }))
  const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket, Key: 'honest' }))
  expect(await Body?.transformToString()).toBe('honest')
})

/** `expected` is status and code: '403 AccessDenied'. */
async function expectAnswer(call: RawCall, expected: string): Promise<string> {
  const answer = await sendRaw(lake, call)
  expect(`${answer.status} ${answer.code}`, answer.body).toBe(expected)
  return answer.body
}

describe('HTTP that is none', () => {
  test.each([
    ['no HTTP at all', 'HELLO\r\n\r\n', '400'],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', '400'],
    ['two lengths', 'PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', '400'],
    ['a negative length', 'PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', '400'],
    [
      'length and chunks',
      'PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', '400'],
    ['33 KiB of header', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(33 * 1024)}\r\n\r\n`, '431'],
    ['33 KiB of address', `GET /${'a'.repeat(33 * 1024)} HTTP/1.1\r\nHost: x\r\n\r\n`, '431'],
    ['300 headers', `GET / HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(300)}Connection: close\r\n\r\n`, '431'],
  ])('%s', async (_what, text, status) => {
    expect(await saidTo(text)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })

  /** Everything that comes back on a connection until the lake closes it. */
  async function saidTo(text: string): Promise<string> {
    const socket = connect(Number(new URL(lake.endpoint).port), '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(text, 'latin1')
    let answer = ''
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1')
    })
    await once(socket, 'close')
    return answer
  }
})

describe('signatures, in the words of each protocol', () => {
  const list = { target: 'Firehose_20150804.ListDeliveryStreams' }
  const dialects: Record<'s3' | 'firehose' | 'sts', RawCall> = {
    s3: { service: 's3', path: `/${Bucket}/kept` },
    firehose: jsonCall('firehose', list.target, '{}'),
    sts: {
      service: 'sts',
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    },
  }
  const spoiltAuthorization = (authorization: string) => (headers: Readonly<Record<string, string>>) => ({
    ...headers,
    authorization,
  })

  test.each<[string, Partial<RawCall>, string, string, string]>([
    [
      'none',
      { isUnsigned: true },
      '403 AccessDenied',
      '400 MissingAuthenticationTokenException',
      '403 MissingAuthenticationToken',
    ],
    [
      'an unknown key',
      { accessKeyId: 'AKIANOBODY0000000000' },
      '403 InvalidAccessKeyId',
      '400 UnrecognizedClientException',
      '403 InvalidClientTokenId',
    ],
    [
      'a wrong secret',
      { secretAccessKey: 'wrong' },
      '403 SignatureDoesNotMatch',
      '400 InvalidSignatureException',
      '403 SignatureDoesNotMatch',
    ],
    [
      'a date 16 minutes past',
      { signedAt: new Date(Date.now() - 16 * MINUTES) },
      '403 RequestTimeTooSkewed',
      '400 InvalidSignatureException',
      '403 SignatureDoesNotMatch',
    ],
    [
      'a date 16 minutes ahead',
      { signedAt: new Date(Date.now() + 16 * MINUTES) },
      '403 RequestTimeTooSkewed',
      '400 InvalidSignatureException',
      '403 SignatureDoesNotMatch',
    ],
    [
      'a date of last year',
      { signedAt: new Date('2020-01-01T00:00:00Z') },
      '403 RequestTimeTooSkewed',
      '400 InvalidSignatureException',
      '403 SignatureDoesNotMatch',
    ],
    [
      'another region',
      { region: 'mars-north-1' },
      '400 AuthorizationHeaderMalformed',
      '400 InvalidSignatureException',
      '403 SignatureDoesNotMatch',
    ],
    [
      'a header that is no signature',
      { spoilt: spoiltAuthorization('AWS4-HMAC-SHA256 nonsense') },
      '400 AuthorizationHeaderMalformed',
      '400 IncompleteSignatureException',
      '400 IncompleteSignature',
    ],
    [
      'another scheme',
      { spoilt: spoiltAuthorization('Bearer abc') },
      '400 InvalidRequest',
      '400 IncompleteSignatureException',
      '400 IncompleteSignature',
    ],
    [
      'a header changed after signing',
      { headers: { 'x-amz-meta-a': '1' }, spoilt: (headers) => ({ ...headers, 'x-amz-meta-a': '2' }) },
      '403 SignatureDoesNotMatch',
      '400 InvalidSignatureException',
      '403 SignatureDoesNotMatch',
    ],
    [
      'a session token with a key that has none',
      { headers: { 'x-amz-security-token': 'token' } },
      '400 InvalidToken',
      '400 UnrecognizedClientException',
      '403 InvalidClientTokenId',
    ],
  ])('%s', async (_what, spoil, s3, json, query) => {
    const merged = (call: RawCall) => ({ ...call, ...spoil, headers: { ...call.headers, ...spoil.headers } })
    await expectAnswer(merged(dialects.s3), s3)
    await expectAnswer(merged(dialects.firehose), json)
    await expectAnswer(merged(dialects.sts), query)
  })

  test('a body changed after signing', async () => {
    await expectAnswer(
      { method: 'PUT', path: `/${Bucket}/changed`, body: 'signed', sentBody: 'change' },
      '400 XAmzContentSHA256Mismatch',
    )
    await expectAnswer({ ...dialects.firehose, sentBody: '{ }' }, '400 InvalidSignatureException')
    await expectAnswer({ ...dialects.sts, sentBody: 'Action=GetCallerIdentity' }, '403 SignatureDoesNotMatch')
    await expectAbsent('changed')
  })
})

describe('payloads of S3', () => {
  const put = (call: RawCall): RawCall => ({ method: 'PUT', path: `/${Bucket}/refused`, ...call })
  const payload = (hash: string, call: RawCall = {}) =>
    put({ body: 'hello', ...call, headers: { 'x-amz-content-sha256': hash, ...call.headers } })
  const UNSIGNED_TRAILER = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
  const SIGNED_CHUNKS = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
  const framed = (hash: string, body: NonNullable<RawCall['body']>, headers: Record<string, string> = {}) =>
    payload(hash, {
      body,
      headers: { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '5', ...headers },
    })
  const trailer = { 'x-amz-trailer': 'x-amz-checksum-crc32' }

  test.each<[string, RawCall, string]>([
    ['a hash that does not fit', payload('0'.repeat(64)), '400 XAmzContentSHA256Mismatch'],
    ['a hash of nothing for something', payload(EMPTY_SHA256), '400 XAmzContentSHA256Mismatch'],
    ['a hash that is none', payload('nonsense'), '400 InvalidArgument'],
    [
      'signed chunks of another algorithm',
      payload(`${SIGNED_CHUNKS.replace('HMAC', 'ECDSA-P256')}`),
      '501 NotImplemented',
    ],
    ['no length for the chunks', payload(SIGNED_CHUNKS), '411 MissingContentLength'],
    ['a chunk signed with nothing', framed(SIGNED_CHUNKS, '5\r\nhello\r\n0\r\n\r\n'), '403 SignatureDoesNotMatch'],
    [
      'a chunk with a wrong signature',
      framed(SIGNED_CHUNKS, (seed) => Buffer.concat([chunk(seed, 'hello', seed.signature), chunk(seed, '', '')])),
      '403 SignatureDoesNotMatch',
    ],
    [
      'a chunk whose bytes were changed',
      framed(SIGNED_CHUNKS, (seed) => Buffer.from(signedChunks(seed, ['hello']).toString().replace('hello', 'hullo'))),
      '403 SignatureDoesNotMatch',
    ],
    [
      'chunks in another order',
      framed(SIGNED_CHUNKS, (seed) => {
        const [one = '', two = '', end = ''] = signedChunks(seed, ['hel', 'lo'])
          .toString()
          .split(/(?<=(?:hel|lo)\r\n)/)
        return Buffer.from(`${two}${one}${end}`)
      }),
      '403 SignatureDoesNotMatch',
    ],
    [
      'signed chunks that end without the last',
      framed(SIGNED_CHUNKS, (seed) => {
        const text = signedChunks(seed, ['hello']).toString()
        return Buffer.from(text.slice(0, text.indexOf('\r\n0;') + 2))
      }),
      '400 IncompleteBody',
    ],
    ['a chunk that stops short', framed(UNSIGNED_TRAILER, '5\r\nhel', trailer), '400 IncompleteBody'],
    [
      'more than was announced',
      framed(UNSIGNED_TRAILER, 'a\r\nhellohello\r\n0\r\n\r\n', trailer),
      '400 IncompleteBody',
    ],
    ['less than was announced', framed(UNSIGNED_TRAILER, '2\r\nhe\r\n0\r\n\r\n', trailer), '400 IncompleteBody'],
    ['a length that is no number', framed(UNSIGNED_TRAILER, 'zz\r\nhello\r\n0\r\n\r\n', trailer), '400 InvalidRequest'],
    ['an endless length', framed(UNSIGNED_TRAILER, 'f'.repeat(4000), trailer), '400 InvalidRequest'],
    [
      'a trailer nobody announced',
      framed(UNSIGNED_TRAILER, '5\r\nhello\r\n0\r\nx-amz-checksum-sha1:AAAA\r\n\r\n', trailer),
      '400 MalformedTrailerError',
    ],
    [
      'a trailer that does not come',
      framed(UNSIGNED_TRAILER, '5\r\nhello\r\n0\r\n\r\n', trailer),
      '400 MalformedTrailerError',
    ],
    [
      'a trailing checksum that does not fit',
      framed(UNSIGNED_TRAILER, `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${crcOf('other')}\r\n\r\n`, trailer),
      '400 BadDigest',
    ],
    [
      'a trailer with a wrong signature',
      framed(
        `${SIGNED_CHUNKS}-TRAILER`,
        (seed) =>
          Buffer.concat([
            signedChunks(seed, ['hello']).subarray(0, -2),
            Buffer.from(`x-amz-checksum-crc32:${crcOf('hello')}\r\nx-amz-trailer-signature:${'0'.repeat(64)}\r\n\r\n`),
          ]),
        trailer,
      ),
      '403 SignatureDoesNotMatch',
    ],
    ['an MD5 that is none', put({ body: 'hello', headers: { 'content-md5': 'nonsense' } }), '400 InvalidDigest'],
    [
      'an MD5 that does not fit',
      put({ body: 'hello', headers: { 'content-md5': createHash('md5').update('x').digest('base64') } }),
      '400 BadDigest',
    ],
    [
      'a checksum that is none',
      put({ body: 'hello', headers: { 'x-amz-checksum-crc32': 'AA' } }),
      '400 InvalidRequest',
    ],
    [
      'a checksum that does not fit',
      put({ body: 'hello', headers: { 'x-amz-checksum-crc32': crcOf('other') } }),
      '400 BadDigest',
    ],
    [
      'two checksums',
      put({
        body: 'hello',
        headers: {
          'x-amz-checksum-crc32': crcOf('hello'),
          'x-amz-checksum-sha1': createHash('sha1').update('hello').digest('base64'),
        },
      }),
      '400 InvalidRequest',
    ],
    [
      'no length at all',
      put({ body: 'hello', headers: { 'transfer-encoding': 'chunked' } }),
      '411 MissingContentLength',
    ],
    [
      'more than 5 GiB in one put',
      put({
        spoilt: (headers) => ({ ...headers, 'content-length': String(5 * 1024 ** 3 + 1), expect: '100-continue' }),
      }),
      '400 EntityTooLarge',
    ],
    ['3 KiB of metadata', put({ body: 'x', headers: { 'x-amz-meta-a': 'a'.repeat(3000) } }), '400 MetadataTooLarge'],
  ])('%s', async (_what, call, expected) => {
    await expectAnswer(call, expected)
    await expectAbsent('refused')
  })

  test('the same framing, honest, is stored', async () => {
    await expectAnswer(
      framed(SIGNED_CHUNKS, (seed) => signedChunks(seed, ['hel', 'lo'])),
      '200 undefined',
    )
    await expectAnswer(
      framed(UNSIGNED_TRAILER, `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${crcOf('hello')}\r\n\r\n`, trailer),
      '200 undefined',
    )
    await expectAnswer({ method: 'DELETE', path: `/${Bucket}/refused` }, '204 undefined')
  })
})

describe('links', () => {
  const presigned = (query: Record<string, string>): RawCall => ({
    isUnsigned: true,
    path: `/${Bucket}/kept`,
    query: {
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': `${lake.credentials.accessKeyId}/${amzDate().slice(0, 8)}/us-east-1/s3/aws4_request`,
      'X-Amz-Date': amzDate(),
      'X-Amz-Expires': '60',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': '0'.repeat(64),
      ...query,
    },
  })
  const amzDate = (agoMs = 0) => `${new Date(Date.now() - agoMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`

  test.each<[string, () => Record<string, string>, string]>([
    ['a made-up signature', () => ({}), '403 SignatureDoesNotMatch'],
    ['a life of more than a week', () => ({ 'X-Amz-Expires': '604801' }), '400 AuthorizationQueryParametersError'],
    ['a negative life', () => ({ 'X-Amz-Expires': '-1' }), '400 AuthorizationQueryParametersError'],
    ['a life that is no number', () => ({ 'X-Amz-Expires': 'long' }), '400 AuthorizationQueryParametersError'],
    ['a date that is none', () => ({ 'X-Amz-Date': 'yesterday' }), '400 AuthorizationQueryParametersError'],
    ['another algorithm', () => ({ 'X-Amz-Algorithm': 'ROT13' }), '400 AuthorizationQueryParametersError'],
    ['a credential that is none', () => ({ 'X-Amz-Credential': 'me' }), '400 AuthorizationQueryParametersError'],
    ['an end that has come', () => ({ 'X-Amz-Date': amzDate(2 * MINUTES) }), '403 AccessDenied'],
  ])('%s', async (_what, query, expected) => {
    await expectAnswer(presigned(query()), expected)
  })
})

describe('XML', () => {
  const many = (count: number) =>
    `<Delete>${Array.from({ length: count }, (_, index) => `<Object><Key>k${index}</Key></Object>`).join('')}</Delete>`
  const laughs = `<!DOCTYPE l [<!ENTITY a "ha">${Array.from({ length: 20 }, (_, index) => `<!ENTITY a${index} "${`&a${index === 0 ? '' : index - 1};`.repeat(10)}">`).join('')}]><Delete><Object><Key>&a19;</Key></Object></Delete>`
  const external =
    '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]><Delete><Object><Key>&file;</Key></Object></Delete>'

  test.each<[string, string | Buffer]>([
    ['no XML', 'delete everything'],
    ['XML that breaks off', '<Delete><Object><Key>kept'],
    ['another document', '<Tagging/>'],
    ['two documents', '<Delete><Object><Key>kept</Key></Object></Delete><Delete/>'],
    ['JSON', '{"Objects":[{"Key":"kept"}]}'],
    ['no object', '<Delete></Delete>'],
    ['an object without key', '<Delete><Object><VersionId>null</VersionId></Object></Delete>'],
    ['1001 keys', many(1001)],
    ['an entity of its own that grows without end', laughs],
    ['an entity that reads a file', external],
    [
      'a document type from elsewhere',
      '<!DOCTYPE d SYSTEM "http://localhost:1/x.dtd"><Delete><Object><Key>kept</Key></Object></Delete>',
    ],
    ['an undeclared entity', '<Delete><Object><Key>&nbsp;</Key></Object></Delete>'],
    ['depth without end', `${'<Delete>'.repeat(5000)}${'</Delete>'.repeat(5000)}`],
    [
      'bytes that are no UTF-8',
      Buffer.concat([
        Buffer.from('<Delete><Object><Key>a'),
        Buffer.from([0xff, 0xfe]),
        Buffer.from('</Key></Object></Delete>'),
      ]),
    ],
    ['a control character', '<Delete><Object><Key>a\u0001</Key></Object></Delete>'],
  ])('DeleteObjects of %s is MalformedXML and deletes nothing', async (_what, body) => {
    await expectAnswer(
      { method: 'POST', path: `/${Bucket}`, query: { delete: '' }, body, headers: { 'content-md5': md5Of(body) } },
      '400 MalformedXML',
    )
    await lake.s3.send(new GetObjectCommand({ Bucket, Key: 'kept' }))
  })

  test('DeleteObjects without a digest of its body is refused', async () => {
    const body = '<Delete><Object><Key>kept</Key></Object></Delete>'
    await expectAnswer({ method: 'POST', path: `/${Bucket}`, query: { delete: '' }, body }, '400 InvalidRequest')
    await lake.s3.send(new GetObjectCommand({ Bucket, Key: 'kept' }))
  })

  test.each<[string, string, string, string]>([
    [
      'versioning',
      'enabled in lower case',
      '<VersioningConfiguration><Status>enabled</Status></VersioningConfiguration>',
      '400 MalformedXML',
    ],
    ['versioning', 'without a status', '<VersioningConfiguration/>', '400 IllegalVersioningConfigurationException'],
    ['encryption', 'without a rule', '<ServerSideEncryptionConfiguration/>', '400 MalformedXML'],
    [
      'encryption',
      'in two layers',
      '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms:dsse</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>',
      '501 NotImplemented',
    ],
    [
      'publicAccessBlock',
      'with a word for a boolean',
      '<PublicAccessBlockConfiguration><BlockPublicAcls>maybe</BlockPublicAcls></PublicAccessBlockConfiguration>',
      '400 MalformedXML',
    ],
    [
      'tagging',
      'with a tag twice',
      '<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>a</Key><Value>2</Value></Tag></TagSet></Tagging>',
      '400 InvalidTag',
    ],
  ])('%s %s', async (setting, _what, body, expected) => {
    const call = { method: 'PUT', path: `/${Bucket}`, query: { [setting]: '' }, body }
    await expectAnswer({ ...call, headers: { 'content-md5': md5Of(body) } }, expected)
  })

  test('an upload cannot be completed by nonsense', async () => {
    const { UploadId = '' } = await lake.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }))
    const complete = (body: string): RawCall => ({
      method: 'POST',
      path: `/${Bucket}/parts`,
      query: { uploadId: UploadId },
      body,
    })
    const part = (number: number) => `<Part><PartNumber>${number}</PartNumber><ETag>"${'0'.repeat(32)}"</ETag></Part>`
    const whole = (parts: string) => `<CompleteMultipartUpload>${parts}</CompleteMultipartUpload>`
    await expectAnswer(complete(''), '400 MalformedXML')
    await expectAnswer(complete('<x'), '400 MalformedXML')
    await expectAnswer(complete(whole('')), '400 MalformedXML')
    await expectAnswer(complete(whole(part(1))), '400 InvalidPart')
    await expectAnswer(complete(whole(`${part(2)}${part(1)}`)), '400 InvalidPartOrder')
    const none = { ...complete(whole(part(1))), query: { uploadId: 'none' } }
    await expectAnswer(none, '404 NoSuchUpload')
    await expectAbsent('parts')
  })
})

describe('keys and bucket names', () => {
  test.each([
    '..',
    '../../../etc/passwd',
    'a/../../b',
    './a',
    '.',
    'a//b',
    '/leading',
    'trailing/',
    '//',
    'NUL\u0000inside',
    'new\nline',
    '%2e%2e%2f',
    'back\\slash\\..\\x',
    'é'.normalize('NFD'),
    'é'.normalize('NFC'),
    'a'.repeat(1024),
    'é'.repeat(512),
    `${'d/'.repeat(511)}k`,
  ])('key %j is a name like any other: stored, read back, listed, and nowhere outside the store', async (key) => {
    const path = `/${Bucket}/hostile/${escapedPath(key)}`.replace('/hostile/', key.length >= 512 ? '/' : '/hostile/')
    const stored = key.length >= 512 ? key : `hostile/${key}`
    const mark = randomBytes(8).toString('hex')
    await expectAnswer({ method: 'PUT', path, body: mark }, '200 undefined')
    expect((await sendRaw(lake, { path })).body).toBe(mark)
    const { Contents } = await lake.s3.send(new ListObjectsV2Command({ Bucket, Prefix: stored, MaxKeys: 1 }))
    expect(Contents?.[0]?.Key).toBe(stored)
    for (const outside of ['passwd', 'b', 'a', 'etc']) {
      expect(existsSync(join(directory.path, outside))).toBe(false)
      expect(existsSync(join(directory.path, '..', outside, mark))).toBe(false)
    }
  })

  test.each([
    ['1025 bytes', 'a'.repeat(1025), '400 KeyTooLongError'],
    ['1026 bytes in 513 letters', '%C3%A9'.repeat(513), '400 KeyTooLongError'],
    ['an escape that is none', '%zz', '400 InvalidURI'],
    ['bytes that are no UTF-8', '%ff%fe', '400 InvalidURI'],
    ['half a letter', '%C3', '400 InvalidURI'],
  ])('a key of %s is refused', async (_what, key, expected) => {
    await expectAnswer({ method: 'PUT', path: `/${Bucket}/${key}`, body: 'x' }, expected)
  })

  test.each([
    'ab',
    'UPPER',
    'under_score',
    'a..b',
    '-dash',
    'dash-',
    '192.168.0.1',
    'xn--a',
    'a'.repeat(64),
    'a%20b',
    '..',
    'a%00b',
    'x-s3alias',
  ])('bucket name %s is refused', async (name) => {
    await expectAnswer({ method: 'PUT', path: `/${name}` }, '400 InvalidBucketName')
  })
})

describe('what is not offered is refused by name', () => {
  test.each<[string, RawCall, string, string]>([
    [
      'a bucket policy',
      { method: 'PUT', path: `/${Bucket}`, query: { policy: '' }, body: '{}' },
      '400 MalformedPolicy',
      'Missing required field',
    ],
    [
      'a life cycle',
      { method: 'PUT', path: `/${Bucket}`, query: { lifecycle: '' }, body: '<x/>' },
      '400 MalformedXML',
      'not well-formed',
    ],
    [
      'notifications',
      { method: 'PUT', path: `/${Bucket}`, query: { notification: '' }, body: NOTIFICATION },
      '501 NotImplemented',
      'PutBucketNotificationConfiguration',
    ],
    [
      'S3 Select',
      { method: 'POST', path: `/${Bucket}/kept`, query: { select: '', 'select-type': '2' }, body: '<x/>' },
      '501 NotImplemented',
      'SelectObjectContent',
    ],
    [
      'a form upload',
      {
        method: 'POST',
        path: `/${Bucket}`,
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        body: '--x--',
      },
      '400 InvalidArgument',
      'POST requires exactly one file upload per request.',
    ],
    [
      'an encryption in two layers',
      { method: 'PUT', path: `/${Bucket}/no`, headers: { 'x-amz-server-side-encryption': 'aws:kms:dsse' }, body: 'x' },
      '501 NotImplemented',
      'DSSE-KMS',
    ],
    [
      'an encryption nobody knows',
      { method: 'PUT', path: `/${Bucket}/no`, headers: { 'x-amz-server-side-encryption': 'ROT13' }, body: 'x' },
      '400 InvalidArgument',
      'ROT13',
    ],
    [
      'an object lock',
      { method: 'PUT', path: `/${Bucket}/no`, headers: { 'x-amz-object-lock-legal-hold': 'ON' }, body: 'x' },
      '400 InvalidRequest',
      'Bucket is missing Object Lock Configuration',
    ],
    [
      'a grant',
      { method: 'PUT', path: `/${Bucket}/no`, headers: { 'x-amz-grant-read': 'id=1' }, body: 'x' },
      '400 InvalidArgument',
      'Invalid id',
    ],
    [
      'a public object',
      { method: 'PUT', path: `/${Bucket}/no`, headers: { 'x-amz-acl': 'public-read' }, body: 'x' },
      '400 AccessControlListNotSupported',
      '',
    ],
    [
      'a storage class nobody knows',
      { method: 'PUT', path: `/${Bucket}/no`, headers: { 'x-amz-storage-class': 'ATTIC' }, body: 'x' },
      '400 InvalidStorageClass',
      '',
    ],
    [
      'another account’s bucket',
      { path: `/${Bucket}/kept`, headers: { 'x-amz-expected-bucket-owner': '111111111111' } },
      '403 AccessDenied',
      '',
    ],
    ['a method of WebDAV', { method: 'PROPFIND', path: `/${Bucket}/kept` }, '405 MethodNotAllowed', 'PROPFIND'],
    [
      'a service nobody offers',
      jsonCall('dynamodb', 'DynamoDB_20120810.ListTables', '{}'),
      '400 UnknownOperationException',
      'DynamoDB_20120810.ListTables',
    ],
    [
      'an operation of Glue that comes later',
      jsonCall('glue', 'AWSGlue.CreateConnection', '{}'),
      '400 UnknownOperationException',
      'CreateConnection',
    ],
    [
      'an operation of Firehose nobody knows',
      jsonCall('firehose', 'Firehose_20150804.PutEverything', '{}'),
      '400 UnknownOperationException',
      'PutEverything',
    ],
    [
      'a name of JavaScript’s own',
      jsonCall('athena', 'AmazonAthena.constructor', '{}'),
      '400 UnknownOperationException',
      'constructor',
    ],
    [
      'an action of IAM that comes later',
      queryCall('iam', 'Action=CreateGroup&GroupName=g&Version=2010-05-08'),
      '400 InvalidAction',
      'CreateGroup',
    ],
    ['no action', queryCall('iam', 'Version=2010-05-08'), '400 MissingAction', ''],
  ])('%s', async (_what, call, expected, words) => {
    expect(await expectAnswer(call, expected)).toContain(words)
  })

  const s3Destination = (members: string) =>
    `{"DeliveryStreamName":"no","ExtendedS3DestinationConfiguration":{"RoleARN":"arn:aws:iam::000000000000:role/r","BucketARN":"arn:aws:s3:::${Bucket}",${members}}}`
  const crawler = (members: string) =>
    `{"Name":"no","Role":"r","DatabaseName":"d","Targets":{"S3Targets":[{"Path":"s3://${Bucket}/x"}]},${members}}`

  test.each<[string, string, string, string, string]>([
    [
      'firehose',
      'Firehose_20150804.CreateDeliveryStream',
      s3Destination(
        '"BufferingHints":{"SizeInMBs":64,"IntervalInSeconds":60},"DataFormatConversionConfiguration":{"InputFormatConfiguration":{"Deserializer":{"HiveJsonSerDe":{}}},"OutputFormatConfiguration":{"Serializer":{"OrcSerDe":{}}},"SchemaConfiguration":{}}',
      ),
      '400 InvalidArgumentException',
      'DataFormatConversionConfiguration.OutputFormatConfiguration.Serializer.OrcSerDe',
    ],
    [
      'firehose',
      'Firehose_20150804.CreateDeliveryStream',
      s3Destination('"Prefix":"x"').replace('"no"', '"no","DeliveryStreamType":"KinesisStreamAsSource"'),
      '400 InvalidArgumentException',
      'KinesisStreamAsSource',
    ],
    [
      'firehose',
      'Firehose_20150804.CreateDeliveryStream',
      '{"DeliveryStreamName":"no","HttpEndpointDestinationConfiguration":{"EndpointConfiguration":{"Url":"https://x"},"S3Configuration":{"RoleARN":"arn:aws:iam::000000000000:role/r","BucketARN":"arn:aws:s3:::b-b"}}}',
      '400 InvalidArgumentException',
      'HttpEndpointDestinationConfiguration',
    ],
    [
      'glue',
      'AWSGlue.CreateCrawler',
      crawler('"CrawlerSecurityConfiguration":"c"'),
      '400 InvalidInputException',
      'CrawlerSecurityConfiguration',
    ],
    [
      'glue',
      'AWSGlue.CreateCrawler',
      crawler('"RecrawlPolicy":{"RecrawlBehavior":"CRAWL_EVENT_MODE"}'),
      '400 InvalidInputException',
      'CRAWL_EVENT_MODE',
    ],
    [
      'glue',
      'AWSGlue.CreateCrawler',
      '{"Name":"no","Role":"r","DatabaseName":"d","Targets":{"JdbcTargets":[{"Path":"x"}]}}',
      '400 InvalidInputException',
      'JdbcTargets',
    ],
    [
      'glue',
      'AWSGlue.CreateCrawler',
      crawler('"Configuration":"{\\"Version\\":1.0,\\"Unheard\\":1}"'),
      '400 InvalidInputException',
      'Unheard',
    ],
    [
      'athena',
      'AmazonAthena.StartQueryExecution',
      '{"QueryString":"SELECT 1","ResultConfiguration":{"OutputLocation":"s3://x/","EncryptionConfiguration":{"EncryptionOption":"CSE_KMS","KmsKey":"k"}}}',
      '400 InvalidRequestException',
      'KMS',
    ],
    [
      'athena',
      'AmazonAthena.CreateWorkGroup',
      '{"Name":"no","Configuration":{"ManagedQueryResultsConfiguration":{"Enabled":true}}}',
      '400 InvalidRequestException',
      'ManagedQueryResults',
    ],
  ])('%s %s with %s', async (service, target, body, expected, member) => {
    expect(await expectAnswer(jsonCall(service, target, body), expected)).toContain(member)
  })
})

describe('JSON', () => {
  test.each<[string, string | Buffer]>([
    ['half an object', '{'],
    ['an object and more', '{} {}'],
    ['a list', '[]'],
    ['a number', '1'],
    ['a bare word', 'nonsense'],
    ['single quotes', "{'DeliveryStreamName':'x'}"],
    ['a trailing comma', '{"DeliveryStreamName":"x",}'],
    ['depth without end', '['.repeat(100_000)],
    ['depth inside', `{"DeliveryStreamName":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['a number for a name', '{"DeliveryStreamName":1,"Record":{"Data":"eA=="}}'],
    ['a list for a record', '{"DeliveryStreamName":"x","Record":[]}'],
    ['data that is no base64', '{"DeliveryStreamName":"x","Record":{"Data":"***"}}'],
  ])('%s is a SerializationException', async (_what, body) => {
    await expectAnswer(jsonCall('firehose', 'Firehose_20150804.PutRecord', body), '400 SerializationException')
  })

  test.each<[string, string, string, string, string]>([
    ['nothing', 'firehose', 'Firehose_20150804.PutRecord', '', '400 ValidationException'],
    ['no members', 'firehose', 'Firehose_20150804.PutRecord', '{}', '400 ValidationException'],
    [
      'a name that is none',
      'firehose',
      'Firehose_20150804.DescribeDeliveryStream',
      '{"DeliveryStreamName":"../x"}',
      '400 ValidationException',
    ],
    [
      'a name without end',
      'firehose',
      'Firehose_20150804.DescribeDeliveryStream',
      `{"DeliveryStreamName":"${'a'.repeat(65)}"}`,
      '400 ValidationException',
    ],
    [
      'a name of Object’s own',
      'firehose',
      'Firehose_20150804.DescribeDeliveryStream',
      '{"DeliveryStreamName":"__proto__"}',
      '400 ResourceNotFoundException',
    ],
    [
      '501 records',
      'firehose',
      'Firehose_20150804.PutRecordBatch',
      `{"DeliveryStreamName":"x","Records":[${Array(501).fill('{"Data":"eA=="}').join(',')}]}`,
      '400 ValidationException',
    ],
    [
      'a record of 1,024,001 bytes',
      'firehose',
      'Firehose_20150804.PutRecord',
      `{"DeliveryStreamName":"x","Record":{"Data":"${Buffer.alloc(1_024_001).toString('base64')}"}}`,
      '400 ValidationException',
    ],
    ['a database without name', 'glue', 'AWSGlue.CreateDatabase', '{"DatabaseInput":{}}', '400 ValidationException'],
    [
      'a filter that is none',
      'glue',
      'AWSGlue.GetPartitions',
      '{"DatabaseName":"d","TableName":"t","Expression":"((("}',
      '400 EntityNotFoundException',
    ],
    [
      'a query of nothing',
      'athena',
      'AmazonAthena.StartQueryExecution',
      '{"QueryString":""}',
      '400 InvalidRequestException',
    ],
    [
      'a query of 300 KB',
      'athena',
      'AmazonAthena.StartQueryExecution',
      `{"QueryString":"SELECT '${'a'.repeat(300_000)}'","ResultConfiguration":{"OutputLocation":"s3://${Bucket}/"}}`,
      '400 InvalidRequestException',
    ],
    [
      'an output that is no place',
      'athena',
      'AmazonAthena.StartQueryExecution',
      '{"QueryString":"SELECT 1","ResultConfiguration":{"OutputLocation":"ftp://x"}}',
      '400 InvalidRequestException',
    ],
    [
      'a page that is none',
      'athena',
      'AmazonAthena.ListQueryExecutions',
      '{"NextToken":"made up"}',
      '400 InvalidRequestException',
    ],
  ])('%s', async (_what, service, target, body, expected) => {
    await expectAnswer(jsonCall(service, target, body), expected)
  })

  test('another version of the protocol is answered 404', async () => {
    const headers = { 'x-amz-target': 'Firehose_20150804.PutRecord', 'content-type': 'application/x-amz-json-1.0' }
    const answer = await sendRaw(lake, { service: 'firehose', method: 'POST', headers, body: '{}' })
    expect(answer.status).toBe(404)
  })

  test('an oversize body is refused, announced or not', async () => {
    const call = jsonCall('firehose', 'Firehose_20150804.PutRecord', Buffer.alloc(17 * 1024 * 1024, ' '))
    expect((await sendRaw(lake, call)).status).toBe(413)
    const spoilt = (headers: Readonly<Record<string, string>>) => ({ ...headers, 'transfer-encoding': 'chunked' })
    expect((await sendRaw(lake, { ...call, spoilt })).status).toBe(413)
  })

  test('a refusal reaches a client that is still sending, every time', async () => {
    const body = Buffer.alloc(17 * 1024 * 1024)
    for (let time = 0; time < 20; time++) {
      const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
      await expectAnswer({ method: 'PUT', path: '/no-such-bucket/k', headers, body }, '404 NoSuchBucket')
    }
  })

  test('a body that says it is compressed and is not is refused', async () => {
    const call = jsonCall('firehose', 'Firehose_20150804.ListDeliveryStreams', '{}')
    const answer = await sendRaw(lake, { ...call, headers: { ...call.headers, 'content-encoding': 'gzip' } })
    expect(answer.status).toBeLessThan(500)
  })
})

function jsonCall(service: string, target: string, body: string | Buffer): RawCall {
  const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' }
  return { service, method: 'POST', headers, body }
}

function queryCall(service: string, body: string): RawCall {
  return { service, method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body }
}

async function expectAbsent(key: string): Promise<void> {
  expect((await sendRaw(lake, { path: `/${Bucket}/${key}` })).code).toBe('NoSuchKey')
}

const crcOf = (text: string) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(text) >>> 0)
  return bytes.toString('base64')
}

const md5Of = (body: string | Buffer) => createHash('md5').update(body).digest('base64')

const escapedPath = (key: string) => key.split('/').map(escapedSegment).join('/')
const escapedSegment = (text: string) =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)

function chunk(_seed: ChunkSeed, text: string, signature: string): Buffer {
  return Buffer.from(`${text.length.toString(16)};chunk-signature=${signature}\r\n${text}\r\n`)
}

/** Source: S3 API reference, "Signature calculations: transferring payload in multiple chunks". */
function signedChunks(seed: ChunkSeed, texts: readonly string[]): Buffer {
  let previous = seed.signature
  return Buffer.concat(
    [...texts, ''].map((text) => {
      const digest = createHash('sha256').update(text).digest('hex')
      const toSign = `AWS4-HMAC-SHA256-PAYLOAD\n${seed.amzDate}\n${seed.scope}\n${previous}\n${EMPTY_SHA256}\n${digest}`
      previous = createHmac('sha256', seed.key).update(toSign).digest('hex')
      return chunk(seed, text, previous)
    }),
  )
}
