import { expect, test } from 'vitest'
import { MetadataDatabase } from '../../src/platform/sqlite.ts'
import { trustText } from '../support/policies.ts'
import { ROOT_KEY, testCredentials } from '../support/test-identities.ts'

const role = { name: 'loader', path: '/jobs/', trustPolicy: trustText('*'), sessionSecondsMax: 3600, tags: [] }

async function world(database = new MetadataDatabase(':memory:')) {
  const made = testCredentials(database)
  const user = await made.identities.createUser({ name: 'ann', path: '/', tags: [] })
  const key = await made.identities.createAccessKey('ann')
  const { id } = await made.identities.createRole(role)
  const ofRole = await made.sessions.start(
    { kind: 'role', id, name: 'loader', sessionName: 'run-1', policies: ['p'] },
    900,
  )
  const ofUser = await made.sessions.start(
    { kind: 'user', id: user.id, name: 'ann', accessKeyId: key.accessKeyId },
    900,
  )
  return { ...made, user, key, ofRole, ofUser }
}

test('a key says who stands behind it', async () => {
  const { credentials, key, ofRole, ofUser } = await world()
  expect(credentials.principalOf(ROOT_KEY.accessKeyId)).toEqual({
    kind: 'root',
    arn: 'arn:aws:iam::000000000000:root',
  })
  expect(credentials.principalOf(key.accessKeyId)).toMatchObject({ kind: 'user', name: 'ann' })
  expect(credentials.principalOf(ofUser.accessKeyId)).toMatchObject({ kind: 'user', issuedAtMs: ofUser.issuedAtMs })
  expect(credentials.principalOf(ofRole.accessKeyId)).toMatchObject({
    kind: 'roleSession',
    arn: 'arn:aws:sts::000000000000:assumed-role/loader/run-1',
    roleArn: 'arn:aws:iam::000000000000:role/jobs/loader',
    sessionPolicies: ['p'],
  })
})

test('temporary credentials are there after a restart, with the same end', async () => {
  const { database, ofRole } = await world()
  const { credentials } = testCredentials(database)
  expect(credentials.credentialOf(ofRole.accessKeyId)).toEqual({
    secretAccessKey: ofRole.secretAccessKey,
    session: { token: ofRole.token, expiresAtMs: ofRole.expiresAtMs },
  })
})

test('a role that is deleted ends its sessions, and another of its name does not bring them back', async () => {
  const { identities, credentials, ofRole } = await world()
  await identities.deletePrincipal('role', 'loader')
  expect(credentials.credentialOf(ofRole.accessKeyId)).toBeUndefined()
  await identities.createRole(role)
  expect(credentials.credentialOf(ofRole.accessKeyId)).toBeUndefined()
})

test('a key that is made inactive ends the sessions made with it', async () => {
  const { identities, credentials, key, ofUser } = await world()
  await identities.setAccessKeyStatus('ann', key.accessKeyId, 'Inactive')
  expect(credentials.credentialOf(ofUser.accessKeyId)).toBeUndefined()
  await identities.setAccessKeyStatus('ann', key.accessKeyId, 'Active')
  expect(credentials.credentialOf(ofUser.accessKeyId)).toBeDefined()
})

test('a session that expired is remembered for a day, to say so, and then swept', async () => {
  const { sessions, clock, ofRole, database } = await world()
  clock.jumpTo(clock.nowMs() + 900_000)
  expect(sessions.find(ofRole.accessKeyId)).toBeDefined()
  clock.jumpTo(clock.nowMs() + 24 * 3600 * 1000 + 1001)
  await sessions.start({ kind: 'root' }, 900)
  expect(sessions.find(ofRole.accessKeyId)).toBeUndefined()
  expect(database.prepare('SELECT access_key_id FROM identity_session').all()).toHaveLength(1)
})
