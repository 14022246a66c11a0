import { describe, expect, test } from 'vitest'
import { ownerOf } from '../../../../src/services/s3/owner.ts'
import { elementOf, elementsOf, perTest } from '../support.ts'
import { accessWorld, NOBODY, outcomeOf } from './support.ts'

const { world, call } = perTest(accessWorld)

const OWNER = ownerOf({ accountId: '000000000000' }).ID
const GROUPS = 'http://acs.amazonaws.com/groups'
const ALL_USERS = `${GROUPS}/global/AllUsers`

const ownership = (rule: string, bucket = 'lake') =>
  call('PUT', `/${bucket}?ownershipControls`, {
    body: `<OwnershipControls><Rule><ObjectOwnership>${rule}</ObjectOwnership></Rule></OwnershipControls>`,
  })

/** ACLs count, and may be public. */
async function openLake(): Promise<void> {
  await ownership('ObjectWriter')
  await world().unblock('lake')
}

const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
const grantee = {
  owner: `<Grantee ${XSI} xsi:type="CanonicalUser"><ID>${OWNER}</ID></Grantee>`,
  stranger: `<Grantee ${XSI} xsi:type="CanonicalUser"><ID>${'0'.repeat(64)}</ID></Grantee>`,
  group: (uri: string) => `<Grantee ${XSI} xsi:type="Group"><URI>${uri}</URI></Grantee>`,
  address: `<Grantee ${XSI} xsi:type="AmazonCustomerByEmail"><EmailAddress>a@example.com</EmailAddress></Grantee>`,
}
const policyOf = (grants: readonly (readonly [string, string])[], owner = OWNER) => {
  const list = grants.map(([who, right]) => `<Grant>${who}<Permission>${right}</Permission></Grant>`).join('')
  return `<AccessControlPolicy><Owner><ID>${owner}</ID></Owner><AccessControlList>${list}</AccessControlList></AccessControlPolicy>`
}

/** `owner FULL_CONTROL, …/AllUsers READ` */
async function aclOf(target: string): Promise<string> {
  const { text } = await call('GET', `${target}?acl`)
  return [...text.matchAll(/<Grant>.*?<(?:ID|URI)>(.*?)<.*?<Permission>(.*?)<.*?<\/Grant>/g)]
    .map(([, who, right]) => `${who === OWNER ? 'owner' : who?.replace(GROUPS, '…')} ${right}`)
    .join(', ')
}

describe('a bucket as AWS makes it', () => {
  test.each(['private', 'public-read', 'bucket-owner-read'])(
    'takes no ACL %s, of itself or of its objects',
    async (acl) => {
      const headers = { 'x-amz-acl': acl }
      await call('PUT', '/lake/a', { body: 'x' })
      for (const [method, target] of [
        ['PUT', '/lake?acl'],
        ['PUT', '/lake/a?acl'],
        ['PUT', '/lake/b'],
        ['POST', '/lake/b?uploads'],
      ] as const) {
        expect(outcomeOf(await call(method, target, { headers }))).toBe('400 AccessControlListNotSupported')
      }
      expect(outcomeOf(await call('HEAD', '/lake/b'))).toBe('404 NoSuchKey')
    },
  )

  test('takes what says that its owner has every right', async () => {
    const headers = { 'x-amz-acl': 'bucket-owner-full-control' }
    expect(outcomeOf(await call('PUT', '/lake/a', { headers, body: 'x' }))).toBe('200')
    expect(outcomeOf(await call('PUT', '/lake/a?acl', { headers }))).toBe('200')
    expect(outcomeOf(await call('PUT', '/lake?acl', { body: policyOf([[grantee.owner, 'FULL_CONTROL']]) }))).toBe('200')
    expect(await aclOf('/lake')).toBe('owner FULL_CONTROL')
    expect(await aclOf('/lake/a')).toBe('owner FULL_CONTROL')
    const body = policyOf([[grantee.group(ALL_USERS), 'READ']])
    expect(outcomeOf(await call('PUT', '/lake?acl', { body }))).toBe('400 AccessControlListNotSupported')
  })
})

