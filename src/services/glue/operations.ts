/** The operation table of Glue, and nothing else. */
import { catalogOperations } from './catalog/catalog-operations.ts'
import { crawlerOperations } from './crawlers/crawler-operations.ts'
import { getTags, tagResource, untagResource } from './tags.ts'

export const glueOperations = {
  ...catalogOperations,
  ...crawlerOperations,
  GetTags: getTags,
  TagResource: tagResource,
  UntagResource: untagResource,
}

export type GlueOperationName = keyof typeof glueOperations
