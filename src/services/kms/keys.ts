/** Keys themselves: made, described, listed. */
import type { CreateKeyRequest, Tag } from '../../wire/model/kms.ts'
import { keyByIdOrArn, keyNamed } from '../customer-keys.ts'
import type { KmsOperation } from './context.ts'
import { notOffered } from './errors.ts'
import { keyShape } from './key-shape.ts'
import { pageOf } from './pages.ts'
import { requirePolicy } from './policies.ts'
import { tagsOf } from './tags.ts'

const LIST_LIMIT = 100

export const createKey: KmsOperation<'CreateKey'> = async (input, { keys, accountId }) => {
  requireOffered(input)
  if (input.Policy !== undefined) requirePolicy(input.Policy)
  const tags = tagsOf(input.Tags ?? ([] as readonly Tag[]))
  const key = await keys.create({ description: input.Description ?? '', policy: input.Policy, tags })
  return { KeyMetadata: keyShape(key, keys, accountId) }
}

export const describeKey: KmsOperation<'DescribeKey'> = async ({ KeyId }, context) => ({
  KeyMetadata: keyShape(await keyNamed(KeyId, context), context.keys, context.accountId),
})

export const listKeys: KmsOperation<'ListKeys'> = async (input, { keys }) => {
  const { entries, end } = pageOf(input, {
    limit: LIST_LIMIT,
    read: (after, limit) => keys.list(after, limit),
    nameOf: ({ id }) => id,
  })
  return { Keys: entries.map(({ id }) => ({ KeyId: id, KeyArn: keys.arnOf(id) })), ...end }
}

export const updateKeyDescription: KmsOperation<'UpdateKeyDescription'> = async ({ KeyId, Description }, context) => {
  await context.keys.describe(keyByIdOrArn(KeyId, context).id, Description)
  return {}
}

/** Symmetric keys of one region, whose material the lake makes and keeps. */
function requireOffered(input: CreateKeyRequest): void {
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT'
  if (spec !== 'SYMMETRIC_DEFAULT') throw notOffered(`The key spec ${spec}`)
  const usage = input.KeyUsage ?? 'ENCRYPT_DECRYPT'
  if (usage !== 'ENCRYPT_DECRYPT') throw notOffered(`The key usage ${usage}`)
  const origin = input.Origin ?? 'AWS_KMS'
  if (origin !== 'AWS_KMS') throw notOffered(`Key material of the origin ${origin}`)
  if (input.CustomKeyStoreId !== undefined) throw notOffered('A custom key store')
  if (input.XksKeyId !== undefined) throw notOffered('A key of an external key store')
  if (input.MultiRegion === true) throw notOffered('A multi-Region key')
}