test('ownership is set, read back, removed and set again', async () => {
  const read = async () => elementOf((await call('GET', '/lake?ownershipControls')).text, 'ObjectOwnership')
  expect(await read()).toBe('BucketOwnerEnforced')
  for (const rule of ['BucketOwnerPreferred', 'ObjectWriter']) {
    expect(outcomeOf(await ownership(rule))).toBe('200')
    expect(await read()).toBe(rule)
  }
  expect(outcomeOf(await ownership('Nobody'))).toBe('400 MalformedXML')
  expect(outcomeOf(await call('DELETE', '/lake?ownershipControls'))).toBe('204')
  expect(outcomeOf(await call('GET', '/lake?ownershipControls'))).toBe('404 OwnershipControlsNotFoundError')
  // As in buckets from before there was the setting: ACLs count.
  expect(outcomeOf(await call('PUT', '/lake?acl', { headers: { 'x-amz-acl': 'private' } }))).toBe('200')
  expect(outcomeOf(await ownership('BucketOwnerEnforced'))).toBe('200')
})

test('ACLs are not turned off while the bucket’s own grants others something', async () => {
  await openLake()
  await call('PUT', '/lake?acl', { headers: { 'x-amz-acl': 'log-delivery-write' } })
  expect(outcomeOf(await ownership('BucketOwnerEnforced'))).toBe('400 InvalidBucketAclWithObjectOwnership')
  await call('PUT', '/lake?acl', { headers: { 'x-amz-acl': 'private' } })
  expect(outcomeOf(await ownership('BucketOwnerEnforced'))).toBe('200')
})

test('what objects granted counts no more once ACLs are off, and again when they are back', async () => {
  await openLake()
  await call('PUT', '/lake/a', { body: 'x', headers: { 'x-amz-acl': 'public-read' } })
  const read = async () => outcomeOf(await call('GET', '/lake/a', { as: NOBODY }))
  expect(await read()).toBe('200')
  await ownership('BucketOwnerEnforced')
  expect(await read()).toBe('403 AccessDenied')
  expect(await aclOf('/lake/a')).toBe('owner FULL_CONTROL')
  await ownership('ObjectWriter')
  expect(await read()).toBe('200')
})

test.each([
  ['private', 'owner FULL_CONTROL'],
  ['bucket-owner-full-control', 'owner FULL_CONTROL'],
  ['public-read', 'owner FULL_CONTROL, …/global/AllUsers READ'],
  ['public-read-write', 'owner FULL_CONTROL, …/global/AllUsers READ, …/global/AllUsers WRITE'],
  ['authenticated-read', 'owner FULL_CONTROL, …/global/AuthenticatedUsers READ'],
  ['log-delivery-write', 'owner FULL_CONTROL, …/s3/LogDelivery WRITE, …/s3/LogDelivery READ_ACP'],
])('the canned ACL %s reads back as %s', async (acl, shown) => {
  await openLake()
  const headers = { 'x-amz-acl': acl }
  await call('PUT', '/lake/a', { body: 'x', headers })
  expect(outcomeOf(await call('PUT', '/lake?acl', { headers }))).toBe('200')
  expect(await aclOf('/lake')).toBe(shown)
  expect(await aclOf('/lake/a')).toBe(shown)
})

