/** Tags of log groups. */
import type { LogsOperation } from './context.ts'
import { invalid, tooManyTags } from './errors.ts'
import { groupOfArn } from './names.ts'

const TAGS_MAX = 50

export const listTagsForResource: LogsOperation<'ListTagsForResource'> = async ({ resourceArn }, context) => ({
  tags: context.logs.groupNamed(groupOfArn(resourceArn, context)).tags,
})

export const tagResource: LogsOperation<'TagResource'> = async ({ resourceArn, tags }, context) => {
  await context.logs.changeTags(groupOfArn(resourceArn, context), (known) => {
    const all = { ...known, ...tags }
    requireTags(all, resourceArn)
    return all
  })
  return {}
}

export const untagResource: LogsOperation<'UntagResource'> = async ({ resourceArn, tagKeys }, context) => {
  await context.logs.changeTags(groupOfArn(resourceArn, context), (known) =>
    Object.fromEntries(Object.entries(known).filter(([key]) => !tagKeys.includes(key))),
  )
  return {}
}

export function requireTags(tags: Readonly<Record<string, string>>, resource: string): void {
  const keys = Object.keys(tags)
  if (keys.length > TAGS_MAX) throw tooManyTags(resource)
  const reserved = keys.find((key) => key.toLowerCase().startsWith('aws:'))
  if (reserved !== undefined) throw invalid(`Tag keys beginning with aws: are reserved: ${reserved}`)
}
