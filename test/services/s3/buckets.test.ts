import { expect, test } from 'vitest'
import { elementOf, elementsOf, perTest, s3World } from './support.ts'

const { call } = perTest(() => s3World({ bucket: 'how.raw' }))

const codeOf = (answer: { status: number; text: string }) => [answer.status, elementOf(answer.text, 'Code')]

test('a bucket is made, found, listed and deleted', async () => {
  const made = await call('PUT', '/another-one')
  expect(made).toMatchObject({ status: 200, headers: { location: '/another-one' } })
  expect((await call('HEAD', '/another-one')).headers['x-amz-bucket-region']).toBe('us-east-1')
  const list = await call('GET', '/')
  expect(elementsOf(list.text, 'Name')).toEqual(['another-one', 'how.raw'])
  expect(elementOf(list.text, 'CreationDate')).toBe('2026-01-15T12:00:00.000Z')
  expect((await call('DELETE', '/another-one')).status).toBe(204)
  expect(codeOf(await call('DELETE', '/another-one'))).toEqual([404, 'NoSuchBucket'])
  const paged = await call('GET', '/?max-buckets=1&prefix=h')
  expect(elementsOf(paged.text, 'Name')).toEqual(['how.raw'])
})

test('making one’s own bucket again succeeds in us-east-1 and conflicts elsewhere', async () => {
  await call('PUT', '/how.raw/a', { body: 'x' })
  expect((await call('PUT', '/how.raw')).status).toBe(200)
  expect((await call('HEAD', '/how.raw/a')).status).toBe(200)
  const elsewhere = await s3World({ region: 'eu-central-1' })
  const body =
    '<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>'
  expect((await elsewhere.call('PUT', '/lake', { body })).status).toBe(200)
  expect(codeOf(await elsewhere.call('PUT', '/lake', { body }))).toEqual([409, 'BucketAlreadyOwnedByYou'])
  expect(codeOf(await elsewhere.call('PUT', '/other'))).toEqual([400, 'IllegalLocationConstraintException'])
  expect((await elsewhere.call('GET', '/lake?location')).text).toContain('>eu-central-1<')
  await elsewhere.close()
})

test.each(['ab', 'a'.repeat(64), 'UPPER', '-a-', 'a..b', '192.168.0.1', 'xn--a', 'a-s3alias'])(
  '%s is no name for a bucket',
  async (name) => {
    expect(codeOf(await call('PUT', `/${name}`))).toEqual([400, 'InvalidBucketName'])
  },
)

test('a bucket that holds anything is not deleted', async () => {
  await call('PUT', '/how.raw/a', { body: 'x' })
  expect(codeOf(await call('DELETE', '/how.raw'))).toEqual([409, 'BucketNotEmpty'])
  await call('DELETE', '/how.raw/a')
  expect((await call('DELETE', '/how.raw')).status).toBe(204)
})

test('a new bucket blocks public access, encrypts, and has no versioning', async () => {
  expect(elementsOf((await call('GET', '/how.raw?publicAccessBlock')).text, 'BlockPublicAcls')).toEqual(['true'])
  expect(elementOf((await call('GET', '/how.raw?encryption')).text, 'SSEAlgorithm')).toBe('AES256')
  expect((await call('GET', '/how.raw?versioning')).text).not.toContain('Status')
})