test('grants in headers and bodies read back as they were given, and no others', async () => {
  await openLake()
  await call('PUT', '/lake/a', {
    body: 'x',
    headers: {
      'x-amz-grant-read': `uri="${ALL_USERS}", id="${OWNER}"`,
      'x-amz-grant-write-acp': `id=${OWNER}`,
    },
  })
  expect(await aclOf('/lake/a')).toBe('…/global/AllUsers READ, owner READ, owner WRITE_ACP')
  const grants = [
    [grantee.group(`${GROUPS}/s3/LogDelivery`), 'WRITE'],
    [grantee.owner, 'READ'],
    [grantee.group(`${GROUPS}/global/AuthenticatedUsers`), 'FULL_CONTROL'],
  ] as const
  expect(outcomeOf(await call('PUT', '/lake?acl', { body: policyOf(grants) }))).toBe('200')
  expect(await aclOf('/lake')).toBe('…/s3/LogDelivery WRITE, owner READ, …/global/AuthenticatedUsers FULL_CONTROL')
  expect(outcomeOf(await call('PUT', '/lake/a?acl', { body: policyOf([]) }))).toBe('200')
  expect(await aclOf('/lake/a')).toBe('')
})

test.each([
  ['an unknown canned ACL', { headers: { 'x-amz-acl': 'shared' } }, '400 InvalidArgument'],
  ['a grant to EC2, which a lake does not have', { headers: { 'x-amz-acl': 'aws-exec-read' } }, '501 NotImplemented'],
  [
    'a canned ACL beside grants',
    { headers: { 'x-amz-acl': 'private', 'x-amz-grant-read': `id=${OWNER}` } },
    '400 InvalidRequest',
  ],
  ['another account', { headers: { 'x-amz-grant-read': `id=${'0'.repeat(64)}` } }, '400 InvalidArgument'],
  [
    'an e-mail address',
    { headers: { 'x-amz-grant-read': 'emailAddress="a@example.com"' } },
    '400 UnresolvableGrantByEmailAddress',
  ],
  ['an unknown group', { headers: { 'x-amz-grant-read': 'uri="http://example.com/all"' } }, '400 InvalidArgument'],
  ['no form of a grantee', { headers: { 'x-amz-grant-read': 'everybody' } }, '400 InvalidArgument'],
  ['neither header nor body', {}, '400 MissingSecurityHeader'],
  ['headers beside a body', { headers: { 'x-amz-acl': 'private' }, body: policyOf([]) }, '400 UnexpectedContent'],
  ['another account in the body', { body: policyOf([[grantee.stranger, 'READ']]) }, '400 InvalidArgument'],
  [
    'an e-mail address in the body',
    { body: policyOf([[grantee.address, 'READ']]) },
    '400 UnresolvableGrantByEmailAddress',
  ],
  ['an unknown right', { body: policyOf([[grantee.owner, 'OWN']]) }, '400 MalformedXML'],
  ['another owner', { body: policyOf([], '0'.repeat(64)) }, '400 InvalidArgument'],
  ['no owner', { body: '<AccessControlPolicy><AccessControlList/></AccessControlPolicy>' }, '400 MalformedACLError'],
  [
    '101 grants',
    { body: policyOf(Array.from({ length: 101 }, () => [grantee.owner, 'READ'] as const)) },
    '400 MalformedACLError',
  ],
])('%s is refused, and the ACL stays', async (_, given, outcome) => {
  await openLake()
  await call('PUT', '/lake/a', { body: 'x', headers: { 'x-amz-acl': 'authenticated-read' } })
  for (const target of ['/lake', '/lake/a']) {
    const before = await aclOf(target)
    expect(outcomeOf(await call('PUT', `${target}?acl`, given))).toBe(outcome)
    expect(await aclOf(target)).toBe(before)
  }
})

test('an ACL may have a hundred grants', async () => {
  await openLake()
  const body = policyOf(Array.from({ length: 100 }, () => [grantee.owner, 'READ'] as const))
  expect(outcomeOf(await call('PUT', '/lake?acl', { body }))).toBe('200')
  expect(elementsOf((await call('GET', '/lake?acl')).text, 'Permission')).toHaveLength(100)
})

