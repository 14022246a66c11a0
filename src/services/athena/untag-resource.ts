import type { UntagResourceInput, UntagResourceOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { tagged } from './tag-shape.ts'

export const untagResource: AthenaOperation<UntagResourceInput, UntagResourceOutput> = async (
  { ResourceARN, TagKeys },
  context,
) => {
  await tagged(ResourceARN, context).change((tags) =>
    Object.fromEntries(Object.entries(tags).filter(([key]) => !TagKeys.includes(key))),
  )
  return {}
}
