import { expect, test } from 'vitest'
import { isRefusal } from '../../../src/platform/refusal.ts'
import { iamService } from '../../../src/services/iam/index.ts'
import { type Operation, WireError } from '../../../src/services/operation.ts'
import type { IamOperations } from '../../../src/wire/model/iam.ts'
import { rootCaller } from '../../support/callers.ts'
import { policyText, trustText } from '../../support/policies.ts'
import { ROOT_KEY, testIdentities } from '../../support/test-identities.ts'

const TRUST = trustText({ Service: 'firehose.amazonaws.com' })
const POLICY = policyText({ Action: 's3:*' })
const GLUE = 'arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole'
const root = rootCaller({ accessKeyId: ROOT_KEY.accessKeyId })

function iam(caller = root) {
  const service = iamService(testIdentities())
  return async <Name extends keyof IamOperations & string>(
    name: Name,
    input: IamOperations[Name]['input'],
  ): Promise<IamOperations[Name]['output']> => {
    const operation = service.operations[name] as Operation<unknown, IamOperations[Name]['output'], unknown> | undefined
    if (operation === undefined) throw new Error(`${name} is not offered`)
    try {
      return await operation(input, service.context, caller)
    } catch (error) {
      throw (isRefusal(error) && service.toWireError(error)) || error
    }
  }
}

test('a role for a delivery stream is made, described and found as Terraform does it', async () => {
  const call = iam()
  const { Role } = await call('CreateRole', {
    RoleName: 'firehose',
    AssumeRolePolicyDocument: TRUST,
    Tags: [{ Key: 'a', Value: 'b' }],
  })
  expect(Role).toMatchObject({
    Arn: 'arn:aws:iam::000000000000:role/firehose',
    Path: '/',
    MaxSessionDuration: 3600,
    AssumeRolePolicyDocument: encodeURIComponent(TRUST),
    Tags: [{ Key: 'a', Value: 'b' }],
  })
  await call('PutRolePolicy', { RoleName: 'firehose', PolicyName: 'write', PolicyDocument: POLICY })
  await call('AttachRolePolicy', { RoleName: 'firehose', PolicyArn: GLUE })
  expect(await call('GetRole', { RoleName: 'firehose' })).toEqual({ Role })
  expect(await call('ListRolePolicies', { RoleName: 'firehose' })).toEqual({
    PolicyNames: ['write'],
    IsTruncated: false,
  })
  expect((await call('GetRolePolicy', { RoleName: 'firehose', PolicyName: 'write' })).PolicyDocument).toBe(
    encodeURIComponent(POLICY).replaceAll('*', '%2A'),
  )
  expect((await call('ListAttachedRolePolicies', { RoleName: 'firehose' })).AttachedPolicies).toEqual([
    { PolicyName: 'AWSGlueServiceRole', PolicyArn: GLUE },
  ])
  expect((await call('ListInstanceProfilesForRole', { RoleName: 'firehose' })).InstanceProfiles).toEqual([])
})

test('lists come in pages that lose and repeat nothing', async () => {
  const call = iam()
  const names = Array.from({ length: 7 }, (_, index) => `role-${index}`)
  for (const RoleName of names) await call('CreateRole', { RoleName, AssumeRolePolicyDocument: TRUST })
  const seen: string[] = []
  let Marker: string | undefined
  do {
    const page = await call('ListRoles', { MaxItems: 3, Marker })
    seen.push(...page.Roles.map((role) => role.RoleName))
    expect(page.IsTruncated).toBe(page.Marker !== undefined)
    Marker = page.Marker
  } while (Marker !== undefined)
  expect(seen).toEqual(names)
  await expect(call('ListRoles', { Marker: 'nonsense' })).rejects.toBeInstanceOf(WireError)
})

test('a managed policy has up to five versions, one of them the default', async () => {
  const call = iam()
  const { Policy } = await call('CreatePolicy', { PolicyName: 'p', PolicyDocument: POLICY })
  const PolicyArn = Policy?.Arn ?? ''
  for (let number = 2; number <= 5; number++) {
    await call('CreatePolicyVersion', { PolicyArn, PolicyDocument: POLICY, SetAsDefault: number === 3 })
  }
  expect((await call('GetPolicy', { PolicyArn })).Policy?.DefaultVersionId).toBe('v3')
  await expect(call('CreatePolicyVersion', { PolicyArn, PolicyDocument: POLICY })).rejects.toMatchObject({
    code: 'LimitExceeded',
    status: 409,
  })
  await expect(call('DeletePolicyVersion', { PolicyArn, VersionId: 'v3' })).rejects.toMatchObject({
    code: 'DeleteConflict',
  })
  await call('DeletePolicyVersion', { PolicyArn, VersionId: 'v5' })
  const made = await call('CreatePolicyVersion', { PolicyArn, PolicyDocument: POLICY })
  expect(made.PolicyVersion).toMatchObject({ VersionId: 'v6', IsDefaultVersion: false })
})