/** Canned ACL of bucket and object, and what everybody and a user without policies get by them. */
const enforced: readonly {
  readonly acls: readonly [bucket: string, object: string]
  readonly ask: readonly [method: string, target: string]
  readonly nobody: string
  readonly ann: string
}[] = [
  { acls: ['private', 'public-read'], ask: ['GET', '/lake/a'], nobody: '200', ann: '200' },
  { acls: ['private', 'authenticated-read'], ask: ['GET', '/lake/a'], nobody: '403 AccessDenied', ann: '200' },
  { acls: ['private', 'private'], ask: ['GET', '/lake/a'], nobody: '403 AccessDenied', ann: '403 AccessDenied' },
  { acls: ['public-read', 'private'], ask: ['GET', '/lake/a'], nobody: '403 AccessDenied', ann: '403 AccessDenied' },
  { acls: ['public-read', 'private'], ask: ['GET', '/lake'], nobody: '200', ann: '200' },
  { acls: ['public-read', 'private'], ask: ['GET', '/lake?versions'], nobody: '200', ann: '200' },
  {
    acls: ['public-read', 'public-read'],
    ask: ['GET', '/lake/none'],
    nobody: '403 AccessDenied',
    ann: '403 AccessDenied',
  },
  { acls: ['public-read', 'private'], ask: ['PUT', '/lake/b'], nobody: '403 AccessDenied', ann: '403 AccessDenied' },
  { acls: ['public-read-write', 'private'], ask: ['PUT', '/lake/b'], nobody: '200', ann: '200' },
  { acls: ['public-read-write', 'private'], ask: ['POST', '/lake/b?uploads'], nobody: '403 AccessDenied', ann: '200' },
  {
    acls: ['public-read-write', 'private'],
    ask: ['DELETE', '/lake/a'],
    nobody: '403 AccessDenied',
    ann: '403 AccessDenied',
  },
  {
    acls: ['public-read', 'public-read'],
    ask: ['GET', '/lake/a?acl'],
    nobody: '403 AccessDenied',
    ann: '403 AccessDenied',
  },
]

test.each(enforced)(
  'bucket and object $acls: $ask gives nobody $nobody, a user $ann',
  async ({ acls, ask, nobody, ann }) => {
    await openLake()
    const [ofBucket, ofObject] = acls
    await call('PUT', '/lake?acl', { headers: { 'x-amz-acl': ofBucket } })
    await call('PUT', '/lake/a', { body: 'x', headers: { 'x-amz-acl': ofObject } })
    const [method, target] = ask
    expect(outcomeOf(await call(method, target, { as: NOBODY }))).toBe(nobody)
    expect(outcomeOf(await call(method, target, { as: world().ann }))).toBe(ann)
  },
)

test('the rights to read and to write an ACL are granted apart', async () => {
  await openLake()
  const headers = { 'x-amz-grant-read-acp': `uri="${ALL_USERS}"`, 'x-amz-grant-write-acp': `id="${OWNER}"` }
  await call('PUT', '/lake/a', { body: 'x', headers })
  const as = NOBODY
  expect(outcomeOf(await call('GET', '/lake/a?acl', { as }))).toBe('200')
  expect(outcomeOf(await call('GET', '/lake/a', { as }))).toBe('403 AccessDenied')
  expect(outcomeOf(await call('PUT', '/lake/a?acl', { as, headers: { 'x-amz-acl': 'public-read' } }))).toBe(
    '403 AccessDenied',
  )
})

test('a policy that denies beats an ACL that grants', async () => {
  await openLake()
  await call('PUT', '/lake/a', { body: 'x', headers: { 'x-amz-acl': 'public-read' } })
  await world().putPolicy('lake', { Effect: 'Deny', Action: 's3:GetObject', Resource: 'arn:aws:s3:::lake/*' })
  expect(outcomeOf(await call('GET', '/lake/a', { as: NOBODY }))).toBe('403 AccessDenied')
})