test('the settings of the first lake are kept', async () => {
  const put = (parameter: string, body: string) => call('PUT', `/how.raw?${parameter}`, { body })
  const versioning = (status: string) => `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`
  expect((await put('versioning', versioning('Enabled'))).status).toBe(200)
  expect(elementOf((await call('GET', '/how.raw?versioning')).text, 'Status')).toBe('Enabled')
  expect(codeOf(await put('versioning', versioning('enabled')))).toEqual([400, 'MalformedXML'])
  expect(codeOf(await put('versioning', '<VersioningConfiguration/>'))).toEqual([
    400,
    'IllegalVersioningConfigurationException',
  ])

  const rule = (algorithm: string) =>
    `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>${algorithm}</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>`
  expect((await put('encryption', rule('AES256'))).status).toBe(200)
  expect(elementOf((await call('GET', '/how.raw?encryption')).text, 'BucketKeyEnabled')).toBe('true')
  expect(codeOf(await put('encryption', rule('aws:kms:dsse')))).toEqual([501, 'NotImplemented'])
  expect(codeOf(await put('encryption', rule('rot13')))).toEqual([400, 'MalformedXML'])
  const named = rule('AES256').replace('</Apply', '<KMSMasterKeyID>alias/mine</KMSMasterKeyID></Apply')
  expect(codeOf(await put('encryption', named))).toEqual([400, 'InvalidArgument'])
  expect((await call('DELETE', '/how.raw?encryption')).status).toBe(204)

  const block =
    '<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>'
  await put('publicAccessBlock', block)
  expect(elementOf((await call('GET', '/how.raw?publicAccessBlock')).text, 'BlockPublicPolicy')).toBe('false')
  expect((await call('DELETE', '/how.raw?publicAccessBlock')).status).toBe(204)
  expect(codeOf(await call('GET', '/how.raw?publicAccessBlock'))).toEqual([404, 'NoSuchPublicAccessBlockConfiguration'])
})

