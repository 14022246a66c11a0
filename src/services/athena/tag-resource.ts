import type { TagResourceInput, TagResourceOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { tagged, toTags } from './tag-shape.ts'

export const tagResource: AthenaOperation<TagResourceInput, TagResourceOutput> = async (
  { ResourceARN, Tags },
  context,
) => {
  await tagged(ResourceARN, context).change((tags) => ({ ...tags, ...toTags(Tags) }))
  return {}
}