describe('the public access block', () => {
  const block = (flag: string) =>
    call('PUT', '/lake?publicAccessBlock', {
      body: `<PublicAccessBlockConfiguration><${flag}>true</${flag}></PublicAccessBlockConfiguration>`,
    })

  test('refuses public ACLs and takes the others', async () => {
    await openLake()
    await call('PUT', '/lake/a', { body: 'x', headers: { 'x-amz-acl': 'public-read' } })
    await block('BlockPublicAcls')
    for (const [method, target] of [
      ['PUT', '/lake?acl'],
      ['PUT', '/lake/a?acl'],
      ['PUT', '/lake/b'],
      ['POST', '/lake/b?uploads'],
    ] as const) {
      for (const acl of ['public-read', 'authenticated-read']) {
        const answer = await call(method, target, { headers: { 'x-amz-acl': acl } })
        expect(outcomeOf(answer)).toBe('403 AccessDenied')
        expect(elementOf(answer.text, 'Message')).toContain('BlockPublicAcls')
      }
    }
    expect(outcomeOf(await call('PUT', '/lake?acl', { headers: { 'x-amz-acl': 'log-delivery-write' } }))).toBe('200')
    // What is public already stays so: another flag is for that.
    expect(outcomeOf(await call('GET', '/lake/a', { as: NOBODY }))).toBe('200')
  })

  test('makes public ACLs be as if they were not there, without removing them', async () => {
    await openLake()
    await call('PUT', '/lake/a', { body: 'x', headers: { 'x-amz-acl': 'public-read' } })
    await block('IgnorePublicAcls')
    expect(outcomeOf(await call('GET', '/lake/a', { as: NOBODY }))).toBe('403 AccessDenied')
    expect(await aclOf('/lake/a')).toContain('AllUsers READ')
    await world().unblock('lake')
    expect(outcomeOf(await call('GET', '/lake/a', { as: NOBODY }))).toBe('200')
  })
})

test('a bucket is made with its ownership and ACL, or not at all', async () => {
  const make = async (name: string, headers: Record<string, string>) =>
    outcomeOf(await call('PUT', `/${name}`, { headers }))
  const writer = { 'x-amz-object-ownership': 'ObjectWriter' }
  expect(await make('one', { ...writer, 'x-amz-acl': 'log-delivery-write' })).toBe('200')
  expect(await aclOf('/one')).toContain('LogDelivery WRITE')
  expect(elementOf((await call('GET', '/one?ownershipControls')).text, 'ObjectOwnership')).toBe('ObjectWriter')
  expect(await make('two', { 'x-amz-acl': 'private' })).toBe('200')
  const refused: readonly (readonly [Record<string, string>, string])[] = [
    [{ 'x-amz-acl': 'public-read' }, '400 InvalidBucketAclWithObjectOwnership'],
    [{ 'x-amz-acl': 'log-delivery-write' }, '400 InvalidBucketAclWithObjectOwnership'],
    [{ ...writer, 'x-amz-acl': 'public-read' }, '400 InvalidBucketAclWithBlockPublicAccessError'],
    [{ 'x-amz-object-ownership': 'Nobody' }, '400 InvalidArgument'],
  ]
  for (const [headers, outcome] of refused) {
    expect(await make('three', headers)).toBe(outcome)
    expect(outcomeOf(await call('HEAD', '/three'))).toBe('404 NoSuchBucket')
  }
})

test('an ACL travels with a multipart upload and a copy, not with what is copied', async () => {
  await openLake()
  const begun = await call('POST', '/lake/big?uploads', { headers: { 'x-amz-acl': 'public-read' } })
  const uploadId = elementOf(begun.text, 'UploadId')
  const part = await call('PUT', `/lake/big?partNumber=1&uploadId=${uploadId}`, { body: 'x' })
  const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers['etag']}</ETag></Part></CompleteMultipartUpload>`
  await call('POST', `/lake/big?uploadId=${uploadId}`, { body })
  expect(await aclOf('/lake/big')).toContain('AllUsers READ')
  await call('PUT', '/lake/copy', { headers: { 'x-amz-copy-source': '/lake/big' } })
  expect(await aclOf('/lake/copy')).toBe('owner FULL_CONTROL')
})
