import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { StatementGiven } from '../../../support/policies.ts'
import { elementOf, elementsOf, perTest } from '../support.ts'
import { accessWorld, NOBODY, outcomeOf } from './support.ts'

const { world, call } = perTest(accessWorld)

const LAKE = 'arn:aws:s3:::lake'
const DENIED = '403 AccessDenied'

/** What a user may do with one statement, and what not. */
const cases: readonly {
  readonly may: StatementGiven
  readonly asks: readonly (readonly [string, string, Readonly<Record<string, string>>?, string?])[]
  readonly gets: readonly string[]
}[] = [
  {
    may: { Action: 's3:GetObject', Resource: `${LAKE}/ann/*` },
    asks: [
      ['GET', '/lake/ann/a'],
      ['HEAD', '/lake/ann/a'],
      ['GET', '/lake/bob/a'],
      ['GET', '/lake/ann/missing'],
      ['GET', '/lake/ann/a?versionId=null'],
      ['GET', '/lake/ann/a?tagging'],
      ['GET', '/lake/ann/a?acl'],
      ['PUT', '/lake/ann/a'],
      ['GET', '/lake'],
      ['GET', '/none/a'],
    ],
    gets: ['200', '200', DENIED, DENIED, DENIED, DENIED, DENIED, DENIED, DENIED, '404 NoSuchBucket'],
  },
  {
    may: { Action: ['s3:GetObject', 's3:ListBucket'], Resource: [LAKE, `${LAKE}/*`] },
    asks: [
      ['GET', '/lake/missing'],
      ['HEAD', '/lake'],
      ['GET', '/lake?list-type=2'],
      ['GET', '/lake?versions'],
      ['GET', '/lake?uploads'],
      ['GET', '/lake?location'],
      ['GET', '/'],
    ],
    gets: ['404 NoSuchKey', '200', '200', DENIED, DENIED, DENIED, DENIED],
  },
  {
    may: { Action: 's3:ListBucket', Resource: LAKE, Condition: { StringLike: { 's3:prefix': ['ann/*', ''] } } },
    asks: [
      ['GET', '/lake?list-type=2&prefix=ann/2026'],
      ['GET', '/lake?list-type=2&prefix='],
      ['GET', '/lake?list-type=2'],
      ['GET', '/lake?prefix=bob/'],
    ],
    gets: ['200', '200', DENIED, DENIED],
  },
  {
    may: { Action: 's3:ListBucket', Condition: { NumericLessThanEquals: { 's3:max-keys': '10' } } },
    asks: [
      ['GET', '/lake?max-keys=10'],
      ['GET', '/lake?max-keys=11'],
    ],
    gets: ['200', DENIED],
  },
  {
    may: { Action: 's3:PutObject' },
    asks: [
      ['PUT', '/lake/new'],
      ['PUT', '/lake/new', { 'x-amz-tagging': 'a=b' }],
      ['PUT', '/lake/new', { 'x-amz-acl': 'bucket-owner-full-control' }],
      ['PUT', '/lake/new', { 'x-amz-object-lock-legal-hold': 'ON' }],
      ['PUT', '/lake/new', { 'x-amz-object-lock-mode': 'GOVERNANCE' }],
      ['PUT', '/lake/new', { 'if-match': '"x"' }],
      ['PUT', '/lake/copy', { 'x-amz-copy-source': '/lake/ann/a' }],
      ['POST', '/lake/big?uploads'],
      ['DELETE', '/lake/new'],
    ],
    gets: ['200', DENIED, DENIED, DENIED, DENIED, DENIED, DENIED, '200', DENIED],
  },
  {
    may: {
      Action: 's3:PutObject',
      Condition: {
        StringEquals: { 's3:x-amz-server-side-encryption': 'AES256', 's3:x-amz-storage-class': 'STANDARD' },
      },
    },
    asks: [
      ['PUT', '/lake/new', { 'x-amz-server-side-encryption': 'AES256', 'x-amz-storage-class': 'STANDARD' }],
      ['PUT', '/lake/new', { 'x-amz-server-side-encryption': 'AES256' }],
      ['PUT', '/lake/new'],
    ],
    gets: ['200', DENIED, DENIED],
  },
  {
    may: { Action: ['s3:PutObject', 's3:GetObject'], Condition: { Null: { 's3:if-none-match': 'false' } } },
    asks: [
      ['PUT', '/lake/once', { 'if-none-match': '*' }],
      ['PUT', '/lake/once'],
    ],
    gets: ['200', DENIED],
  },
  {
    may: {
      Action: ['s3:PutObject', 's3:PutObjectTagging'],
      Condition: { StringLike: { 's3:RequestObjectTag/Team': 'b*' } },
    },
    asks: [
      ['PUT', '/lake/new', { 'x-amz-tagging': 'Team=blue' }],
      ['PUT', '/lake/new', { 'x-amz-tagging': 'Team=red' }],
    ],
    gets: ['200', DENIED],
  },
  {
    may: { Action: 's3:GetObject', Condition: { StringEquals: { 's3:ExistingObjectTag/team': 'blue' } } },
    asks: [
      ['GET', '/lake/blue'],
      ['GET', '/lake/ann/a'],
    ],
    gets: ['200', DENIED],
  },
  {
    may: { Action: ['s3:GetObject', 's3:PutObject'] },
    asks: [
      ['PUT', '/lake/copy', { 'x-amz-copy-source': '/lake/ann/a' }],
      // The tags of the source would be copied: reading and writing them must be allowed, too.
      ['PUT', '/lake/copy', { 'x-amz-copy-source': '/lake/blue' }],
      ['PUT', '/lake/copy', { 'x-amz-copy-source': '/lake/blue', 'x-amz-tagging-directive': 'REPLACE' }],
      ['PUT', '/lake/copy', { 'x-amz-copy-source': '/none/blue' }],
    ],
    gets: ['200', DENIED, '200', '404 NoSuchBucket'],
  },
  {
    may: {
      Action: 's3:PutObjectTagging',
      Condition: { 'ForAllValues:StringEquals': { 's3:RequestObjectTagKeys': ['team', 'stage'] } },
    },
    asks: [
      ['PUT', '/lake/blue?tagging', {}, tagging('team')],
      ['PUT', '/lake/blue?tagging', {}, tagging('owner')],
    ],
    gets: ['200', DENIED],
  },
  {
    // The bucket has no Object Lock: who is allowed hears that, who is not does not.
    may: {
      Action: 's3:PutObjectRetention',
      Condition: { NumericLessThanEquals: { 's3:object-lock-remaining-retention-days': '10' } },
    },
    asks: [
      ['PUT', '/lake/blue?retention', {}, retention('2026-01-25T12:00:00Z')],
      ['PUT', '/lake/blue?retention', {}, retention('2026-01-25T12:00:01Z')],
      [
        'PUT',
        '/lake/blue?retention',
        { 'x-amz-bypass-governance-retention': 'true' },
        retention('2026-01-25T12:00:00Z'),
      ],
    ],
    gets: ['400 InvalidRequest', DENIED, DENIED],
  },
  {
    may: { Action: 's3:PutObjectLegalHold', Condition: { StringEquals: { 's3:object-lock-legal-hold': 'ON' } } },
    asks: [
      ['PUT', '/lake/blue?legal-hold', {}, '<LegalHold><Status>ON</Status></LegalHold>'],
      ['PUT', '/lake/blue?legal-hold', {}, '<LegalHold><Status>OFF</Status></LegalHold>'],
    ],
    gets: ['400 InvalidRequest', DENIED],
  },
  {
    may: { Action: 's3:CreateBucket', Condition: { StringEquals: { 's3:LocationConstraint': 'eu-central-1' } } },
    asks: [
      ['PUT', '/another', {}, location('eu-central-1')],
      ['PUT', '/another', {}, location('eu-west-1')],
      ['PUT', '/another'],
    ],
    gets: ['400 IllegalLocationConstraintException', DENIED, DENIED],
  },
  {
    may: { Action: 's3:CreateBucket', Condition: { Null: { 's3:locationconstraint': 'true' } } },
    asks: [
      ['PUT', '/another'],
      ['PUT', '/third', { 'x-amz-object-ownership': 'ObjectWriter' }],
      ['DELETE', '/lake'],
    ],
    gets: ['200', DENIED, DENIED],
  },
  {
    may: { Action: 's3:GetObject', Condition: { NumericLessThan: { 's3:signatureAge': '60000' } } },
    asks: [
      ['GET', '/lake/ann/a', { authorization: 'AWS4-HMAC-SHA256 …', 'x-amz-date': '20260115T120000Z' }],
      ['GET', '/lake/ann/a', { authorization: 'AWS4-HMAC-SHA256 …', 'x-amz-date': '20260115T115900Z' }],
      ['GET', '/lake/ann/a?X-Amz-Signature=x&X-Amz-Date=20260115T115959Z'],
    ],
    gets: ['200', DENIED, '200'],
  },
  {
    may: { Action: 's3:GetObject', Condition: { StringEquals: { 's3:authType': 'REST-HEADER' } } },
    asks: [
      ['GET', '/lake/ann/a', { authorization: 'AWS4-HMAC-SHA256 …' }],
      ['GET', '/lake/ann/a?X-Amz-Signature=x'],
    ],
    gets: ['200', DENIED],
  },
]

