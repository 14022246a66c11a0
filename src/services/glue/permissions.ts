/** What each of Glue's operations needs to be allowed. */
import type { GlueOperations } from '../../wire/model/glue.ts'
import { type Permission, tagFacts } from '../access.ts'
import { type Account, on, onDatabase } from '../catalog-permissions.ts'
import type { PermissionTable } from '../operation.ts'
import { catalogPermissions } from './catalog/catalog-permissions.ts'
import type { GlueContext } from './context.ts'
import { crawlerPermissions } from './crawlers/crawler-permissions.ts'
import { flowPermissions } from './flows/flow-permissions.ts'
import { jobPermissions } from './jobs/job-permissions.ts'
import type { GlueOperationName } from './operations.ts'

export const gluePermissions: PermissionTable<GlueOperations, GlueOperationName, GlueContext> = {
  ...catalogPermissions,
  ...crawlerPermissions,
  ...jobPermissions,
  ...flowPermissions,
  GetTags: ({ ResourceArn }, account) => [
    ...on(['glue:GetTags'], [ResourceArn]),
    ...ofTaggedDatabase(ResourceArn, account),
  ],
  TagResource: ({ ResourceArn, TagsToAdd }, account) => [
    ...on(['glue:TagResource'], [ResourceArn], tagFacts(Object.entries(TagsToAdd))),
    ...ofTaggedDatabase(ResourceArn, account),
  ],
  UntagResource: ({ ResourceArn, TagsToRemove }, account) => [
    ...on(['glue:UntagResource'], [ResourceArn], { 'aws:tagkeys': TagsToRemove }),
    ...ofTaggedDatabase(ResourceArn, account),
  ],
}

/** Glue developer guide, "AWS tags in AWS Glue": of a database's tags also glue:GetDatabase. */
function ofTaggedDatabase(arn: string, account: Account): readonly Permission[] {
  const [, database] = /^arn:aws:glue:[^:]*:[^:]*:database\/(.+)$/.exec(arn) ?? []
  return database === undefined ? [] : onDatabase('GetDatabase', database, account)
}
