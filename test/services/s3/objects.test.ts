import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { patterned } from '../../contracts/object-store.ts'
import { elementOf, elementsOf, perTest, s3World } from './support.ts'

const { call } = perTest(() => s3World({ bucket: 'how.raw' }))

const md5 = (text: string) => createHash('md5').update(text).digest('base64')

test('an object comes back with its bytes, its headers and the truth about its encryption', async () => {
  const put = await call('PUT', '/how.raw/events/a%20b.json', {
    body: '{"a":1}',
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-amz-meta-origin': 'till' },
  })
  expect(put).toMatchObject({
    status: 200,
    headers: {
      etag: `"${createHash('md5').update('{"a":1}').digest('hex')}"`,
      'x-amz-server-side-encryption': 'AES256',
      'x-amz-checksum-type': 'FULL_OBJECT',
    },
  })
  expect(put.headers['x-amz-version-id']).toBeUndefined()

  const got = await call('GET', '/how.raw/events/a%20b.json', { headers: { 'x-amz-checksum-mode': 'ENABLED' } })
  expect(got).toMatchObject({
    status: 200,
    text: '{"a":1}',
    headers: {
      'content-type': 'application/json',
      'content-length': '7',
      'cache-control': 'no-store',
      'x-amz-meta-origin': 'till',
      'accept-ranges': 'bytes',
      'last-modified': 'Thu, 15 Jan 2026 12:00:00 GMT',
      'x-amz-server-side-encryption': 'AES256',
      'x-amz-checksum-crc64nvme': put.headers['x-amz-checksum-crc64nvme'],
    },
  })
  const head = await call('HEAD', '/how.raw/events/a%20b.json')
  expect(head.headers).toMatchObject({ 'content-length': '7', etag: put.headers.etag })
  expect(head.headers['x-amz-checksum-crc64nvme']).toBeUndefined()
})

test('the bucket may be in the host name or in the path', async () => {
  await call('PUT', '/a/b', { host: 'how.raw.localhost:4566', body: 'x' })
  const hosts = ['how.raw.s3.localhost', 'how.raw.s3.us-east-1.amazonaws.com', 'how.raw.s3.us-east-1.localhost:4566']
  for (const host of hosts) expect((await call('GET', '/a/b', { host })).text).toBe('x')
  for (const host of ['localhost:4566', '127.0.0.1:4566', 's3.localhost', 'lakelet', 's3.us-east-1.amazonaws.com']) {
    expect((await call('GET', '/how.raw/a/b', { host })).text).toBe('x')
  }
})

const RANGES = [
  ['bytes=0-8', 206, '012345678', 'bytes 0-8/20'],
  ['bytes=-2', 206, '89', 'bytes 18-19/20'],
  ['bytes=15-', 206, '56789', 'bytes 15-19/20'],
  ['bytes=15-99', 206, '56789', 'bytes 15-19/20'],
  ['bytes=1-0', 200, '01234567890123456789', undefined],
  ['bytes=-1-', 200, '01234567890123456789', undefined],
  ['bytes=0-1,3-4', 200, '01234567890123456789', undefined],
] as const

test.each(RANGES)('a GET of %s answers %i', async (range, status, text, contentRange) => {
  await call('PUT', '/how.raw/n', { body: '01234567890123456789' })
  const got = await call('GET', '/how.raw/n', { headers: { range } })
  expect(got).toMatchObject({ status, text })
  expect(got.headers['content-range']).toBe(contentRange)
})

test('a range behind the end is refused with the size', async () => {
  await call('PUT', '/how.raw/n', { body: '0123' })
  const got = await call('GET', '/how.raw/n', { headers: { range: 'bytes=4-' } })
  expect(got.status).toBe(416)
  expect(elementOf(got.text, 'Code')).toBe('InvalidRange')
  expect(elementOf(got.text, 'ActualObjectSize')).toBe('4')
})