describe.each(cases)('a user who may $may', ({ may, asks, gets }) => {
  test(`gets ${gets.join(', ')}`, async () => {
    for (const key of ['ann/a', 'bob/a']) await call('PUT', `/lake/${key}`, { body: 'x' })
    await call('PUT', '/lake/blue', { body: 'x', headers: { 'x-amz-tagging': 'team=blue' } })
    await world().allow(may)
    const answers = []
    for (const [method, target, headers = {}, body = ''] of asks) {
      answers.push(outcomeOf(await call(method, target, { as: world().ann, headers, body })))
    }
    expect(answers).toEqual(gets)
  })
})

test('the refusal names who, what, and why', async () => {
  const text = async (method: string, target: string) =>
    elementOf((await call(method, target, { as: world().ann })).text, 'Message')
  const user = 'User: arn:aws:iam::000000000000:user/ann is not authorized to perform'
  expect(await text('GET', '/lake/a')).toBe(
    `${user}: s3:GetObject on resource: &quot;${LAKE}/a&quot; because no identity-based policy allows the s3:GetObject action`,
  )
  expect(await text('GET', '/')).toBe(
    `${user}: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action`,
  )
  await world().putPolicy('lake', { Effect: 'Deny', Action: 's3:GetObject', Resource: `${LAKE}/*` })
  expect(await text('GET', '/lake/a')).toContain('with an explicit deny in a resource-based policy')
  expect(elementOf((await call('GET', '/lake/a', { as: NOBODY })).text, 'Message')).toBe('Access Denied')
})

