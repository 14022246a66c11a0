import type { ListTagsForResourceInput, ListTagsForResourceOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { fromTags, tagged } from './tag-shape.ts'

export const listTagsForResource: AthenaOperation<ListTagsForResourceInput, ListTagsForResourceOutput> = async (
  { ResourceARN },
  context,
) => ({ Tags: fromTags(tagged(ResourceARN, context).tags) })
