/** Policies of a caller and of buckets, as Athena asks for them: judged by the lake's evaluator and S3's own rules. */
import { expect, test } from 'vitest'
import { LakeAccess } from '../../../src/identity/lake-access.ts'
import type { CustomerKey } from '../../../src/keys/customer-keys.ts'
import { defaultKeyPolicy } from '../../../src/keys/key-policies.ts'
import type { Bucket, Grant, ObjectVersion } from '../../../src/objects/object-store.ts'
import type { DataAccess } from '../../../src/query/data-access.ts'
import { openAccess } from '../../../src/services/access.ts'
import { dataAccess } from '../../../src/services/athena/data-access.ts'
import { bucketPermissions } from '../../../src/services/s3/access/for-services.ts'
import { rootCaller } from '../../support/callers.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { policyText, type StatementGiven } from '../../support/policies.ts'
import { testIdentities } from '../../support/test-identities.ts'

interface Given {
  /** Statements of the user's policy. */
  readonly may?: readonly StatementGiven[]
  /** Of the policy of the bucket `lake`. */
  readonly bucket?: readonly StatementGiven[]
  readonly acl?: readonly Grant[]
  readonly as?: 'root'
}

async function accessOf({ may = [], bucket, acl, as }: Given): Promise<DataAccess | undefined> {
  const clock = new FakeClock()
  const identities = testIdentities(undefined, clock)
  const user = await identities.createUser({ name: 'ann', path: '/', tags: [] })
  const arn = identities.arnOfPrincipal(user)
  if (may.length > 0) await identities.putInlinePolicy('user', 'ann', 'policy', policyText(...may))
  const ann = rootCaller({ accessKeyId: 'AKIAANN', arn, principal: { kind: 'user', arn, id: user.id, name: 'ann' } })
  const lake: Bucket = {
    name: 'lake',
    createdAtMs: 0,
    region: 'us-east-1',
    versioning: 'unversioned',
    encryption: { algorithm: 'AES256', bucketKeyEnabled: false },
    publicAccessBlock: undefined,
    tags: {},
    ...(bucket !== undefined && { policy: policyText(...bucket.map((one) => ({ Principal: '*', ...one }))) }),
    ...(acl !== undefined && { ownership: 'objectWriter', acl }),
  }
  const settings = { region: 'us-east-1', accountId: '000000000000' }
  const objects = { findBucket: (name: string) => (name === 'lake' ? lake : undefined) }
  return dataAccess(as === 'root' ? rootCaller() : ann, {
    access: new LakeAccess({ identities, clock, region: settings.region }),
    bucketPermissionsOf: bucketPermissions({ objects, keys: { byId: () => KEY }, ...settings }),
    settings,
  })
}

function version(key: string, tags: Readonly<Record<string, string>> = {}): ObjectVersion {
  return {
    bucket: 'lake',
    key,
    versionId: 'null',
    isLatest: true,
    isDeleteMarker: false,
    size: 1,
    etag: '',
    lastModifiedMs: 0,
    encryption: 'AES256',
    checksum: undefined,
    metadata: { tags },
  }
}

const KEY_ARN = 'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000001'
const KEY: CustomerKey = {
  id: '00000000-0000-4000-8000-000000000001',
  createdAtMs: 0,
  description: '',
  manager: 'customer',
  state: 'enabled',
  policy: defaultKeyPolicy('000000000000'),
  tags: {},
}

test.each<[string, readonly StatementGiven[], boolean]>([
  ['S3 alone', [{ Action: 's3:*' }], false],
  ['S3 and the key', [{ Action: 's3:*' }, { Action: 'kms:Decrypt', Resource: KEY_ARN }], true],
  ['S3 and another key', [{ Action: 's3:*' }, { Action: 'kms:Decrypt', Resource: `${KEY_ARN}9` }], false],
])('a query reads what is under a key of KMS with rights to %s', async (_what, may, isAllowed) => {
  const encryption = { kind: 'kms', keyId: KEY.id, keyArn: KEY_ARN, usesBucketKey: false } as const
  const access = await accessOf({ may })
  expect(access?.bucket('lake')?.read({ ...version('orders/a'), encryption }) === undefined).toBe(isAllowed)
})

const glue = (rest: string) => `arn:aws:glue:us-east-1:000000000000:${rest}`
const ALL: StatementGiven = {}
const ON_ORDERS: StatementGiven = {
  Action: ['glue:GetTable', 'glue:GetDatabase'],
  Resource: ['catalog', 'database/shop', 'table/shop/orders'].map(glue),
}
const BELOW_ORDERS: StatementGiven = { Action: 's3:GetObject', Resource: 'arn:aws:s3:::lake/orders/*' }

