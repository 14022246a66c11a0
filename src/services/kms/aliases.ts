/** Names for keys: `alias/…`. Those beginning `alias/aws/` are of the lake's own keys. */
import type { KeyAlias } from '../../keys/customer-keys.ts'
import { WireError } from '../../wire/error.ts'
import { keyByIdOrArn, keyNamed } from '../customer-keys.ts'
import type { KmsContext, KmsOperation } from './context.ts'
import { validation } from './errors.ts'
import { pageOf } from './pages.ts'

const LIST_LIMIT = 50
const PREFIX = 'alias/'
const RESERVED = 'alias/aws/'

export const createAlias: KmsOperation<'CreateAlias'> = async ({ AliasName, TargetKeyId }, context) => {
  requireOwnName(AliasName)
  await context.keys.createAlias(AliasName, keyByIdOrArn(TargetKeyId, context).id)
  return {}
}

export const updateAlias: KmsOperation<'UpdateAlias'> = async ({ AliasName, TargetKeyId }, context) => {
  requireOwnName(AliasName)
  await context.keys.updateAlias(AliasName, keyByIdOrArn(TargetKeyId, context).id)
  return {}
}

export const deleteAlias: KmsOperation<'DeleteAlias'> = async ({ AliasName }, { keys }) => {
  requireOwnName(AliasName)
  await keys.deleteAlias(AliasName)
  return {}
}

export const listAliases: KmsOperation<'ListAliases'> = async (input, context) => {
  const keyId = input.KeyId === undefined ? undefined : (await keyNamed(input.KeyId, context)).id
  const { entries, end } = pageOf(input, {
    limit: LIST_LIMIT,
    read: (after, limit) => context.keys.aliases({ keyId, after, limit }),
    nameOf: ({ name }) => name,
  })
  return { Aliases: entries.map((alias) => aliasShape(alias, context)), ...end }
}

function aliasShape({ name, keyId, createdAtMs, updatedAtMs }: KeyAlias, { keys }: KmsContext) {
  return {
    AliasName: name,
    AliasArn: keys.aliasArnOf(name),
    TargetKeyId: keyId,
    CreationDate: new Date(createdAtMs),
    LastUpdatedDate: new Date(updatedAtMs),
  }
}

function requireOwnName(name: string): void {
  if (!name.startsWith(PREFIX)) {
    throw validation(
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    )
  }
  if (name.startsWith(RESERVED)) throw new WireError('NotAuthorizedException', '')
  if (!/^[a-zA-Z0-9/_-]+$/.test(name.slice(PREFIX.length))) {
    throw new WireError('InvalidAliasNameException', `${name} is not a valid alias name.`)
  }
}