test('tags are merged by key and taken away by key', async () => {
  const call = iam()
  await call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: TRUST, Tags: [{ Key: 'a', Value: '1' }] })
  await call('TagRole', {
    RoleName: 'r',
    Tags: [
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '3' },
    ],
  })
  await call('UntagRole', { RoleName: 'r', TagKeys: ['b', 'unknown'] })
  expect((await call('ListRoleTags', { RoleName: 'r' })).Tags).toEqual([{ Key: 'a', Value: '2' }])
})

test('GetUser without a name is whoever asks', async () => {
  expect((await iam()('GetUser', {})).User).toMatchObject({ Arn: 'arn:aws:iam::000000000000:root' })
})

test('refusals have IAM’s names, statuses and words', async () => {
  const call = iam()
  await expect(call('GetRole', { RoleName: 'none' })).rejects.toMatchObject({
    code: 'NoSuchEntity',
    status: 404,
    message: 'The role with name none cannot be found.',
  })
  await expect(call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: '{' })).rejects.toMatchObject({
    code: 'MalformedPolicyDocument',
    status: 400,
  })
  await expect(call('CreateAccessKey', {})).rejects.toMatchObject({ code: 'ValidationError' })
})

test('policies of AWS’s own that a lake uses are there to read and attach, and not to change', async () => {
  const call = iam()
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
  expect((await call('GetPolicy', { PolicyArn })).Policy).toMatchObject({ Arn: PolicyArn, DefaultVersionId: 'v1' })
  const { PolicyVersion } = await call('GetPolicyVersion', { PolicyArn, VersionId: 'v1' })
  expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toContain('"Action":["*"]')
  const listed = await call('ListPolicies', { Scope: 'AWS', PathPrefix: '/service-role/' })
  expect(listed.Policies?.map(({ Arn }) => Arn)).toEqual([GLUE])
  await expect(call('DeletePolicy', { PolicyArn })).rejects.toMatchObject({ code: 'AccessDenied' })
  await call('CreateUser', { UserName: 'ann' })
  await expect(
    call('AttachUserPolicy', { UserName: 'ann', PolicyArn: 'arn:aws:iam::aws:policy/AmazonEC2FullAccess' }),
  ).rejects.toMatchObject({ code: 'NoSuchEntity', message: expect.stringContaining('AmazonEC2FullAccess') })
})

test('a user moves to another path, and keeps its name', async () => {
  const call = iam()
  await call('CreateUser', { UserName: 'ann' })
  await call('UpdateUser', { UserName: 'ann', NewPath: '/team/', NewUserName: 'ann' })
  expect((await call('GetUser', { UserName: 'ann' })).User.Arn).toBe('arn:aws:iam::000000000000:user/team/ann')
  await expect(call('UpdateUser', { UserName: 'ann', NewUserName: 'eve' })).rejects.toMatchObject({
    code: 'InvalidInput',
    message: 'lakelet does not offer NewUserName.',
  })
  await expect(call('UpdateUser', { UserName: 'eve' })).rejects.toMatchObject({ code: 'NoSuchEntity' })
})

test('a user has a permissions boundary from when it is put until it is deleted', async () => {
  const call = iam()
  const boundary = async () => (await call('GetUser', { UserName: 'ann' })).User.PermissionsBoundary
  await call('CreateUser', { UserName: 'ann' })
  await expect(
    call('PutUserPermissionsBoundary', { UserName: 'ann', PermissionsBoundary: `${GLUE}x` }),
  ).rejects.toMatchObject({ code: 'NoSuchEntity' })
  await call('PutUserPermissionsBoundary', { UserName: 'ann', PermissionsBoundary: GLUE })
  expect(await boundary()).toEqual({
    PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
    PermissionsBoundaryArn: GLUE,
  })
  await call('DeleteUserPermissionsBoundary', { UserName: 'ann' })
  expect(await boundary()).toBeUndefined()
})