test('of many keys to delete those that are not allowed stay, each with its own refusal', async () => {
  for (const key of ['ann/a', 'bob/a', 'ann/b']) await call('PUT', `/lake/${key}`, { body: 'x' })
  await world().allow({ Action: 's3:DeleteObject', Resource: `${LAKE}/ann/*` })
  const remove = (keys: readonly string[], headers = {}) => {
    const body = `<Delete>${keys.map((key) => `<Object>${key}</Object>`).join('')}</Delete>`
    return call('POST', '/lake?delete', { as: world().ann, body, headers: { 'content-md5': md5(body), ...headers } })
  }
  const keys = ['ann/a', 'bob/a', 'ann/b'].map((key) => `<Key>${key}</Key>`)
  const answer = await remove([...keys, '<Key>ann/c</Key><VersionId>null</VersionId>'])
  expect(answer.status).toBe(200)
  expect(elementsOf(answer.text, 'Code')).toEqual(['AccessDenied', 'AccessDenied'])
  expect(elementsOf(answer.text, 'Message')[0]).toContain('not authorized to perform: s3:DeleteObject on resource')
  expect(elementsOf(answer.text, 'Message')[1]).toContain('s3:DeleteObjectVersion')
  expect(elementsOf((await call('GET', '/lake')).text, 'Key')).toEqual(['bob/a'])
  const bypass = await remove(['<Key>ann/a</Key>'], { 'x-amz-bypass-governance-retention': 'true' })
  expect(elementOf(bypass.text, 'Message')).toContain('s3:BypassGovernanceRetention')
})

