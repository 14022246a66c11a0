import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { elementOf, s3World } from '../support.ts'

let world: Awaited<ReturnType<typeof s3World>>

beforeEach(async () => {
  world = await s3World()
  await world.call('PUT', '/how.raw')
})

afterEach(() => world.close())

const md5 = (bytes: string | Buffer) => createHash('md5').update(bytes).digest('base64')
const keyHeaders = (byte: number, prefix = 'x-amz-server-side-encryption') => {
  const key = Buffer.alloc(32, byte)
  return {
    [`${prefix}-customer-algorithm`]: 'AES256',
    [`${prefix}-customer-key`]: key.toString('base64'),
    [`${prefix}-customer-key-MD5`]: md5(key),
  }
}
const MINE = keyHeaders(1)
const OTHER = keyHeaders(2)
const SOURCE = keyHeaders(1, 'x-amz-copy-source-server-side-encryption')
const OTHER_SOURCE = keyHeaders(2, 'x-amz-copy-source-server-side-encryption')
const SHOWN = {
  'x-amz-server-side-encryption-customer-algorithm': 'AES256',
  'x-amz-server-side-encryption-customer-key-MD5': md5(Buffer.alloc(32, 1)),
}
const codeOf = ({ status, text }: { status: number; text: string }) => [status, elementOf(text, 'Code')]
const lower = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

test('what is put with a key comes back with it, and replies show its MD5 and no other encryption', async () => {
  for (const body of ['secret', Buffer.alloc(300_000, 5)]) {
    const put = await world.call('PUT', '/how.raw/a', { body, headers: MINE })
    const got = await world.call('GET', '/how.raw/a', { headers: MINE })
    const head = await world.call('HEAD', '/how.raw/a', { headers: MINE })
    for (const { status, headers } of [put, got, head]) {
      expect(status).toBe(200)
      expect(lower(headers)).toMatchObject(lower(SHOWN))
      expect(lower(headers)['x-amz-server-side-encryption']).toBeUndefined()
    }
    expect(got.bytes.equals(Buffer.from(body as string))).toBe(true)
    expect(got.headers['etag']).not.toBe(`"${createHash('md5').update(body).digest('hex')}"`)
    const part = await world.call('GET', '/how.raw/a', { headers: { ...MINE, range: 'bytes=1-3' } })
    expect([part.status, part.bytes.byteLength]).toEqual([206, 3])
  }
})

test('without its key, or with another, nothing is told of an object', async () => {
  await world.call('PUT', '/how.raw/a', { body: 'secret', headers: MINE })
  const attributes = { 'x-amz-object-attributes': 'ObjectSize' }
  const withoutKey = await world.call('GET', '/how.raw/a')
  expect(codeOf(withoutKey)).toEqual([400, 'InvalidRequest'])
  expect(elementOf(withoutKey.text, 'Message')).toBe(
    'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
  )
  expect((await world.call('HEAD', '/how.raw/a')).status).toBe(400)
  expect((await world.call('GET', '/how.raw/a?attributes', { headers: attributes })).status).toBe(400)
  expect(codeOf(await world.call('GET', '/how.raw/a', { headers: OTHER }))).toEqual([403, 'AccessDenied'])
  expect((await world.call('HEAD', '/how.raw/a', { headers: OTHER })).status).toBe(403)
  expect((await world.call('GET', '/how.raw/a?attributes', { headers: { ...attributes, ...OTHER } })).status).toBe(403)
  expect((await world.call('GET', '/how.raw/a?attributes', { headers: { ...attributes, ...MINE } })).status).toBe(200)
})

