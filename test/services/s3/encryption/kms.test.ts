import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Permission } from '../../../../src/services/access.ts'
import type { Caller } from '../../../../src/services/operation.ts'
import { type Answer, elementOf, s3World } from '../support.ts'

let world: Awaited<ReturnType<typeof s3World>>
/** The actions that nobody may do, and every permission that was asked for. */
let denied: string[]
let asked: Permission[]

beforeEach(async () => {
  denied = []
  asked = []
  world = await s3World({
    accessOf: () => ({
      judge: (_caller, permission) => {
        asked.push(permission)
        return denied.includes(permission.action) ? { isAllowed: false, because: 'because' } : { isAllowed: true }
      },
    }),
  })
  await world.call('PUT', '/how.raw')
})

afterEach(() => world.close())

const SSE = 'x-amz-server-side-encryption'
const KMS = { [SSE]: 'aws:kms' }
const md5 = (bytes: string) => `"${createHash('md5').update(bytes).digest('hex')}"`
const madeKey = () => world.keys.create({ description: '', tags: {} })
const under = (key: { id: string }, more: Record<string, string> = {}) => ({
  ...KMS,
  [`${SSE}-aws-kms-key-id`]: key.id,
  ...more,
})
const shown = ({ headers }: Answer) => [headers[SSE], headers[`${SSE}-aws-kms-key-id`]]
const errorOf = ({ status, text }: Answer) => [status, elementOf(text, 'Code'), elementOf(text, 'Message')]

test('a key is named by id, arn, alias or alias arn, and answered by its arn wherever the object is', async () => {
  const key = await madeKey()
  await world.keys.createAlias('alias/mine', key.id)
  const arn = world.keys.arnOf(key.id)
  for (const name of [key.id, arn, 'alias/mine', world.keys.aliasArnOf('alias/mine')]) {
    const headers = { ...KMS, [`${SSE}-aws-kms-key-id`]: name }
    const put = await world.call('PUT', '/how.raw/a', { body: 'secret', headers })
    const got = await world.call('GET', '/how.raw/a')
    const head = await world.call('HEAD', '/how.raw/a')
    expect([put, got, head].map(shown)).toEqual([1, 2, 3].map(() => ['aws:kms', arn]))
    expect(got.text).toBe('secret')
    expect(got.headers['etag']).not.toBe(md5('secret'))
    expect(got.headers[`${SSE}-bucket-key-enabled`]).toBeUndefined()
  }
})

test("without a name it is S3's own key", async () => {
  const put = await world.call('PUT', '/how.raw/a', { body: 'secret', headers: KMS })
  expect(shown(put)).toEqual(['aws:kms', world.keys.arnOf((await world.keys.s3Key()).id)])
})

test('a key out of use takes its objects along, and brings them back', async () => {
  const key = await madeKey()
  const arn = world.keys.arnOf(key.id)
  await world.call('PUT', '/how.raw/a', { body: 'secret', headers: under(key) })
  await world.call('PUT', '/how.raw/large', { body: Buffer.alloc(300_000, 1), headers: under(key) })
  const both = async () => [
    errorOf(await world.call('GET', '/how.raw/a')),
    errorOf(await world.call('GET', '/how.raw/large')),
    errorOf(await world.call('PUT', '/how.raw/b', { body: 'new', headers: under(key) })),
    errorOf(await world.call('PUT', '/how.raw/c', { headers: { 'x-amz-copy-source': '/how.raw/a' } })),
    errorOf(await world.call('PUT', '/how.raw/c', { headers: under(key, { 'x-amz-copy-source': '/how.raw/a' }) })),
  ]
  const all = (...error: unknown[]) => [1, 2, 3, 4, 5].map(() => error)

  await world.keys.setEnabled(key.id, false)
  expect(await both()).toEqual(all(400, 'KMS.DisabledException', `${arn} is disabled.`))
  expect((await world.call('HEAD', '/how.raw/a')).status).toBe(200)
  await world.keys.setEnabled(key.id, true)
  expect((await world.call('GET', '/how.raw/a')).text).toBe('secret')
  await world.keys.scheduleDeletion(key.id, 7)
  expect(await both()).toEqual(all(400, 'KMS.KMSInvalidStateException', `${arn} is pending deletion.`))
  await world.clock.advance(7 * 24 * 3600 * 1000)
  expect((await both())[0]).toEqual([400, 'KMS.NotFoundException', `Key '${arn}' does not exist`])
})

