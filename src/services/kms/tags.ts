/** Tags of keys. */
import type { Tag } from '../../wire/model/kms.ts'
import { keyByIdOrArn } from '../customer-keys.ts'
import type { KmsOperation } from './context.ts'
import { tagError } from './errors.ts'
import { pageOf } from './pages.ts'

const TAGS_MAX = 50

export const listResourceTags: KmsOperation<'ListResourceTags'> = async (input, context) => {
  const tags = Object.entries(keyByIdOrArn(input.KeyId, context).tags).sort(([a], [b]) => (a < b ? -1 : 1))
  const { entries, end } = pageOf(input, {
    limit: TAGS_MAX,
    read: (after, limit) => tags.filter(([name]) => name > after).slice(0, limit),
    nameOf: ([name]) => name,
  })
  return { Tags: entries.map(([TagKey, TagValue]) => ({ TagKey, TagValue })), ...end }
}

export const tagResource: KmsOperation<'TagResource'> = async ({ KeyId, Tags }, context) => {
  const key = keyByIdOrArn(KeyId, context)
  const tags = tagsOf(Tags)
  if (Object.keys({ ...key.tags, ...tags }).length > TAGS_MAX) throw tooMany()
  await context.keys.tag(key.id, tags)
  return {}
}

export const untagResource: KmsOperation<'UntagResource'> = async ({ KeyId, TagKeys }, context) => {
  await context.keys.tag(keyByIdOrArn(KeyId, context).id, {}, TagKeys)
  return {}
}

export function tagsOf(tags: readonly Tag[]): Readonly<Record<string, string>> {
  const pairs = tags.map(({ TagKey, TagValue }) => [TagKey, TagValue] as const)
  if (pairs.some(([name]) => name.toLowerCase().startsWith('aws:')))
    throw tagError('Tags beginning with aws: are reserved')
  const record = Object.fromEntries(pairs)
  if (Object.keys(record).length < pairs.length) throw tagError('Duplicate tag keys')
  if (pairs.length > TAGS_MAX) throw tooMany()
  return record
}

function tooMany() {
  return tagError('Too many tags')
}
