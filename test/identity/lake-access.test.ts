import { expect, test } from 'vitest'
import { LakeAccess } from '../../src/identity/lake-access.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { policyText } from '../support/policies.ts'
import { testIdentities } from '../support/test-identities.ts'

async function world() {
  const identities = testIdentities()
  const user = await identities.createUser({ name: 'ann', path: '/', tags: [{ key: 'Team', value: 'blue' }] })
  const access = new LakeAccess({ identities, clock: new FakeClock(), region: 'eu-west-1' })
  const principal = { kind: 'user', arn: identities.arnOfPrincipal(user), id: user.id, name: 'ann' } as const
  const mayList = (sourceIp = '127.0.0.1') =>
    access.judge({ principal, sourceIp }, { action: 's3:ListBucket', resource: 'arn:aws:s3:::lake' }).isAllowed
  return { identities, access, principal, mayList }
}

const listIf = (operator: string, key: string, value: string) =>
  policyText({ Action: 's3:ListBucket', Condition: { [operator]: { [key]: value } } })

test('what a policy grants holds from the moment it is written to the moment it is gone', async () => {
  const { identities, mayList } = await world()
  expect(mayList()).toBe(false)
  await identities.putInlinePolicy('user', 'ann', 'list', policyText({ Action: 's3:List*' }))
  expect(mayList()).toBe(true)
  await identities.deleteInlinePolicy('user', 'ann', 'list')
  expect(mayList()).toBe(false)

  const { arn } = await identities.createPolicy({ name: 'p', path: '/', document: policyText({}), tags: [] })
  await identities.attach('user', 'ann', arn)
  expect(mayList()).toBe(true)
  const limit = { name: 'limit', path: '/', document: policyText({ Action: 'sqs:*' }), tags: [] }
  const { arn: boundaryArn } = await identities.createPolicy(limit)
  await identities.changeUser('ann', (user) => ({ ...user, boundaryArn }))
  expect(mayList()).toBe(false)
  await identities.changeUser('ann', ({ boundaryArn: _, ...user }) => user)
  await identities.detach('user', 'ann', arn)
  expect(mayList()).toBe(false)
})

const facts: readonly (readonly [operator: string, key: string, value: string, sourceIp: string, holds: boolean])[] = [
  ['IpAddress', 'aws:SourceIp', '10.0.0.0/8', '::ffff:10.1.2.3', true],
  ['IpAddress', 'aws:SourceIp', '10.0.0.0/8', '192.0.2.1', false],
  ['Bool', 'aws:SecureTransport', 'true', '127.0.0.1', true],
  ['Bool', 'aws:SecureTransport', 'true', '::1', true],
  ['Bool', 'aws:SecureTransport', 'true', '::ffff:127.0.0.1', true],
  ['Bool', 'aws:SecureTransport', 'true', '192.0.2.1', false],
  ['StringEquals', 'aws:username', 'ann', '127.0.0.1', true],
  ['StringEquals', 'aws:PrincipalTag/team', 'blue', '127.0.0.1', true],
  ['StringEquals', 'aws:PrincipalType', 'User', '127.0.0.1', true],
  ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:user/a*', '127.0.0.1', true],
  ['StringEquals', 'aws:PrincipalAccount', '000000000000', '127.0.0.1', true],
  ['StringEquals', 'aws:RequestedRegion', 'eu-west-1', '127.0.0.1', true],
  ['Null', 'aws:MultiFactorAuthPresent', 'true', '127.0.0.1', true],
  ['DateGreaterThan', 'aws:CurrentTime', '2000-01-01T00:00:00Z', '127.0.0.1', true],
  ['NumericGreaterThan', 'aws:EpochTime', '1000000000', '127.0.0.1', true],
]

for (const [operator, key, value, sourceIp, holds] of facts) {
  test(`${operator} ${key} ${value} ${holds ? 'holds' : 'fails'} for a user at ${sourceIp}`, async () => {
    const { identities, mayList } = await world()
    await identities.putInlinePolicy('user', 'ann', 'list', listIf(operator, key, value))
    expect(mayList(sourceIp)).toBe(holds)
  })
}

test('a bucket policy that cannot be read lets nobody in but root, to mend it', async () => {
  const { access, principal } = await world()
  const ofResource = { policy: 'not a policy' }
  const root = { kind: 'root', arn: 'arn:aws:iam::000000000000:root' } as const
  const may = (who: typeof principal | typeof root, action: string) =>
    access.judge({ principal: who, sourceIp: '' }, { action, resource: 'arn:aws:s3:::lake', ofResource }).isAllowed
  expect(may(root, 's3:ListBucket')).toBe(false)
  expect(may(root, 's3:DeleteBucketPolicy')).toBe(true)
})
