/** What each of Glue's operations needs to be allowed. */
import type { GlueOperations } from '../../wire/model/glue.ts'
import { tagFacts } from '../access.ts'
import { on } from '../catalog-permissions.ts'
import type { PermissionTable } from '../operation.ts'
import { catalogPermissions } from './catalog/catalog-permissions.ts'
import type { GlueContext } from './context.ts'
import { crawlerPermissions } from './crawlers/crawler-permissions.ts'
import type { GlueOperationName } from './operations.ts'

export const gluePermissions: PermissionTable<GlueOperations, GlueOperationName, GlueContext> = {
  ...catalogPermissions,
  ...crawlerPermissions,
  GetTags: ({ ResourceArn }) => on(['glue:GetTags'], [ResourceArn]),
  TagResource: ({ ResourceArn, TagsToAdd }) =>
    on(['glue:TagResource'], [ResourceArn], tagFacts(Object.entries(TagsToAdd))),
  UntagResource: ({ ResourceArn, TagsToRemove }) =>
    on(['glue:UntagResource'], [ResourceArn], { 'aws:tagkeys': TagsToRemove }),
}