test('parts of an upload are judged by what it was begun with', async () => {
  await world().allow(
    { Action: 's3:PutObject' },
    { Effect: 'Deny', Action: 's3:PutObject', Condition: { Null: { 's3:x-amz-server-side-encryption': 'true' } } },
  )
  const as = world().ann
  expect(outcomeOf(await call('POST', '/lake/big?uploads', { as }))).toBe(DENIED)
  const begun = await call('POST', '/lake/big?uploads', { as, headers: { 'x-amz-server-side-encryption': 'AES256' } })
  const uploadId = elementOf(begun.text, 'UploadId')
  const part = await call('PUT', `/lake/big?partNumber=1&uploadId=${uploadId}`, { as, body: 'x' })
  expect(outcomeOf(part)).toBe('200')
  const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers['etag']}</ETag></Part></CompleteMultipartUpload>`
  expect(outcomeOf(await call('POST', `/lake/big?uploadId=${uploadId}`, { as, body }))).toBe('200')
})

test('a copy asks the policies of both buckets', async () => {
  await call('PUT', '/source')
  await call('PUT', '/source/a', { body: 'x' })
  await world().allow({ Action: ['s3:GetObject', 's3:PutObject'] })
  const copy = () => call('PUT', '/lake/a', { as: world().ann, headers: { 'x-amz-copy-source': '/source/a' } })
  expect(outcomeOf(await copy())).toBe('200')
  await world().putPolicy('source', { Effect: 'Deny', Action: 's3:GetObject', Resource: 'arn:aws:s3:::source/*' })
  expect(outcomeOf(await copy())).toBe(DENIED)
  await call('DELETE', '/source?policy')
  await world().putPolicy('lake', { Effect: 'Deny', Action: 's3:PutObject', Resource: `${LAKE}/*` })
  expect(outcomeOf(await copy())).toBe(DENIED)
})

test('a bucket’s policy alone lets a user in, and stops even root, but never from changing it', async () => {
  await call('PUT', '/lake/a', { body: 'x' })
  await world().putPolicy('lake', {
    Principal: { AWS: world().ann.arn },
    Action: 's3:GetObject',
    Resource: `${LAKE}/*`,
  })
  expect(outcomeOf(await call('GET', '/lake/a', { as: world().ann }))).toBe('200')
  await world().putPolicy('lake', { Effect: 'Deny', Action: 's3:*' })
  expect(outcomeOf(await call('GET', '/lake/a'))).toBe(DENIED)
  expect(outcomeOf(await call('GET', '/lake?policy'))).toBe('200')
  expect(outcomeOf(await call('DELETE', '/lake?policy'))).toBe('204')
  expect(outcomeOf(await call('GET', '/lake/a'))).toBe('200')
})

describe('nobody', () => {
  const ask = async (method: string, target: string, headers = {}) =>
    outcomeOf(await call(method, target, { as: NOBODY, headers }))

  test('may do nothing in a bucket that says nothing', async () => {
    await call('PUT', '/lake/a', { body: 'x' })
    for (const [method, target] of [
      ['GET', '/lake/a'],
      ['HEAD', '/lake/a'],
      ['GET', '/lake'],
      ['PUT', '/lake/b'],
      ['DELETE', '/lake/a'],
      ['POST', '/lake/b?uploads'],
      ['PUT', '/new-bucket'],
      ['GET', '/'],
      ['DELETE', '/lake'],
    ] as const) {
      expect(await ask(method, target)).toBe(DENIED)
    }
    expect(await ask('GET', '/none/a')).toBe('404 NoSuchBucket')
    expect(outcomeOf(await call('GET', '/lake/a'))).toBe('200')
  })

  test('reads what a policy makes public, once the block is off', async () => {
    await call('PUT', '/lake/a', { body: 'x' })
    const makePublic = () => world().putPolicy('lake', { Action: 's3:GetObject', Resource: `${LAKE}/*` })
    const blocked = await makePublic()
    expect(outcomeOf(blocked)).toBe(DENIED)
    expect(elementOf(blocked.text, 'Message')).toContain('BlockPublicPolicy')
    expect(await ask('GET', '/lake/a')).toBe(DENIED)
    await world().unblock('lake')
    expect(outcomeOf(await makePublic())).toBe('204')
    expect(await ask('GET', '/lake/a')).toBe('200')
    expect(await ask('GET', '/lake/missing')).toBe(DENIED)
    expect(await ask('GET', '/lake')).toBe(DENIED)
    expect(await ask('GET', '/lake/a?response-content-type=text/plain')).toBe('400 InvalidRequest')
    expect(elementOf((await call('GET', '/lake?policyStatus')).text, 'IsPublic')).toBe('true')

    const restrict =
      '<PublicAccessBlockConfiguration><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>'
    await call('PUT', '/lake?publicAccessBlock', { body: restrict })
    expect(await ask('GET', '/lake/a')).toBe(DENIED)
    expect(outcomeOf(await call('GET', '/lake/a', { as: world().ann }))).toBe('200')
  })

  test('is let in by address, which does not make a policy public', async () => {
    await call('PUT', '/lake/a', { body: 'x' })
    const from = (range: string) =>
      world().putPolicy('lake', {
        Action: 's3:GetObject',
        Resource: `${LAKE}/*`,
        Condition: { IpAddress: { 'aws:SourceIp': range } },
      })
    expect(outcomeOf(await from('192.0.2.0/24'))).toBe('204')
    expect(elementOf((await call('GET', '/lake?policyStatus')).text, 'IsPublic')).toBe('false')
    expect(await ask('GET', '/lake/a')).toBe('200')
    expect(outcomeOf(await from('198.51.100.0/24'))).toBe('204')
    expect(await ask('GET', '/lake/a')).toBe(DENIED)
  })

  test('cannot touch a bucket’s policy, whatever it says', async () => {
    await world().unblock('lake')
    await world().putPolicy('lake', { Action: 's3:*' })
    expect(await ask('GET', '/lake?policy')).toBe('405 MethodNotAllowed')
    expect(await ask('DELETE', '/lake?policy')).toBe('405 MethodNotAllowed')
    expect(await ask('GET', '/lake?policyStatus')).toBe('200')
  })
})

function tagging(key: string): string {
  return `<Tagging><TagSet><Tag><Key>${key}</Key><Value>x</Value></Tag></TagSet></Tagging>`
}

function retention(until: string): string {
  return `<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>${until}</RetainUntilDate></Retention>`
}

function location(constraint: string): string {
  return `<CreateBucketConfiguration><LocationConstraint>${constraint}</LocationConstraint></CreateBucketConfiguration>`
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('base64')
}