test.each<[what: string, given: Given, database: string, table: string, isAllowed: boolean]>([
  ['nothing', {}, 'shop', 'orders', false],
  ['athena:* alone', { may: [{ Action: 'athena:*' }] }, 'shop', 'orders', false],
  ['all', { may: [ALL] }, 'shop', 'orders', true],
  ['one table', { may: [ON_ORDERS] }, 'shop', 'orders', true],
  ['one table, asked in capitals', { may: [ON_ORDERS] }, 'Shop', 'Orders', true],
  ['one table, of another', { may: [ON_ORDERS] }, 'shop', 'clicks', false],
  [
    'the table without its database',
    { may: [{ Resource: [glue('catalog'), glue('table/*')] }] },
    'shop',
    'orders',
    false,
  ],
  [
    'all but one table',
    { may: [ALL, { Effect: 'Deny', Resource: glue('table/shop/orders') }] },
    'shop',
    'orders',
    false,
  ],
  [
    'all but one table, of another',
    { may: [ALL, { Effect: 'Deny', Resource: glue('table/shop/orders') }] },
    'shop',
    'clicks',
    true,
  ],
  [
    'all but one database',
    { may: [ALL, { Effect: 'Deny', Resource: glue('database/shop') }] },
    'shop',
    'orders',
    false,
  ],
  ['NotResource', { may: [{ NotResource: glue('table/shop/*') }] }, 'shop', 'orders', false],
  ['NotAction', { may: [{ NotAction: 'glue:*' }] }, 'shop', 'orders', false],
  [
    'all, but not by way of Athena',
    { may: [ALL, { Effect: 'Deny', Action: 'glue:*', Condition: viaAthena() }] },
    'shop',
    'orders',
    false,
  ],
])('who may %s', async (_what, given, database, table, isAllowed) => {
  const access = await accessOf(given)
  expect(access?.catalog?.onTable('GetTable', database, table) === undefined).toBe(isAllowed)
})

function viaAthena() {
  return {
    'ForAnyValue:StringEquals': { 'aws:CalledVia': 'athena.amazonaws.com' },
    Bool: { 'aws:ViaAWSService': 'true' },
  }
}

const SECRET = { StringEquals: { 's3:ExistingObjectTag/class': 'secret' } }
const DENY = { Effect: 'Deny' } as const

test.each<[what: string, given: Given, key: string, isAllowed: boolean]>([
  ['nothing', {}, 'orders/a', false],
  ['all', { may: [ALL] }, 'orders/a', true],
  ['one folder', { may: [BELOW_ORDERS] }, 'orders/a', true],
  ['one folder, of another', { may: [BELOW_ORDERS] }, 'wages/a', false],
  ['all but one key', { may: [ALL, { ...DENY, Resource: 'arn:aws:s3:::lake/orders/a' }] }, 'orders/a', false],
  [
    'all but one key, of another',
    { may: [ALL, { ...DENY, Resource: 'arn:aws:s3:::lake/orders/a' }] },
    'orders/b',
    true,
  ],
  ['NotResource', { may: [{ NotResource: 'arn:aws:s3:::lake/*' }] }, 'orders/a', false],
  ['all where the bucket denies', { may: [ALL], bucket: [{ ...DENY, Action: 's3:GetObject' }] }, 'orders/a', false],
  [
    'all where the bucket denies another key',
    { may: [ALL], bucket: [{ ...DENY, Resource: 'arn:aws:s3:::lake/wages/*' }] },
    'orders/a',
    true,
  ],
  ['nothing, where the bucket allows', { bucket: [{ Action: 's3:GetObject' }] }, 'orders/a', true],
  [
    'nothing, where the ACL of the bucket lets all users list',
    { acl: [{ grantee: 'authenticatedUsers', right: 'read' }] },
    'orders/a',
    false,
  ],
  ['all but what is tagged secret', { may: [ALL, { ...DENY, Condition: SECRET }] }, 'secret', false],
  ['all but what is tagged secret, of the rest', { may: [ALL, { ...DENY, Condition: SECRET }] }, 'orders/a', true],
  ['all, as root', { as: 'root' }, 'orders/a', true],
  ['all, as root, where the bucket denies', { as: 'root', bucket: [DENY] }, 'orders/a', false],
])('who may %s: read', async (_what, given, key, isAllowed) => {
  const access = await accessOf(given)
  const tags: Record<string, string> = key === 'secret' ? { class: 'secret' } : {}
  expect(access?.bucket('lake')?.read(version(key, tags)) === undefined).toBe(isAllowed)
})

test('lists are asked for by prefix, results by their encryption', async () => {
  const access = await accessOf({
    may: [
      { Action: 's3:ListBucket', Condition: { StringLike: { 's3:prefix': 'orders/*' } } },
      { Action: 's3:PutObject', Condition: { StringEquals: { 's3:x-amz-server-side-encryption': 'AES256' } } },
    ],
  })
  const rights = access?.bucket('lake')
  expect(rights?.list('orders/')).toBeUndefined()
  expect(rights?.list('wages/')).toContain(
    'is not authorized to perform: s3:ListBucket on resource: arn:aws:s3:::lake ',
  )
  expect(rights?.write('out/a.csv', 'AES256')).toBeUndefined()
  expect(rights?.write('out/a.csv', undefined)).toContain('s3:PutObject on resource: arn:aws:s3:::lake/out/a.csv ')
})

test('an ACL that opens an object to every user opens it to Athena too', async () => {
  const access = await accessOf({ acl: [] })
  const acl: readonly Grant[] = [{ grantee: 'authenticatedUsers', right: 'read' }]
  expect(access?.bucket('lake')?.read(version('orders/a'))).toBeDefined()
  expect(access?.bucket('lake')?.read({ ...version('orders/a'), acl })).toBeUndefined()
})

test('nothing is asked where nothing could be refused: an open lake, root, a bucket that is not there', async () => {
  const root = await accessOf({ as: 'root' })
  expect(root?.catalog).toBeUndefined()
  expect(root?.bucket('lake')).toBeUndefined()
  expect((await accessOf({ may: [ALL] }))?.bucket('none')).toBeUndefined()
  const settings = { region: 'us-east-1', accountId: '000000000000' }
  expect(
    dataAccess(rootCaller(), { access: openAccess, bucketPermissionsOf: () => undefined, settings }),
  ).toBeUndefined()
})
