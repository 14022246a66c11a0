/** The operation table of Glue, and nothing else. */
import { catalogOperations } from './catalog/catalog-operations.ts'
import { crawlerOperations } from './crawlers/crawler-operations.ts'
import { flowOperations } from './flows/flow-operations.ts'
import { jobOperations } from './jobs/job-operations.ts'
import { getTags, tagResource, untagResource } from './tags.ts'

export const glueOperations = {
  ...catalogOperations,
  ...crawlerOperations,
  ...jobOperations,
  ...flowOperations,
  GetTags: getTags,
  TagResource: tagResource,
  UntagResource: untagResource,
}

export type GlueOperationName = keyof typeof glueOperations
