/** Tags: given, merged, taken away. */
import type * as domain from '../../identity/types.ts'
import type { Tag } from '../../wire/model/iam.ts'
import type { IamOperation } from './context.ts'
import { page } from './paging.ts'
import { renderTags } from './render.ts'

export function tagsGiven(tags: readonly Tag[] = []): readonly domain.Tag[] {
  return mergedTags([], tags)
}

/** A key given again gets the new value; keys differ by case. */
function mergedTags(tags: readonly domain.Tag[], added: readonly Tag[]): readonly domain.Tag[] {
  const merged = new Map(tags.map(({ key, value }) => [key, value]))
  for (const { Key, Value } of added) merged.set(Key, Value)
  return [...merged].map(([key, value]) => ({ key, value }))
}

function without(tags: readonly domain.Tag[], keys: readonly string[]): readonly domain.Tag[] {
  return tags.filter(({ key }) => !keys.includes(key))
}

export const tagRole: IamOperation<'TagRole'> = async ({ RoleName, Tags }, { identities }) => {
  await identities.changeRole(RoleName, (role) => ({ ...role, tags: mergedTags(role.tags, Tags) }))
  return {}
}

export const untagRole: IamOperation<'UntagRole'> = async ({ RoleName, TagKeys }, { identities }) => {
  await identities.changeRole(RoleName, (role) => ({ ...role, tags: without(role.tags, TagKeys) }))
  return {}
}

export const listRoleTags: IamOperation<'ListRoleTags'> = async (input, { identities }) =>
  tagPage(identities.roleNamed(input.RoleName).tags, input)

export const tagUser: IamOperation<'TagUser'> = async ({ UserName, Tags }, { identities }) => {
  await identities.changeUser(UserName, (user) => ({ ...user, tags: mergedTags(user.tags, Tags) }))
  return {}
}

export const untagUser: IamOperation<'UntagUser'> = async ({ UserName, TagKeys }, { identities }) => {
  await identities.changeUser(UserName, (user) => ({ ...user, tags: without(user.tags, TagKeys) }))
  return {}
}

export const listUserTags: IamOperation<'ListUserTags'> = async (input, { identities }) =>
  tagPage(identities.userNamed(input.UserName).tags, input)

export const tagPolicy: IamOperation<'TagPolicy'> = async ({ PolicyArn, Tags }, { identities }) => {
  await identities.changePolicy(PolicyArn, (policy) => ({ ...policy, tags: mergedTags(policy.tags, Tags) }))
  return {}
}

export const untagPolicy: IamOperation<'UntagPolicy'> = async ({ PolicyArn, TagKeys }, { identities }) => {
  await identities.changePolicy(PolicyArn, (policy) => ({ ...policy, tags: without(policy.tags, TagKeys) }))
  return {}
}

export const listPolicyTags: IamOperation<'ListPolicyTags'> = async (input, { identities }) =>
  tagPage(identities.policyNamed(input.PolicyArn).tags, input)

function tagPage(tags: readonly domain.Tag[], input: { readonly Marker?: string; readonly MaxItems?: number }) {
  const { items, ...rest } = page(tags, ({ key }) => key, input)
  return { Tags: renderTags(items), ...rest }
}