test.each([
  ['alias/none', 'Alias arn:aws:kms:us-east-1:000000000000:alias/none is not found.'],
  ['nonsense', "Invalid keyId 'nonsense'"],
])('a key that is not there (%s) is named, and nothing is stored', async (name, message) => {
  const headers = { ...KMS, [`${SSE}-aws-kms-key-id`]: name }
  const put = await world.call('PUT', '/how.raw/a', { body: 'x', headers })
  expect(errorOf(put)).toEqual([400, 'KMS.NotFoundException', message])
  expect((await world.call('HEAD', '/how.raw/a')).status).toBe(404)
})

test("the bucket's default holds for put, copy, upload and form, and a request may say otherwise", async () => {
  const key = await madeKey()
  const arn = world.keys.arnOf(key.id)
  await world.call('PUT', '/how.raw/plain', { body: 'plain' })
  const rule = `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>${key.id}</KMSMasterKeyID></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>`
  expect((await world.call('PUT', '/how.raw?encryption', { body: rule })).status).toBe(200)
  const said = (await world.call('GET', '/how.raw?encryption')).text
  expect([elementOf(said, 'SSEAlgorithm'), elementOf(said, 'KMSMasterKeyID')]).toEqual(['aws:kms', key.id])

  const put = await world.call('PUT', '/how.raw/a', { body: 'secret' })
  const copied = await world.call('PUT', '/how.raw/b', { headers: { 'x-amz-copy-source': '/how.raw/plain' } })
  const begun = await world.call('POST', '/how.raw/c?uploads')
  for (const answer of [put, copied, begun]) {
    expect(shown(answer)).toEqual(['aws:kms', arn])
    expect(answer.headers[`${SSE}-bucket-key-enabled`]).toBe('true')
  }
  expect((await world.store.put({ bucket: 'how.raw', key: 'd' }, Buffer.from('delivered'))).encryption).toMatchObject({
    keyId: key.id,
  })
  const plain = await world.call('PUT', '/how.raw/a', { body: 'secret', headers: { [SSE]: 'AES256' } })
  expect(shown(plain)).toEqual(['AES256', undefined])
  expect(plain.headers['etag']).toBe(md5('secret'))
})

test('copies change the kind of encryption, and share bytes only within one', async () => {
  const key = await madeKey()
  await world.call('PUT', '/how.raw/plain', { body: 'secret' })
  const copy = (to: string, from: string, headers: Record<string, string>) =>
    world.call('PUT', `/how.raw/${to}`, { headers: { 'x-amz-copy-source': `/how.raw/${from}`, ...headers } })
  const locked = await copy('locked', 'plain', under(key))
  expect(elementOf(locked.text, 'ETag')).not.toContain(md5('secret').slice(1, -1))
  const again = await copy('again', 'locked', under(key))
  expect(elementOf(again.text, 'ETag')).toBe(elementOf(locked.text, 'ETag'))
  await copy('open', 'locked', { [SSE]: 'AES256' })
  await world.keys.setEnabled(key.id, false)
  expect((await world.call('GET', '/how.raw/open')).text).toBe('secret')
  expect((await world.call('GET', '/how.raw/open')).headers['etag']).toBe(md5('secret'))
  expect((await world.call('GET', '/how.raw/again')).status).toBe(400)
})

