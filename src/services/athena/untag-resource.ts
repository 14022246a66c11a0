import type { UntagResourceInput, UntagResourceOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { taggedWorkgroup } from './tag-shape.ts'

export const untagResource: AthenaOperation<UntagResourceInput, UntagResourceOutput> = async (
  { ResourceARN, TagKeys },
  context,
) => {
  const { name } = taggedWorkgroup(ResourceARN, context)
  await context.queries.workgroups.update(name, (current) => ({
    ...current,
    tags: Object.fromEntries(Object.entries(current.tags).filter(([key]) => !TagKeys.includes(key))),
  }))
  return {}
}
