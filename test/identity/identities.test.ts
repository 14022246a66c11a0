import { expect, test } from 'vitest'
import { ACCESS_KEYS_PER_USER_MAX, TAGS_MAX } from '../../src/identity/identities.ts'
import { MetadataDatabase } from '../../src/platform/sqlite.ts'
import { policyText, trustText } from '../support/policies.ts'
import { ROOT_KEY, testIdentities } from '../support/test-identities.ts'

const TRUST = trustText({ Service: 'glue.amazonaws.com' })
const POLICY = policyText({ Action: 's3:*' })
const role = (name: string, path = '/') => ({ name, path, trustPolicy: TRUST, sessionSecondsMax: 3600, tags: [] })
const user = (name: string) => ({ name, path: '/', tags: [] })

test('root’s key is known and is root’s; nobody else’s is', () => {
  const identities = testIdentities()
  expect(identities.secretOf(ROOT_KEY.accessKeyId)).toBe(ROOT_KEY.secretAccessKey)
  expect(identities.secretOf('AKIANOBODY')).toBeUndefined()
})

test('a user’s key signs until it is made inactive, and never after it is deleted', async () => {
  const identities = testIdentities()
  await identities.createUser(user('ann'))
  const { accessKeyId, secretAccessKey } = await identities.createAccessKey('ann')
  expect(identities.secretOf(accessKeyId)).toBe(secretAccessKey)
  await identities.setAccessKeyStatus('ann', accessKeyId, 'Inactive')
  expect(identities.secretOf(accessKeyId)).toBeUndefined()
  await identities.setAccessKeyStatus('ann', accessKeyId, 'Active')
  expect(identities.secretOf(accessKeyId)).toBe(secretAccessKey)
  await identities.deleteAccessKey('ann', accessKeyId)
  expect(identities.secretOf(accessKeyId)).toBeUndefined()
})

test('keys, roles and policies are there after a restart', async () => {
  const database = new MetadataDatabase(':memory:')
  const before = testIdentities(database)
  await before.createUser(user('ann'))
  const key = await before.createAccessKey('ann')
  await before.createRole(role('r'))
  await before.putInlinePolicy('role', 'r', 'p', POLICY)
  const after = testIdentities(database)
  expect(after.secretOf(key.accessKeyId)).toBe(key.secretAccessKey)
  expect(after.roleNamed('r').trustPolicy).toBe(TRUST)
  expect(after.inlinePolicyNamed('role', 'r', 'p')).toBe(POLICY)
})

test('a role is found by its arn or name, and by nothing else', async () => {
  const identities = testIdentities()
  await identities.createRole(role('r', '/service-role/'))
  const found = [
    'arn:aws:iam::000000000000:role/service-role/r',
    'r',
    'service-role/r',
    'arn:aws:iam::000000000000:role/r',
    'arn:aws:iam::111111111111:role/service-role/r',
    'arn:aws:iam::000000000000:user/r',
    'x',
    '',
  ].map((name) => identities.roleExists(name))
  expect(found).toEqual([true, true, true, false, false, false, false, false])
})

test('names are unique without regard to case, and ids are not reused', async () => {
  const identities = testIdentities()
  const first = await identities.createRole(role('Role'))
  await expect(identities.createRole(role('rOLE'))).rejects.toMatchObject({
    code: 'entityExists',
    message: 'Role with name rOLE already exists.',
  })
  await identities.deletePrincipal('role', 'Role')
  expect((await identities.createRole(role('Role'))).id).not.toBe(first.id)
})

test('what still hangs on an entity keeps it from being deleted', async () => {
  const identities = testIdentities()
  await identities.createRole(role('r'))
  const policy = await identities.createPolicy({ name: 'p', path: '/', document: POLICY, tags: [] })
  await identities.attach('role', 'r', policy.arn)
  await expect(identities.deletePolicy(policy.arn)).rejects.toMatchObject({ code: 'deleteConflict' })
  await expect(identities.deletePrincipal('role', 'r')).rejects.toMatchObject({ code: 'deleteConflict' })
  await identities.detach('role', 'r', policy.arn)
  await identities.putInlinePolicy('role', 'r', 'i', POLICY)
  await expect(identities.deletePrincipal('role', 'r')).rejects.toMatchObject({ code: 'deleteConflict' })
  await identities.deleteInlinePolicy('role', 'r', 'i')
  await identities.deletePrincipal('role', 'r')
  await identities.deletePolicy(policy.arn)
  expect(identities.roles()).toEqual([])
  expect(identities.policies()).toEqual([])
})

test('a policy of AWS’s own can be attached, one that is nowhere cannot', async () => {
  const identities = testIdentities()
  await identities.createRole(role('r'))
  const arn = 'arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole'
  await identities.attach('role', 'r', arn)
  await identities.attach('role', 'r', arn)
  expect(identities.attachedPolicies('role', 'r')).toEqual([arn])
  await expect(identities.attach('role', 'r', 'arn:aws:iam::000000000000:policy/none')).rejects.toMatchObject({
    code: 'noSuchEntity',
  })
})

test.each(['', '{', '[]', '{}', 'null', '{"Statement":"x"}'])('%o is no policy', async (document) => {
  const identities = testIdentities()
  expect(() => identities.createRole({ ...role('r'), trustPolicy: document })).toThrow(
    expect.objectContaining({ code: 'malformedPolicy' }),
  )
})

test('quotas hold at the bound', async () => {
  const identities = testIdentities()
  const tags = Array.from({ length: TAGS_MAX }, (_, index) => ({ key: `k${index}`, value: '' }))
  await identities.createUser({ ...user('ann'), tags })
  expect(() => identities.createUser({ ...user('bob'), tags: [...tags, { key: 'one more', value: '' }] })).toThrow(
    expect.objectContaining({ code: 'limitExceeded' }),
  )
  for (let made = 0; made < ACCESS_KEYS_PER_USER_MAX; made++) await identities.createAccessKey('ann')
  await expect(identities.createAccessKey('ann')).rejects.toMatchObject({ code: 'limitExceeded' })
})

test('emptied, only root is left', async () => {
  const identities = testIdentities()
  await identities.createUser(user('ann'))
  const key = await identities.createAccessKey('ann')
  await identities.createRole(role('r'))
  await identities.attach('role', 'r', 'arn:aws:iam::aws:policy/ReadOnlyAccess')
  await identities.clear()
  expect([identities.users(), identities.roles(), identities.secretOf(key.accessKeyId)]).toEqual([[], [], undefined])
  expect(identities.secretOf(ROOT_KEY.accessKeyId)).toBeDefined()
})