test('read conditions follow RFC 9110', async () => {
  const { headers } = await call('PUT', '/how.raw/c', { body: 'x' })
  const etag = headers.etag as string
  const before = 'Thu, 15 Jan 2026 11:59:59 GMT'
  const at = 'Thu, 15 Jan 2026 12:00:00 GMT'
  const cases: [Record<string, string>, number][] = [
    [{ 'if-match': etag }, 200],
    [{ 'if-match': etag.slice(1, -1) }, 200],
    [{ 'if-match': '"other"' }, 412],
    [{ 'if-none-match': etag }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-modified-since': at }, 304],
    [{ 'if-modified-since': before }, 200],
    [{ 'if-unmodified-since': before }, 412],
    [{ 'if-match': etag, 'if-unmodified-since': before }, 200],
    [{ 'if-none-match': '"other"', 'if-modified-since': at }, 200],
  ]
  for (const [conditions, status] of cases) {
    expect((await call('GET', '/how.raw/c', { headers: conditions })).status, JSON.stringify(conditions)).toBe(status)
  }
  const notModified = await call('GET', '/how.raw/c', { headers: { 'if-none-match': etag } })
  expect(notModified).toMatchObject({ bytes: Buffer.alloc(0), headers: { etag, 'last-modified': at } })
})

test('write conditions answer as recorded on AWS', async () => {
  const put = (key: string, headers: Record<string, string>) => call('PUT', `/how.raw/${key}`, { body: 'x', headers })
  expect((await put('w', { 'if-none-match': '*' })).status).toBe(200)
  const exists = await put('w', { 'if-none-match': '*' })
  expect(exists.status).toBe(412)
  expect(elementOf(exists.text, 'Condition')).toBe('If-None-Match')
  const other = await put('w', { 'if-none-match': '"etag"' })
  expect([other.status, elementOf(other.text, 'Code'), elementOf(other.text, 'Header')]).toEqual([
    501,
    'NotImplemented',
    'If-None-Match',
  ])
  expect((await put('w', { 'if-match': '"other"' })).status).toBe(412)
  expect(elementOf((await put('missing', { 'if-match': '"other"' })).text, 'Code')).toBe('NoSuchKey')
  expect((await put('w', { 'if-match': '"a"', 'if-none-match': '*' })).status).toBe(501)
})

test('what is missing is named', async () => {
  const key = await call('GET', '/how.raw/none')
  expect([key.status, elementOf(key.text, 'Code'), elementOf(key.text, 'Key')]).toEqual([404, 'NoSuchKey', 'none'])
  const bucket = await call('GET', '/none/none')
  expect([bucket.status, elementOf(bucket.text, 'BucketName')]).toEqual([404, 'none'])
})

test('checksums are checked from header and trailer, and bad ones store nothing', async () => {
  const good = 'y/Q5Jg=='
  const header = await call('PUT', '/how.raw/1', { body: '123456789', headers: { 'x-amz-checksum-crc32': good } })
  expect(header.headers['x-amz-checksum-crc32']).toBe(good)
  const trailer = await call('PUT', '/how.raw/2', {
    body: '123456789',
    headers: { 'x-amz-trailer': 'x-amz-checksum-crc32', 'content-encoding': 'aws-chunked,gzip' },
    trailers: { 'x-amz-checksum-crc32': good },
  })
  expect(trailer.headers['x-amz-checksum-crc32']).toBe(good)
  expect((await call('HEAD', '/how.raw/2')).headers['content-encoding']).toBe('gzip')

  const refused: [Record<string, string>, Record<string, string>, string][] = [
    [{ 'x-amz-checksum-crc32': 'AAAAAA==' }, {}, 'BadDigest'],
    [{ 'x-amz-checksum-crc32': 'nonsense' }, {}, 'InvalidRequest'],
    [{ 'x-amz-checksum-crc32': good, 'x-amz-checksum-sha1': 'x' }, {}, 'InvalidRequest'],
    [{ 'x-amz-trailer': 'x-amz-checksum-crc32' }, { 'x-amz-checksum-crc32': 'AAAAAA==' }, 'BadDigest'],
    [{ 'content-md5': md5('other') }, {}, 'BadDigest'],
    [{ 'content-md5': 'nonsense' }, {}, 'InvalidDigest'],
  ]
  for (const [headers, trailers, code] of refused) {
    const answer = await call('PUT', '/how.raw/3', { body: '123456789', headers, trailers })
    expect(elementOf(answer.text, 'Code'), JSON.stringify(headers)).toBe(code)
  }
  expect((await call('HEAD', '/how.raw/3')).status).toBe(404)
})

test('limits hold at the bound and one past it', async () => {
  expect((await call('PUT', `/how.raw/${'k'.repeat(1024)}`, { body: 'x' })).status).toBe(200)
  const tooLong = await call('PUT', `/how.raw/${'k'.repeat(1025)}`, { body: 'x' })
  expect([elementOf(tooLong.text, 'Code'), elementOf(tooLong.text, 'Size')]).toEqual(['KeyTooLongError', '1025'])
  const meta = (bytes: number) => ({ 'x-amz-meta-a': 'v'.repeat(bytes - 1) })
  expect((await call('PUT', '/how.raw/m', { body: 'x', headers: meta(2048) })).status).toBe(200)
  const tooLarge = await call('PUT', '/how.raw/m', { body: 'x', headers: meta(2049) })
  expect(elementOf(tooLarge.text, 'Code')).toBe('MetadataTooLarge')
})

test('copies carry or replace metadata, and a copy that changes nothing is refused', async () => {
  await call('PUT', '/how.raw/a', { body: 'copied', headers: { 'x-amz-meta-a': '1', 'x-amz-tagging': 't=1' } })
  const copy = await call('PUT', '/how.raw/b', { headers: { 'x-amz-copy-source': '/how.raw/a' } })
  expect(elementOf(copy.text, 'ETag')).toContain(createHash('md5').update('copied').digest('hex'))
  const got = await call('GET', '/how.raw/b')
  expect([got.text, got.headers['x-amz-meta-a'], got.headers['x-amz-tagging-count']]).toEqual(['copied', '1', '1'])

  await call('PUT', '/how.raw/c', {
    headers: { 'x-amz-copy-source': 'how.raw/a', 'x-amz-metadata-directive': 'REPLACE', 'x-amz-meta-b': '2' },
  })
  const replaced = await call('HEAD', '/how.raw/c')
  expect([replaced.headers['x-amz-meta-a'], replaced.headers['x-amz-meta-b']]).toEqual([undefined, '2'])

  const same = await call('PUT', '/how.raw/a', { headers: { 'x-amz-copy-source': 'how.raw/a' } })
  expect([same.status, elementOf(same.text, 'Code')]).toEqual([400, 'InvalidRequest'])
  await call('DELETE', '/how.raw/a')
  expect((await call('GET', '/how.raw/b')).text).toBe('copied')
  const failed = await call('PUT', '/how.raw/d', {
    headers: { 'x-amz-copy-source': 'how.raw/b', 'x-amz-copy-source-if-none-match': replaced.headers.etag as string },
  })
  expect(failed.status).toBe(412)
})

test('DeleteObjects answers for every key, needs a digest, and takes 1000 at most', async () => {
  await call('PUT', '/how.raw/1', { body: 'x' })
  const body = (keys: string[]) =>
    `<Delete>${keys.map((key) => `<Object><Key>${key}</Key></Object>`).join('')}</Delete>`
  const remove = (text: string, headers = { 'content-md5': md5(text) } as Record<string, string>) =>
    call('POST', '/how.raw?delete', { body: text, headers })
  const done = await remove(body(['1', 'never-there']))
  expect(elementsOf(done.text, 'Key')).toEqual(['1', 'never-there'])
  expect((await call('HEAD', '/how.raw/1')).status).toBe(404)
  expect(elementOf((await remove(body(['1']), {})).text, 'Code')).toBe('InvalidRequest')
  expect(elementOf((await remove(body(['1']), { 'content-md5': md5('x') })).text, 'Code')).toBe('BadDigest')
  const many = Array.from({ length: 1001 }, (_, number) => `k${number}`)
  expect((await remove(body(many.slice(1)))).status).toBe(200)
  expect(elementOf((await remove(body(many))).text, 'Code')).toBe('MalformedXML')
})

test('a delete marker is not found, and not allowed by its id', async () => {
  await call('PUT', '/how.raw?versioning', {
    body: '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
  })
  const first = await call('PUT', '/how.raw/v', { body: 'one' })
  const versionId = first.headers['x-amz-version-id'] as string
  expect(versionId).toMatch(/^[A-Za-z0-9]{32}$/)
  const deleted = await call('DELETE', '/how.raw/v')
  expect(deleted).toMatchObject({ status: 204, headers: { 'x-amz-delete-marker': 'true' } })
  const marker = deleted.headers['x-amz-version-id'] as string

  const gone = await call('GET', '/how.raw/v')
  expect([gone.status, gone.headers['x-amz-delete-marker'], gone.headers['x-amz-version-id']]).toEqual([
    404,
    'true',
    marker,
  ])
  const byId = await call('GET', `/how.raw/v?versionId=${marker}`)
  expect([byId.status, byId.headers.allow, elementOf(byId.text, 'ResourceType')]).toEqual([
    405,
    'DELETE',
    'DeleteMarker',
  ])
  expect((await call('GET', `/how.raw/v?versionId=${versionId}`)).text).toBe('one')

  const unknown = await call('GET', `/how.raw/v?versionId=${'a'.repeat(32)}`)
  expect([unknown.status, elementOf(unknown.text, 'Code')]).toEqual([404, 'NoSuchVersion'])
  const malformed = await call('GET', '/how.raw/v?versionId=nonsense')
  expect([malformed.status, elementOf(malformed.text, 'ArgumentName')]).toEqual([400, 'versionId'])

  const versions = await call('GET', '/how.raw?versions')
  expect(elementsOf(versions.text, 'VersionId')).toEqual([versionId, marker])
  await call('DELETE', `/how.raw/v?versionId=${marker}`)
  expect((await call('GET', '/how.raw/v')).text).toBe('one')
})

test('a large object streams through the service unharmed', async () => {
  const body = patterned(3_000_000)
  await call('PUT', '/how.raw/big', { body })
  const got = await call('GET', '/how.raw/big', { headers: { range: 'bytes=1000000-2999999' } })
  expect(got.bytes.equals(body.subarray(1_000_000))).toBe(true)
})

test('a presigned link carries its headers in the query, but no checksum of a body it never saw', async () => {
  const signed = 'X-Amz-Signature=abc&x-amz-sdk-checksum-algorithm=CRC32&x-amz-checksum-crc32=AAAAAA%3D%3D'
  const put = await call('PUT', `/how.raw/linked?${signed}&x-amz-meta-origin=link&x-amz-storage-class=STANDARD_IA`, {
    body: 'not empty',
  })
  expect(put.status).toBe(200)
  const got = await call('GET', '/how.raw/linked?X-Amz-Signature=abc&x-amz-checksum-mode=ENABLED')
  expect(got.headers).toMatchObject({ 'x-amz-meta-origin': 'link', 'x-amz-storage-class': 'STANDARD_IA' })
  expect(got.headers['x-amz-checksum-crc64nvme']).toBeDefined()
  const kms = await call('PUT', `/how.raw/linked?${signed}&x-amz-server-side-encryption=aws:kms`, { body: 'x' })
  expect(kms.headers['x-amz-server-side-encryption']).toBe('aws:kms')
})
