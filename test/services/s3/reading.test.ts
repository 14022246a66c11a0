/** GetObjectAttributes, reads by part number, and what a request would have a reply say. */
import { expect, test } from 'vitest'
import { digestsOf } from '../../../src/objects/digests.ts'
import { patterned } from '../../contracts/object-store.ts'
import { accessWorld, NOBODY, outcomeOf } from './access/support.ts'
import { elementOf, elementsOf, perTest, s3World } from './support.ts'

const { call } = perTest(() => s3World({ bucket: 'lake' }))

const PARTS = [patterned(5 * 1024 * 1024), patterned(5 * 1024 * 1024 + 1), Buffer.from('end')]
const sumOf = (bytes: Uint8Array) => digestsOf(bytes, ['SHA256']).checksums.SHA256 as string

async function upload(): Promise<void> {
  const begun = await call('POST', '/lake/big?uploads', { headers: { 'x-amz-checksum-algorithm': 'SHA256' } })
  const uploadId = elementOf(begun.text, 'UploadId')
  const list: string[] = []
  for (const [index, body] of PARTS.entries()) {
    const number = index + 1
    const headers = { 'x-amz-checksum-sha256': sumOf(body) }
    await call('PUT', `/lake/big?partNumber=${number}&uploadId=${uploadId}`, { body, headers })
    list.push(`<Part><PartNumber>${number}</PartNumber><ChecksumSHA256>${sumOf(body)}</ChecksumSHA256></Part>`)
  }
  const body = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`
  expect(outcomeOf(await call('POST', `/lake/big?uploadId=${uploadId}`, { body }))).toBe('200')
}

const attributes = (names: string, headers: Record<string, string> = {}, target = '/lake/big?attributes') =>
  call('GET', target, { headers: { 'x-amz-object-attributes': names, ...headers } })

test('the parts of an object are told page by page', async () => {
  await upload()
  const pageOf = async (headers: Record<string, string>) => {
    const { text } = await attributes('ObjectParts', headers)
    const one = (name: string) => elementOf(text, name)
    return [
      elementsOf(text, 'Size'),
      one('PartsCount'),
      one('PartNumberMarker'),
      one('NextPartNumberMarker'),
      one('IsTruncated'),
    ]
  }
  const sizes = PARTS.map((part) => String(part.byteLength))
  expect(await pageOf({})).toEqual([sizes, '3', '0', '3', 'false'])
  expect(await pageOf({ 'x-amz-max-parts': '2' })).toEqual([sizes.slice(0, 2), '3', '0', '2', 'true'])
  expect(await pageOf({ 'x-amz-part-number-marker': '2' })).toEqual([sizes.slice(2), '3', '2', '3', 'false'])
  expect(await pageOf({ 'x-amz-part-number-marker': '3' })).toEqual([[], '3', '3', '0', 'false'])
  for (const [name, value] of [
    ['x-amz-max-parts', '-1'],
    ['x-amz-part-number-marker', '-1'],
    ['x-amz-max-parts', 'x'],
  ] as const) {
    expect(outcomeOf(await attributes('ObjectParts', { [name]: value }))).toBe('400 InvalidArgument')
  }
  const all = await attributes('ETag,Checksum,ObjectParts,StorageClass,ObjectSize')
  expect(elementOf(all.text, 'ObjectSize')).toBe(String(PARTS.reduce((sum, part) => sum + part.byteLength, 0)))
  expect(elementOf(all.text, 'ETag')).toMatch(/^[0-9a-f]{32}-3$/)
  expect(elementsOf(all.text, 'ChecksumSHA256').slice(1)).toEqual(PARTS.map(sumOf))
  expect(elementOf(all.text, 'ChecksumType')).toBe('COMPOSITE')
})

test('only what was asked for is told, and only what there is can be asked for', async () => {
  await call('PUT', '/lake/big', { body: 'x' })
  const some = await attributes('ObjectSize')
  expect(some.text.replace(/.*?<GetObjectAttributesResponse[^>]*>/s, '')).toBe(
    '<ObjectSize>1</ObjectSize></GetObjectAttributesResponse>',
  )
  expect((await attributes('ObjectParts')).text).not.toContain('PartsCount')
  expect(outcomeOf(await attributes('ETag,Colour'))).toBe('400 InvalidArgument')
  expect(outcomeOf(await call('GET', '/lake/big?attributes'))).toBe('400 InvalidRequest')
  expect(outcomeOf(await attributes('ETag', {}, '/lake/none?attributes'))).toBe('404 NoSuchKey')
})

test.each(['GET', 'HEAD'])('%s of one part of an object', async (method) => {
  await upload()
  const last = await call(method, '/lake/big?partNumber=3')
  const size = PARTS.reduce((sum, part) => sum + part.byteLength, 0)
  expect([
    last.status,
    last.headers['content-length'],
    last.headers['content-range'],
    last.headers['x-amz-mp-parts-count'],
  ]).toEqual([206, '3', `bytes ${size - 3}-${size - 1}/${size}`, '3'])
  if (method === 'GET') expect(last.text).toBe('end')
  expect((await call(method, '/lake/big?partNumber=4')).status).toBe(416)
  for (const number of [0, 10_001, -1, 'x'])
    expect((await call(method, `/lake/big?partNumber=${number}`)).status).toBe(400)
  const both = await call(method, '/lake/big?partNumber=1', { headers: { range: 'bytes=0-1' } })
  expect(both.status).toBe(400)
})

test('an object put at once is its own first part', async () => {
  await call('PUT', '/lake/one', { body: 'whole' })
  const first = await call('GET', '/lake/one?partNumber=1')
  expect([first.status, first.text, first.headers['x-amz-mp-parts-count']]).toEqual([206, 'whole', undefined])
  const second = await call('GET', '/lake/one?partNumber=2')
  expect([
    outcomeOf(second),
    elementOf(second.text, 'ActualPartCount'),
    elementOf(second.text, 'PartNumberRequested'),
  ]).toEqual(['416 InvalidPartNumber', '1', '2'])
})

const OVERRIDES = {
  'response-content-type': 'text/x',
  'response-content-language': 'de',
  'response-content-encoding': 'gzip',
  'response-content-disposition': 'attachment; filename="ä.txt"',
  'response-cache-control': 'no-store',
  'response-expires': 'Thu, 01 Jan 2026 00:00:00 GMT',
}

test.each(['GET', 'HEAD'])('a signed %s says what its reply shall say', async (method) => {
  await call('PUT', '/lake/a', { body: 'x', headers: { 'content-type': 'text/plain', 'cache-control': 'max-age=1' } })
  const { headers } = await call(method, `/lake/a?${new URLSearchParams(OVERRIDES)}`)
  const said = Object.fromEntries(Object.keys(OVERRIDES).map((name) => [name, headers[name.slice('response-'.length)]]))
  const disposition = Buffer.from(OVERRIDES['response-content-disposition']).toString('latin1')
  expect(said).toEqual({ ...OVERRIDES, 'response-content-disposition': disposition })
  expect((await call('GET', '/lake/a')).headers['content-type']).toBe('text/plain')
})

test('nobody may have a reply say something else', async () => {
  const lake = await accessWorld()
  await lake.unblock('lake')
  await lake.putPolicy('lake', { Effect: 'Allow', Action: 's3:GetObject' })
  await lake.call('PUT', '/lake/a', { body: 'x' })
  expect((await lake.call('GET', '/lake/a', { as: NOBODY })).text).toBe('x')
  const answer = await lake.call('GET', '/lake/a?response-content-type=text/html', { as: NOBODY })
  expect(outcomeOf(answer)).toBe('400 InvalidRequest')
  await lake.close()
})