test('a bucket that blocks keys of the customer takes none, and says so', async () => {
  const rule = (blocked: string) =>
    `<ServerSideEncryptionConfiguration><Rule><BlockedEncryptionTypes><EncryptionType>${blocked}</EncryptionType></BlockedEncryptionTypes></Rule></ServerSideEncryptionConfiguration>`
  const set = async (blocked: string) =>
    (await world.call('PUT', '/how.raw?encryption', { body: rule(blocked) })).status
  const said = async () => elementOf((await world.call('GET', '/how.raw?encryption')).text, 'EncryptionType')
  await world.call('PUT', '/how.raw/before', { body: 'secret', headers: MINE })
  expect([await said(), await set('SSE-C'), await said()]).toEqual([undefined, 200, 'SSE-C'])
  const refused = [
    await world.call('PUT', '/how.raw/a', { body: 'x', headers: MINE }),
    await world.call('POST', '/how.raw/a?uploads', { headers: MINE }),
  ]
  expect(refused.map(codeOf)).toEqual([
    [403, 'AccessDenied'],
    [403, 'AccessDenied'],
  ])
  expect((await world.call('GET', '/how.raw/before', { headers: MINE })).text).toBe('secret')
  expect([await set('rot13'), await set('NONE'), await said()]).toEqual([400, 200, 'NONE'])
  expect((await world.call('PUT', '/how.raw/a', { body: 'x', headers: MINE })).status).toBe(200)
})

test('a key for an object that has none is refused', async () => {
  await world.call('PUT', '/how.raw/a', { body: 'open' })
  const got = await world.call('GET', '/how.raw/a', { headers: MINE })
  expect(codeOf(got)).toEqual([400, 'InvalidRequest'])
  expect(elementOf(got.text, 'Message')).toBe('The encryption parameters are not applicable to this object.')
})

test('copies take the key of the source and the key to come, and neither is carried over', async () => {
  await world.call('PUT', '/how.raw/a', { body: 'secret', headers: MINE })
  const copy = (to: string, headers: Record<string, string>) =>
    world.call('PUT', `/how.raw/${to}`, { headers: { 'x-amz-copy-source': '/how.raw/a', ...headers } })
  expect(codeOf(await copy('b', {}))).toEqual([400, 'InvalidRequest'])
  expect(codeOf(await copy('b', OTHER_SOURCE))).toEqual([403, 'AccessDenied'])
  expect((await copy('open', SOURCE)).status).toBe(200)
  expect((await world.call('GET', '/how.raw/open')).text).toBe('secret')
  expect((await copy('other', { ...SOURCE, ...OTHER })).status).toBe(200)
  expect((await world.call('GET', '/how.raw/other', { headers: OTHER })).text).toBe('secret')
  expect((await world.call('GET', '/how.raw/other', { headers: MINE })).status).toBe(403)
  expect((await copy('a', { ...SOURCE, ...OTHER })).status).toBe(200)
  expect((await world.call('GET', '/how.raw/a', { headers: OTHER })).text).toBe('secret')
})

test('every part of an upload comes with the key it was begun with', async () => {
  const begun = await world.call('POST', '/how.raw/big?uploads', { headers: MINE })
  const upload = elementOf(begun.text, 'UploadId')
  const target = `/how.raw/big?partNumber=1&uploadId=${upload}`
  expect(codeOf(await world.call('PUT', target, { body: 'x' }))).toEqual([400, 'InvalidRequest'])
  expect(codeOf(await world.call('PUT', target, { body: 'x', headers: OTHER }))).toEqual([403, 'AccessDenied'])
  await world.call('PUT', '/how.raw/source', { body: 'copied', headers: OTHER })
  const copying = { ...MINE, ...OTHER_SOURCE, 'x-amz-copy-source': '/how.raw/source' }
  const copied = await world.call('PUT', target, { headers: copying })
  expect(lower(copied.headers)).toMatchObject(lower(SHOWN))
  const listed = (headers: Record<string, string>) => world.call('GET', `/how.raw/big?uploadId=${upload}`, { headers })
  expect([(await listed({})).status, (await listed(MINE)).status, (await listed(OTHER)).status]).toEqual([
    200, 200, 403,
  ])
  const part = `<Part><PartNumber>1</PartNumber><ETag>${elementOf(copied.text, 'ETag')?.replaceAll('&quot;', '"')}</ETag></Part>`
  const body = `<CompleteMultipartUpload>${part}</CompleteMultipartUpload>`
  const finish = (headers: Record<string, string>) =>
    world.call('POST', `/how.raw/big?uploadId=${upload}`, { body, headers })
  expect(codeOf(await finish(OTHER))).toEqual([403, 'AccessDenied'])
  expect((await finish({})).status).toBe(200)
  expect((await world.call('GET', '/how.raw/big', { headers: MINE })).text).toBe('copied')
  expect((await world.call('GET', '/how.raw/big')).status).toBe(400)
})
