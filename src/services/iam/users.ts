/** Users and the keys they sign with. */
import { rootArn } from '../../identity/names.ts'
import type { User } from '../../wire/model/iam.ts'
import { type Caller, WireError } from '../operation.ts'
import type { IamOperation } from './context.ts'
import { notOffered } from './errors.ts'
import { page } from './paging.ts'
import { renderAccessKey, renderUser } from './render.ts'
import { tagsGiven } from './tags.ts'

export const createUser: IamOperation<'CreateUser'> = async (input, { identities }) => {
  const user = await identities.createUser({
    name: input.UserName,
    path: input.Path ?? '/',
    boundaryArn: input.PermissionsBoundary,
    tags: tagsGiven(input.Tags),
  })
  return { User: renderUser(user, identities) }
}

/** Without a name: whoever signed. Root has an id and an arn, but no name. */
export const getUser: IamOperation<'GetUser'> = async ({ UserName }, { identities }, { principal }) => {
  if (UserName !== undefined) return { User: renderUser(identities.userNamed(UserName), identities) }
  if (principal.kind === 'user') return { User: renderUser(identities.userNamed(principal.name), identities) }
  if (principal.kind !== 'root') {
    throw new WireError('ValidationError', 'Must specify userName when calling with non-User credentials')
  }
  const root = { UserId: identities.accountId, Arn: rootArn(identities.accountId), CreateDate: new Date(0) }
  return { User: root as User }
}

export const listUsers: IamOperation<'ListUsers'> = async (input, { identities }) => {
  const { items, ...rest } = page(identities.users(input.PathPrefix), (user) => user.name, input)
  return { Users: items.map((user) => renderUser({ ...user, tags: [], boundaryArn: undefined }, identities)), ...rest }
}

/** Its path only: policies name users by arn, and what they say of a name shall not pass to another. */
export const updateUser: IamOperation<'UpdateUser'> = async ({ UserName, NewPath, NewUserName }, { identities }) => {
  if (NewUserName !== undefined && NewUserName !== UserName) throw notOffered('NewUserName')
  await identities.changeUser(UserName, (user) => ({ ...user, path: NewPath ?? user.path }))
  return {}
}

export const putUserPermissionsBoundary: IamOperation<'PutUserPermissionsBoundary'> = async (input, context) => {
  await context.identities.changeUser(input.UserName, (user) => ({ ...user, boundaryArn: input.PermissionsBoundary }))
  return {}
}

export const deleteUserPermissionsBoundary: IamOperation<'DeleteUserPermissionsBoundary'> = async (input, context) => {
  await context.identities.changeUser(input.UserName, (user) => ({ ...user, boundaryArn: undefined }))
  return {}
}

export const deleteUser: IamOperation<'DeleteUser'> = async ({ UserName }, { identities }) => {
  await identities.deletePrincipal('user', UserName)
  return {}
}

/** There are no groups in a lake; Terraform asks for them before it deletes a user. */
export const listGroupsForUser: IamOperation<'ListGroupsForUser'> = async ({ UserName }, { identities }) => {
  identities.userNamed(UserName)
  return { Groups: [], IsTruncated: false }
}

export const createAccessKey: IamOperation<'CreateAccessKey'> = async ({ UserName }, context, caller) => {
  const key = await context.identities.createAccessKey(ownerName(UserName, caller))
  return {
    AccessKey: {
      UserName: key.userName ?? '',
      AccessKeyId: key.accessKeyId,
      Status: key.status,
      SecretAccessKey: key.secretAccessKey,
      CreateDate: new Date(key.createdAtMs),
    },
  }
}

export const listAccessKeys: IamOperation<'ListAccessKeys'> = async (input, context, caller) => {
  const keys = context.identities.accessKeysOf(ownerName(input.UserName, caller))
  const { items, ...rest } = page(keys, (key) => key.accessKeyId, input)
  return { AccessKeyMetadata: items.map(renderAccessKey), ...rest }
}

export const updateAccessKey: IamOperation<'UpdateAccessKey'> = async (input, context, caller) => {
  if (input.Status === 'Expired') throw new WireError('InvalidInput', 'A key can be made Active or Inactive.')
  const owner = ownerName(input.UserName, caller)
  await context.identities.setAccessKeyStatus(owner, input.AccessKeyId, input.Status)
  return {}
}

export const deleteAccessKey: IamOperation<'DeleteAccessKey'> = async (input, context, caller) => {
  await context.identities.deleteAccessKey(ownerName(input.UserName, caller), input.AccessKeyId)
  return {}
}

/** Without a name the keys of the signer are meant; root's one key is a file of the lake, not IAM's to change. */
function ownerName(userName: string | undefined, { principal }: Caller): string {
  const name = userName ?? (principal.kind === 'user' ? principal.name : undefined)
  if (name !== undefined) return name
  throw new WireError('ValidationError', 'Must specify userName when calling with non-User credentials')
}