test('tags of buckets and objects keep their bounds', async () => {
  const set = (pairs: [string, string][]) =>
    `<Tagging><TagSet>${pairs.map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`).join('')}</TagSet></Tagging>`
  const many = (count: number) => Array.from({ length: count }, (_, number) => [`k${number}`, 'v'] as [string, string])
  expect(codeOf(await call('GET', '/how.raw?tagging'))).toEqual([404, 'NoSuchTagSet'])
  expect((await call('PUT', '/how.raw?tagging', { body: set(many(50)) })).status).toBe(204)
  expect(codeOf(await call('PUT', '/how.raw?tagging', { body: set(many(51)) }))).toEqual([400, 'BadRequest'])
  expect(elementsOf((await call('GET', '/how.raw?tagging')).text, 'Key')).toHaveLength(50)

  await call('PUT', '/how.raw/a', { body: 'x' })
  expect((await call('PUT', '/how.raw/a?tagging', { body: set(many(10)) })).status).toBe(200)
  expect((await call('HEAD', '/how.raw/a')).headers['x-amz-tagging-count']).toBe('10')
  const refused: [[string, string][], string][] = [
    [many(11), 'BadRequest'],
    [
      [
        ['a', '1'],
        ['a', '2'],
      ],
      'InvalidTag',
    ],
    [[['aws:x', '1']], 'InvalidTag'],
  ]
  for (const [pairs, code] of refused) {
    expect(codeOf(await call('PUT', '/how.raw/a?tagging', { body: set(pairs) }))).toEqual([400, code])
  }
  expect((await call('DELETE', '/how.raw/a?tagging')).status).toBe(204)
  expect((await call('GET', '/how.raw/a?tagging')).text).not.toContain('<Key>')
})

test.each([
  ['policy', 404, 'NoSuchBucketPolicy'],
  ['cors', 404, 'NoSuchCORSConfiguration'],
  ['website', 404, 'NoSuchWebsiteConfiguration'],
  ['lifecycle', 404, 'NoSuchLifecycleConfiguration'],
  ['replication', 404, 'ReplicationConfigurationNotFoundError'],
  ['object-lock', 404, 'ObjectLockConfigurationNotFoundError'],
  ['logging', 200, undefined],
  ['accelerate', 200, undefined],
  ['notification', 200, undefined],
  ['requestPayment', 200, undefined],
  ['acl', 200, undefined],
  ['ownershipControls', 200, undefined],
  ['policyStatus', 404, 'NoSuchBucketPolicy'],
  ['tagging', 404, 'NoSuchTagSet'],
  ['versioning', 200, undefined],
  ['encryption', 200, undefined],
  ['publicAccessBlock', 200, undefined],
  ['location', 200, undefined],
  ['analytics', 200, undefined],
  ['inventory', 200, undefined],
  ['metrics', 200, undefined],
  ['intelligent-tiering', 200, undefined],
  ['analytics&id=1', 404, 'NoSuchConfiguration'],
  ['inventory&id=1', 404, 'NoSuchConfiguration'],
  ['metrics&id=1', 404, 'NoSuchConfiguration'],
  ['intelligent-tiering&id=1', 404, 'NoSuchConfiguration'],
] as const)('reading ?%s of a bucket that never had it answers %i as AWS does', async (parameter, status, code) => {
  expect(codeOf(await call('GET', `/how.raw?${parameter}`))).toEqual([status, code])
  expect(codeOf(await call('GET', `/none?${parameter}`))).toEqual([404, 'NoSuchBucket'])
})

test.each([
  ['PUT', '/how.raw?inventory&id=1', 'PutBucketInventoryConfiguration'],
  ['PUT', '/how.raw?analytics&id=1', 'PutBucketAnalyticsConfiguration'],
  ['PUT', '/how.raw?metrics&id=1', 'PutBucketMetricsConfiguration'],
  ['PUT', '/how.raw?intelligent-tiering&id=1', 'PutBucketIntelligentTieringConfiguration'],
  ['PUT', '/how.raw?website', 'PutBucketWebsite'],
  ['PUT', '/how.raw?replication', 'PutBucketReplication'],
  ['PUT', '/how.raw?metadataInventoryTable', 'UpdateBucketMetadataInventoryTableConfiguration'],
  ['GET', '/how.raw?abac', 'GetBucketAbac'],
  ['PUT', '/how.raw/a?renameObject', 'RenameObject'],
  ['GET', '/how.raw?session', 'CreateSession'],
  ['POST', '/how.raw/a?restore', 'RestoreObject'],
  ['POST', '/how.raw/a?select&select-type=2', 'SelectObjectContent'],
  ['GET', '/how.raw/a?torrent', 'GetObjectTorrent'],
] as const)('%s %s is refused by its name', async (method, target, name) => {
  const answer = await call(method, target)
  expect(codeOf(answer)).toEqual([501, 'NotImplemented'])
  expect(elementOf(answer.text, 'Message')).toContain(name)
})

test('a method that S3 does not know there is not allowed', async () => {
  const answer = await call('POST', '/how.raw/a')
  expect(codeOf(answer)).toEqual([405, 'MethodNotAllowed'])
  expect(elementOf(answer.text, 'ResourceType')).toBe('OBJECT')
})

test('the expected owner must be the lake’s account', async () => {
  const ask = (owner: string) => call('HEAD', '/how.raw', { headers: { 'x-amz-expected-bucket-owner': owner } })
  expect((await ask('000000000000')).status).toBe(200)
  expect((await ask('111111111111')).status).toBe(403)
  expect((await ask('nobody')).status).toBe(400)
})

test('listings page, fold and encode as S3 does', async () => {
  for (const key of ['a%20b', 'dir/1', 'dir/2', 'z']) await call('PUT', `/how.raw/${key}`, { body: 'x' })
  const v2 = await call('GET', '/how.raw?list-type=2&delimiter=/&max-keys=2&encoding-type=url')
  expect([elementsOf(v2.text, 'Key'), elementOf(v2.text, 'KeyCount'), elementOf(v2.text, 'IsTruncated')]).toEqual([
    ['a+b'],
    '2',
    'true',
  ])
  const token = elementOf(v2.text, 'NextContinuationToken') as string
  const rest = await call('GET', `/how.raw?list-type=2&delimiter=/&continuation-token=${token}`)
  expect([elementsOf(rest.text, 'Key'), elementsOf(rest.text, 'Prefix')]).toEqual([['z'], ['']])
  expect(v2.text).not.toContain('<Owner>')

  const v1 = await call('GET', '/how.raw?max-keys=1')
  expect([elementOf(v1.text, 'Marker'), elementOf(v1.text, 'NextMarker')]).toEqual(['', undefined])
  expect(v1.text).toContain('<Owner>')
  const folded = await call('GET', '/how.raw?max-keys=2&delimiter=/')
  expect(elementOf(folded.text, 'NextMarker')).toBe('dir/')

  const cases: [string, string][] = [
    ['list-type=2&continuation-token=', 'InvalidArgument'],
    ['list-type=2&continuation-token=nonsense', 'InvalidArgument'],
    ['list-type=2&max-keys=-1', 'InvalidArgument'],
    ['list-type=2&max-keys=x', 'InvalidArgument'],
    ['encoding-type=rot13', 'InvalidArgument'],
    ['versions&version-id-marker=x', 'InvalidArgument'],
  ]
  for (const [query, code] of cases) expect(codeOf(await call('GET', `/how.raw?${query}`))).toEqual([400, code])
})
