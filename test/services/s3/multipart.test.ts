import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { patterned } from '../../contracts/object-store.ts'
import { elementOf, elementsOf, perTest, s3World } from './support.ts'

const { call } = perTest(() => s3World({ bucket: 'lake' }))
const MIB = 1024 * 1024
const FIRST = patterned(5 * MIB)
const LAST = Buffer.from('the end')
const WHOLE = Buffer.concat([FIRST, LAST])

async function begin(headers: Record<string, string> = {}): Promise<string> {
  const answer = await call('POST', '/lake/big?uploads', { headers })
  return elementOf(answer.text, 'UploadId') as string
}

const putPart = (uploadId: string, number: number, body: Buffer, headers: Record<string, string> = {}) =>
  call('PUT', `/lake/big?partNumber=${number}&uploadId=${uploadId}`, { body, headers })

const complete = (
  uploadId: string,
  parts: [number, string][],
  headers: Record<string, string> = {},
  crcs: readonly string[] = [],
) => {
  const list = parts.map(([number, etag], index) => {
    const crc = crcs[index] === undefined ? '' : `<ChecksumCRC32>${crcs[index]}</ChecksumCRC32>`
    return `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag>${crc}</Part>`
  })
  const body = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`
  return call('POST', `/lake/big?uploadId=${uploadId}`, { body, headers })
}

const etagOf = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')
const base64Crc = (bytes: Buffer) => {
  const digest = Buffer.alloc(4)
  digest.writeUInt32BE(crc32(bytes))
  return digest.toString('base64')
}

test('parts become one object, in order, with the ETag and checksum that AWS gives', async () => {
  const uploadId = await begin({ 'content-type': 'text/plain' })
  await putPart(uploadId, 7, LAST)
  const first = await putPart(uploadId, 2, FIRST)
  expect(first.headers.etag).toBe(`"${etagOf(FIRST)}"`)
  const done = await complete(uploadId, [
    [2, etagOf(FIRST)],
    [7, `"${etagOf(LAST)}"`],
  ])
  const md5s = Buffer.from(etagOf(FIRST) + etagOf(LAST), 'hex')
  expect(done.text).toContain('<CompleteMultipartUploadResult')
  expect(elementOf(done.text, 'ETag')).toContain(`${etagOf(md5s)}-2`)
  expect(elementOf(done.text, 'ChecksumType')).toBe('FULL_OBJECT')

  const got = await call('GET', '/lake/big', { headers: { 'x-amz-checksum-mode': 'ENABLED' } })
  expect(got.bytes.equals(WHOLE)).toBe(true)
  expect(got.headers['content-type']).toBe('text/plain')
  const single = await call('PUT', '/lake/single', { body: WHOLE })
  expect(got.headers['x-amz-checksum-crc64nvme']).toBe(single.headers['x-amz-checksum-crc64nvme'])

  const across = await call('GET', '/lake/big', { headers: { range: `bytes=${FIRST.byteLength - 3}-` } })
  expect(across.bytes.equals(WHOLE.subarray(FIRST.byteLength - 3))).toBe(true)
  const part = await call('GET', '/lake/big?partNumber=2')
  expect([part.status, part.text, part.headers['x-amz-mp-parts-count']]).toEqual([206, 'the end', '2'])
  const none = await call('GET', '/lake/big?partNumber=3')
  expect([none.status, elementOf(none.text, 'ActualPartCount')]).toEqual([416, '2'])

  const copied = await call('PUT', '/lake/copy', { headers: { 'x-amz-copy-source': 'lake/big' } })
  expect(elementOf(copied.text, 'ETag')).toContain(`${etagOf(WHOLE)}&quot;`)
})

test('completing again gives the same answer, and an aborted upload is gone', async () => {
  const uploadId = await begin()
  await putPart(uploadId, 1, LAST)
  const parts: [number, string][] = [[1, etagOf(LAST)]]
  const once = await complete(uploadId, parts)
  expect((await complete(uploadId, parts)).text).toBe(once.text)
  const other = await begin()
  expect((await call('DELETE', `/lake/big?uploadId=${other}`)).status).toBe(204)
  const gone = await call('DELETE', `/lake/big?uploadId=${other}`)
  expect([gone.status, elementOf(gone.text, 'Code')]).toEqual([404, 'NoSuchUpload'])
})

test('what does not fit is refused, and the upload stays open', async () => {
  const uploadId = await begin()
  await putPart(uploadId, 1, LAST)
  await putPart(uploadId, 2, LAST)
  const etag = etagOf(LAST)
  const cases: [[number, string][], string][] = [
    [
      [
        [1, etag],
        [2, etag],
      ],
      'EntityTooSmall',
    ],
    [
      [
        [2, etag],
        [1, etag],
      ],
      'InvalidPartOrder',
    ],
    [[[3, etag]], 'InvalidPart'],
    [[[1, etagOf(FIRST)]], 'InvalidPart'],
    [[], 'MalformedXML'],
  ]
  for (const [parts, code] of cases) {
    const answer = await complete(uploadId, parts)
    expect(['InvalidRequest', code]).toContain(elementOf(answer.text, 'Code'))
  }
  expect(elementOf((await putPart(uploadId, 0, LAST)).text, 'Code')).toBe('InvalidArgument')
  expect(elementOf((await putPart(uploadId, 10_001, LAST)).text, 'Code')).toBe('InvalidArgument')
  expect((await complete(uploadId, [[2, etag]])).status).toBe(200)
  expect((await call('GET', '/lake/big')).text).toBe('the end')
})

test('checksums of parts make composite or full-object checksums', async () => {
  const composite = await begin({ 'x-amz-checksum-algorithm': 'CRC32' })
  const crcs = [base64Crc(FIRST), base64Crc(LAST)] as const
  await putPart(composite, 1, FIRST, { 'x-amz-checksum-crc32': crcs[0] })
  await putPart(composite, 2, LAST, { 'x-amz-checksum-crc32': crcs[1] })
  const etags: [number, string][] = [
    [1, etagOf(FIRST)],
    [2, etagOf(LAST)],
  ]
  const bare = await complete(composite, etags)
  expect(elementOf(bare.text, 'Message')).toBe(
    'The upload was created using a crc32 checksum. The complete request must include the checksum for each part. It was missing for part 1 in the request.',
  )
  const done = await complete(composite, etags, {}, crcs)
  const expected = base64Crc(Buffer.concat(crcs.map((crc) => Buffer.from(crc, 'base64'))))
  expect(elementOf(done.text, 'ChecksumCRC32')).toBe(`${expected}-2`)
  const attributes = await call('GET', '/lake/big?attributes', {
    headers: { 'x-amz-object-attributes': 'ETag,Checksum,ObjectParts,ObjectSize' },
  })
  expect(elementsOf(attributes.text, 'ChecksumCRC32')).toEqual(expect.arrayContaining([expected, ...crcs]))
  expect(elementOf(attributes.text, 'ObjectSize')).toBe(String(WHOLE.byteLength))

  const full = await begin({ 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'FULL_OBJECT' })
  await putPart(full, 1, FIRST)
  await putPart(full, 2, LAST)
  const wrong = await complete(full, etags, { 'x-amz-checksum-crc32': crcs[0] })
  expect(elementOf(wrong.text, 'Code')).toBe('BadDigest')
  const right = await complete(full, etags, {
    'x-amz-checksum-crc32': base64Crc(WHOLE),
    'x-amz-mp-object-size': String(WHOLE.byteLength),
  })
  expect(elementOf(right.text, 'ChecksumCRC32')).toBe(base64Crc(WHOLE))

  const mismatch = await call('POST', '/lake/x?uploads', {
    headers: { 'x-amz-checksum-algorithm': 'SHA256', 'x-amz-checksum-type': 'FULL_OBJECT' },
  })
  expect(elementOf(mismatch.text, 'Message')).toBe(
    'The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm.',
  )
})

test('a key written since the upload began is a conflict for a conditional completion', async () => {
  const uploadId = await begin()
  await putPart(uploadId, 1, LAST)
  await call('PUT', '/lake/big', { body: 'meanwhile' })
  const answer = await complete(uploadId, [[1, etagOf(LAST)]], { 'if-none-match': '*' })
  expect([answer.status, elementOf(answer.text, 'Code')]).toEqual([409, 'ConditionalRequestConflict'])
  const later = await begin()
  await putPart(later, 1, LAST)
  expect((await complete(later, [[1, etagOf(LAST)]], { 'if-none-match': '*' })).status).toBe(412)
})

test('parts can be copied from objects, whole or in ranges', async () => {
  await call('PUT', '/lake/source', { body: WHOLE })
  const uploadId = await begin()
  const target = `/lake/big?partNumber=1&uploadId=${uploadId}`
  const headers = { 'x-amz-copy-source': 'lake/source', 'x-amz-copy-source-range': `bytes=0-${FIRST.byteLength - 1}` }
  const copied = await call('PUT', target, { headers })
  expect(elementOf(copied.text, 'ETag')).toContain(etagOf(FIRST))
  const open = { ...headers, 'x-amz-copy-source-range': 'bytes=1-' }
  expect(elementOf((await call('PUT', target, { headers: open })).text, 'Code')).toBe('InvalidArgument')
})

test('uploads and parts are listed page by page', async () => {
  const ids: string[] = []
  for (const key of ['a/1', 'a/2', 'b', 'b']) {
    ids.push(elementOf((await call('POST', `/lake/${key}?uploads`)).text, 'UploadId') as string)
  }
  const all = await call('GET', '/lake?uploads')
  expect(elementsOf(all.text, 'UploadId')).toEqual(ids)
  const folders = await call('GET', '/lake?uploads&delimiter=/')
  expect([elementsOf(folders.text, 'Prefix').at(-1), elementsOf(folders.text, 'UploadId')]).toEqual([
    'a/',
    ids.slice(2),
  ])
  const page = await call('GET', '/lake?uploads&max-uploads=3')
  expect(elementOf(page.text, 'NextUploadIdMarker')).toBe(ids[2])
  const rest = await call('GET', `/lake?uploads&key-marker=b&upload-id-marker=${ids[2]}`)
  expect(elementsOf(rest.text, 'UploadId')).toEqual([ids[3]])

  for (const number of [1, 2, 3]) await call('PUT', `/lake/b?partNumber=${number}&uploadId=${ids[3]}`, { body: 'x' })
  const parts = await call('GET', `/lake/b?uploadId=${ids[3]}&max-parts=2`)
  expect([elementsOf(parts.text, 'PartNumber'), elementOf(parts.text, 'IsTruncated')]).toEqual([['1', '2'], 'true'])
  const last = await call('GET', `/lake/b?uploadId=${ids[3]}&part-number-marker=2`)
  expect([elementsOf(last.text, 'PartNumber'), elementOf(last.text, 'IsTruncated')]).toEqual([['3'], 'false'])
})

const PAST = new Date(Date.UTC(2026, 0, 15, 11)).toUTCString()
const FUTURE = new Date(Date.UTC(2026, 0, 15, 13)).toUTCString()
const SOURCE = etagOf(Buffer.from('0123456789'))

test.each([
  [{ 'x-amz-copy-source-range': 'bytes=0-9' }, '200'],
  [{ 'x-amz-copy-source-range': 'bytes=9-9' }, '200'],
  [{ 'x-amz-copy-source-range': 'bytes=0-10' }, '400 InvalidArgument'],
  [{ 'x-amz-copy-source-range': 'bytes=10-11' }, '400 InvalidRequest'],
  [{ 'x-amz-copy-source-range': 'bytes=5-4' }, '400 InvalidArgument'],
  [{ 'x-amz-copy-source-range': 'bytes=-5' }, '400 InvalidArgument'],
  [{ 'x-amz-copy-source-range': '0-5' }, '400 InvalidArgument'],
  [{ 'x-amz-copy-source-if-match': `"${SOURCE}"` }, '200'],
  [{ 'x-amz-copy-source-if-match': 'other' }, '412 PreconditionFailed'],
  [{ 'x-amz-copy-source-if-none-match': 'other' }, '200'],
  [{ 'x-amz-copy-source-if-none-match': SOURCE }, '412 PreconditionFailed'],
  [{ 'x-amz-copy-source-if-modified-since': PAST }, '200'],
  [{ 'x-amz-copy-source-if-modified-since': FUTURE }, '412 PreconditionFailed'],
  [{ 'x-amz-copy-source-if-unmodified-since': FUTURE }, '200'],
  [{ 'x-amz-copy-source-if-unmodified-since': PAST }, '412 PreconditionFailed'],
  [{ 'x-amz-copy-source-if-match': SOURCE, 'x-amz-copy-source-if-unmodified-since': PAST }, '200'],
] as const)('a part copied with %o: %s', async (headers, outcome) => {
  await call('PUT', '/lake/source', { body: '0123456789' })
  const target = `/lake/big?partNumber=1&uploadId=${await begin()}`
  const answer = await call('PUT', target, { headers: { 'x-amz-copy-source': 'lake/source', ...headers } })
  expect(`${answer.status} ${elementOf(answer.text, 'Code') ?? ''}`.trim()).toBe(outcome)
})
