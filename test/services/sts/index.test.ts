import { expect, test } from 'vitest'
import { authoriseOperation, queryAccessDenied } from '../../../src/gateway/authorise.ts'
import { LakeAccess } from '../../../src/identity/lake-access.ts'
import { isRefusal } from '../../../src/platform/refusal.ts'
import type { Caller } from '../../../src/services/operation.ts'
import { stsService } from '../../../src/services/sts/index.ts'
import type { StsOperations } from '../../../src/wire/model/sts.ts'
import { policyText, trustText } from '../../support/policies.ts'
import { ROOT_KEY, testCredentials } from '../../support/test-identities.ts'

const ROLE = 'arn:aws:iam::000000000000:role/loader'
const ANN = 'arn:aws:iam::000000000000:user/ann'
const ACCOUNT = { AWS: '000000000000' }

async function world(trust: string = trustText(ACCOUNT)) {
  const made = testCredentials()
  const { identities, sessions, credentials, clock } = made
  const service = stsService({ identities, sessions })
  const access = new LakeAccess({ identities, clock, region: 'us-east-1' })
  await identities.createUser({ name: 'ann', path: '/', tags: [] })
  const key = await identities.createAccessKey('ann')
  await identities.createRole({ name: 'loader', path: '/', trustPolicy: trust, sessionSecondsMax: 7200, tags: [] })

  /** As the gateway does it: authorise, then run. */
  async function call<Name extends keyof StsOperations>(
    accessKeyId: string,
    name: Name,
    input: StsOperations[Name]['input'],
  ): Promise<StsOperations[Name]['output']> {
    const principal = credentials.principalOf(accessKeyId)
    const caller: Caller = { accessKeyId, arn: principal.arn, principal, requestId: 'r', sourceIp: '127.0.0.1' }
    const run = service.operations[name]
    if (run === undefined) throw new Error(`no operation ${name}`)
    try {
      await authoriseOperation(access, service, name, input, caller, queryAccessDenied)
      return (await run(input as never, service.context, caller)) as StsOperations[Name]['output']
    } catch (error) {
      throw isRefusal(error) ? service.toWireError(error) : error
    }
  }
  const mayAssume = () => identities.putInlinePolicy('user', 'ann', 'assume', policyText({ Action: 'sts:AssumeRole' }))
  const assume = (input: object = {}) =>
    call(key.accessKeyId, 'AssumeRole', { RoleArn: ROLE, RoleSessionName: 'run-1', ...input })
  return { ...made, key, call, mayAssume, assume }
}

test('whoever signs learns who they are, with whatever credentials', async () => {
  const { call, key, assume, mayAssume, identities } = await world()
  expect(await call(ROOT_KEY.accessKeyId, 'GetCallerIdentity', {})).toEqual({
    UserId: '000000000000',
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:root',
  })
  expect(await call(key.accessKeyId, 'GetCallerIdentity', {})).toMatchObject({ Arn: ANN })
  await mayAssume()
  const { Credentials, AssumedRoleUser } = await assume()
  expect(await call(Credentials?.AccessKeyId ?? '', 'GetCallerIdentity', {})).toEqual({
    UserId: AssumedRoleUser?.AssumedRoleId,
    Account: '000000000000',
    Arn: AssumedRoleUser?.Arn,
  })
  expect(AssumedRoleUser?.AssumedRoleId).toBe(`${identities.roleNamed('loader').id}:run-1`)
})

const DENIED = `User: ${ANN} is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`
const withId = trustText(ACCOUNT, { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } })

/** Trust of the role, whether the user's own policy allows it, what else is asked, and whether it is given. */
const trusts: readonly (readonly [what: string, trust: string, own: boolean, input: object, given: boolean])[] = [
  ['the account, and a policy of the user', trustText(ACCOUNT), true, {}, true],
  ['the account alone', trustText(ACCOUNT), false, {}, false],
  ['the user by name', trustText({ AWS: ANN }), false, {}, true],
  ['another user, and a policy', trustText({ AWS: `${ANN}a` }), true, {}, false],
  ['a service alone', trustText({ Service: 'firehose.amazonaws.com' }), true, {}, false],
  ['the right external id', withId, true, { ExternalId: 'x' }, true],
  ['no external id', withId, true, {}, false],
  ['a role that is not there', trustText(ACCOUNT), true, { RoleArn: `${ROLE}s` }, false],
]

test.each(trusts)('a role that trusts %s', async (_what, trust, own, input, given) => {
  const { assume, mayAssume } = await world(trust)
  if (own) await mayAssume()
  if (given) expect((await assume(input)).Credentials?.AccessKeyId).toMatch(/^ASIA/)
  else await expect(assume(input)).rejects.toMatchObject({ code: 'AccessDenied', status: 403 })
})

test('who may not assume a role is told so without a reason, and root may not at all', async () => {
  const { assume, call } = await world()
  await expect(assume()).rejects.toThrow(DENIED)
  await expect(call(ROOT_KEY.accessKeyId, 'AssumeRole', { RoleArn: ROLE, RoleSessionName: 'run-1' })).rejects.toThrow(
    'Roles may not be assumed by root accounts.',
  )
})

test('a session lasts as long as asked, within what the role and the chain allow', async () => {
  const { assume, mayAssume, call, clock, identities } = await world()
  await mayAssume()
  const { Credentials } = await assume({ DurationSeconds: 7200 })
  expect(Credentials?.Expiration).toEqual(new Date(clock.nowMs() + 7_200_000))
  await expect(assume({ DurationSeconds: 7201 })).rejects.toThrow('exceeds the MaxSessionDuration set for this role')
  await identities.putInlinePolicy('role', 'loader', 'chain', policyText({ Action: 'sts:AssumeRole' }))
  const again = { RoleArn: ROLE, RoleSessionName: 'run-2', DurationSeconds: 3601 }
  await expect(call(Credentials?.AccessKeyId ?? '', 'AssumeRole', again)).rejects.toThrow('1 hour session limit')
})

test('session policies are part of who asks; one that is none is refused', async () => {
  const { assume, mayAssume, credentials } = await world()
  await mayAssume()
  const policy = policyText({ Action: 's3:*' })
  const { Credentials } = await assume({ Policy: policy })
  expect(credentials.principalOf(Credentials?.AccessKeyId ?? '')).toMatchObject({ sessionPolicies: [policy] })
  await expect(assume({ Policy: '{}' })).rejects.toMatchObject({ code: 'MalformedPolicyDocument' })
  await expect(assume({ PolicyArns: [{ arn: 'arn:aws:iam::000000000000:policy/none' }] })).rejects.toMatchObject({
    code: 'MalformedPolicyDocument',
  })
})

test('a user gets a session of its own, root one of an hour at most, and a session none', async () => {
  const { call, key, clock } = await world()
  const { Credentials } = await call(key.accessKeyId, 'GetSessionToken', {})
  expect(Credentials?.Expiration).toEqual(new Date(clock.nowMs() + 43_200_000))
  const ofRoot = await call(ROOT_KEY.accessKeyId, 'GetSessionToken', {})
  expect(ofRoot.Credentials?.Expiration).toEqual(new Date(clock.nowMs() + 3_600_000))
  await expect(call(Credentials?.AccessKeyId ?? '', 'GetSessionToken', {})).rejects.toThrow(
    'Cannot call GetSessionToken with session credentials',
  )
})

test.each(['Tags', 'TransitiveTagKeys'])('%s are refused by name, not ignored', async (member) => {
  const { assume, mayAssume } = await world()
  await mayAssume()
  await expect(assume({ [member]: ['x'] })).rejects.toThrow(`lakelet does not offer ${member}.`)
})
