import type { TagResourceInput, TagResourceOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { taggedWorkgroup, toTags } from './tag-shape.ts'

export const tagResource: AthenaOperation<TagResourceInput, TagResourceOutput> = async (
  { ResourceARN, Tags },
  context,
) => {
  const { name } = taggedWorkgroup(ResourceARN, context)
  await context.queries.workgroups.update(name, (current) => ({
    ...current,
    tags: { ...current.tags, ...toTags(Tags) },
  }))
  return {}
}