test('the parts of an upload are under its key from the first', async () => {
  const key = await madeKey()
  const begun = await world.call('POST', '/how.raw/big?uploads', { headers: under(key) })
  const upload = elementOf(begun.text, 'UploadId')
  const target = (number: number) => `/how.raw/big?partNumber=${number}&uploadId=${upload}`
  const first = await world.call('PUT', target(1), { body: Buffer.alloc(5 * 1024 ** 2, 1) })
  expect(first.headers['etag']).not.toBe(md5(Buffer.alloc(5 * 1024 ** 2, 1).toString('latin1')))
  const second = await world.call('PUT', target(2), { body: 'the end' })
  expect(shown(second)).toEqual(['aws:kms', world.keys.arnOf(key.id)])
  const parts = [first, second].map(
    ({ headers }, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${headers['etag']}</ETag></Part>`,
  )
  const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
  const done = await world.call('POST', `/how.raw/big?uploadId=${upload}`, { body })
  expect(shown(done)).toEqual(['aws:kms', world.keys.arnOf(key.id)])
  const tail = await world.call('GET', '/how.raw/big', { headers: { range: 'bytes=-7' } })
  expect(tail.text).toBe('the end')
  await world.keys.setEnabled(key.id, false)
  expect(errorOf(await world.call('GET', '/how.raw/big'))[1]).toBe('KMS.DisabledException')
})

test('who writes needs GenerateDataKey of the key, who reads Decrypt', async () => {
  const key = await madeKey()
  const headers = under(key, { [`${SSE}-context`]: Buffer.from('{"team":"a"}').toString('base64') })
  const put = await world.call('PUT', '/how.raw/a', { body: 'secret', headers })
  expect(Buffer.from(put.headers[`${SSE}-context`] ?? '', 'base64').toString()).toBe('{"team":"a"}')
  expect(asked.find(({ action }) => action === 'kms:GenerateDataKey')).toMatchObject({
    resource: world.keys.arnOf(key.id),
    facts: {
      'kms:viaservice': ['s3.us-east-1.amazonaws.com'],
      'kms:encryptioncontext:aws:s3:arn': ['arn:aws:s3:::how.raw/a'],
      'kms:encryptioncontext:team': ['a'],
    },
    ofResource: { policy: key.policy, mustGrant: true },
  })
  denied = ['kms:Decrypt']
  const read = [
    await world.call('GET', '/how.raw/a'),
    await world.call('HEAD', '/how.raw/a', { headers: { 'x-amz-checksum-mode': 'ENABLED' } }),
    await world.call('PUT', '/how.raw/b', { headers: { 'x-amz-copy-source': '/how.raw/a' } }),
  ]
  expect(read.map(({ status }) => status)).toEqual([403, 403, 403])
  expect((await world.call('HEAD', '/how.raw/a')).status).toBe(200)
  denied = ['kms:GenerateDataKey']
  expect((await world.call('GET', '/how.raw/a')).text).toBe('secret')
  const written = [
    await world.call('PUT', '/how.raw/b', { body: 'x', headers }),
    await world.call('POST', '/how.raw/b?uploads', { headers }),
  ]
  expect(written.map(({ status }) => status)).toEqual([403, 403])
})

test('nobody gets at what is under a key of KMS without a signature', async () => {
  await world.call('PUT', '/how.raw/a', { body: 'secret', headers: KMS })
  const as = { accessKeyId: 'anonymous', arn: 'anonymous', principal: { kind: 'anonymous' } } as unknown as Caller
  expect(errorOf(await world.call('GET', '/how.raw/a', { as: { ...as, sourceIp: '127.0.0.1' } }))).toEqual([
    400,
    'InvalidArgument',
    'Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.',
  ])
})

test.each(['nonsense', Buffer.from('[]').toString('base64'), Buffer.from('{"a":1}').toString('base64')])(
  'a context that is no map of texts is refused: %s',
  async (text) => {
    const put = await world.call('PUT', '/how.raw/a', { body: 'x', headers: { ...KMS, [`${SSE}-context`]: text } })
    expect([put.status, elementOf(put.text, 'Code')]).toEqual([400, 'InvalidArgument'])
  },
)
