/** The policies of one role or user: written inline, or attached. Roles and users have the same operations. */
import type { Identities } from '../../identity/identities.ts'
import type { PrincipalKind } from '../../identity/types.ts'
import type { IamOperation } from './context.ts'
import { page } from './paging.ts'
import { encodeDocument } from './render.ts'

interface ListInput {
  readonly PathPrefix?: string
  readonly Marker?: string
  readonly MaxItems?: number
}

// ---- inline

export const putRolePolicy: IamOperation<'PutRolePolicy'> = async (input, { identities }) => {
  await identities.putInlinePolicy('role', input.RoleName, input.PolicyName, input.PolicyDocument)
  return {}
}

export const putUserPolicy: IamOperation<'PutUserPolicy'> = async (input, { identities }) => {
  await identities.putInlinePolicy('user', input.UserName, input.PolicyName, input.PolicyDocument)
  return {}
}

export const getRolePolicy: IamOperation<'GetRolePolicy'> = async ({ RoleName, PolicyName }, { identities }) => {
  const document = identities.inlinePolicyNamed('role', RoleName, PolicyName)
  return { RoleName, PolicyName, PolicyDocument: encodeDocument(document) }
}

export const getUserPolicy: IamOperation<'GetUserPolicy'> = async ({ UserName, PolicyName }, { identities }) => {
  const document = identities.inlinePolicyNamed('user', UserName, PolicyName)
  return { UserName, PolicyName, PolicyDocument: encodeDocument(document) }
}

export const listRolePolicies: IamOperation<'ListRolePolicies'> = async (input, { identities }) =>
  namePage(identities.inlinePolicyNames('role', input.RoleName), input)

export const listUserPolicies: IamOperation<'ListUserPolicies'> = async (input, { identities }) =>
  namePage(identities.inlinePolicyNames('user', input.UserName), input)

export const deleteRolePolicy: IamOperation<'DeleteRolePolicy'> = async ({ RoleName, PolicyName }, { identities }) => {
  await identities.deleteInlinePolicy('role', RoleName, PolicyName)
  return {}
}

export const deleteUserPolicy: IamOperation<'DeleteUserPolicy'> = async ({ UserName, PolicyName }, { identities }) => {
  await identities.deleteInlinePolicy('user', UserName, PolicyName)
  return {}
}

function namePage(names: readonly string[], input: ListInput) {
  const { items, ...rest } = page(names, (name) => name, input)
  return { PolicyNames: items, ...rest }
}

// ---- attached

export const attachRolePolicy: IamOperation<'AttachRolePolicy'> = async ({ RoleName, PolicyArn }, { identities }) => {
  await identities.attach('role', RoleName, PolicyArn)
  return {}
}

export const attachUserPolicy: IamOperation<'AttachUserPolicy'> = async ({ UserName, PolicyArn }, { identities }) => {
  await identities.attach('user', UserName, PolicyArn)
  return {}
}

export const detachRolePolicy: IamOperation<'DetachRolePolicy'> = async ({ RoleName, PolicyArn }, { identities }) => {
  await identities.detach('role', RoleName, PolicyArn)
  return {}
}

export const detachUserPolicy: IamOperation<'DetachUserPolicy'> = async ({ UserName, PolicyArn }, { identities }) => {
  await identities.detach('user', UserName, PolicyArn)
  return {}
}

export const listAttachedRolePolicies: IamOperation<'ListAttachedRolePolicies'> = async (input, { identities }) =>
  attachedPage(identities, 'role', input.RoleName, input)

export const listAttachedUserPolicies: IamOperation<'ListAttachedUserPolicies'> = async (input, { identities }) =>
  attachedPage(identities, 'user', input.UserName, input)

function attachedPage(identities: Identities, kind: PrincipalKind, name: string, input: ListInput) {
  const { PathPrefix = '/' } = input
  const arns = identities.attachedPolicies(kind, name).filter((arn) => pathOf(arn).startsWith(PathPrefix))
  const { items, ...rest } = page(arns, (arn) => arn, input)
  return {
    AttachedPolicies: items.map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn })),
    ...rest,
  }
}

/** `arn:…:policy/service-role/X` → `/service-role/` */
function pathOf(policyArn: string): string {
  return policyArn.slice(policyArn.indexOf('/'), policyArn.lastIndexOf('/') + 1)
}
