/**
 * What Athena's operations need (Service Authorization Reference, "Amazon Athena", 2026-11): nearly all are asked of a
 * workgroup, that of the query where the input names only the query. What is shown of the
 * catalog needs Glue's rights besides. The data that a query reads and writes is asked for while it runs, and its result
 * when it is read: see `data-access.ts`.
 */
import { PRIMARY } from '../../query/workgroups.ts'
import type { AthenaOperations, Tag } from '../../wire/model/athena.ts'
import { type Permission, tagFacts } from '../access.ts'
import * as glue from '../catalog-permissions.ts'
import type { Permissions, PermissionTable } from '../operation.ts'
import { type AthenaContext, dataCatalogArn, workgroupArn } from './context.ts'
import { viaAthena } from './data-access.ts'

type Of<Input> = Permissions<Input, AthenaContext>

export const athenaPermissions: PermissionTable<AthenaOperations, keyof AthenaOperations, AthenaContext> = {
  StartQueryExecution: inWorkgroup('StartQueryExecution'),
  StopQueryExecution: ofExecution('StopQueryExecution'),
  GetQueryExecution: ofExecution('GetQueryExecution'),
  BatchGetQueryExecution: ({ QueryExecutionIds }, context) =>
    onWorkgroups(
      'BatchGetQueryExecution',
      QueryExecutionIds.map((id) => context.queries.executions.find(id)?.workgroup),
      context,
    ),
  ListQueryExecutions: inWorkgroup('ListQueryExecutions'),
  GetQueryResults: ofExecution('GetQueryResults'),
  GetQueryRuntimeStatistics: ofExecution('GetQueryRuntimeStatistics'),

  CreateWorkGroup: ({ Name, Tags = [] }, context) => {
    const actions = ['athena:CreateWorkGroup', ...(Tags.length > 0 ? ['athena:TagResource'] : [])]
    return actions.map((action) => ({ action, resource: workgroupArn(Name, context), facts: tagsGiven(Tags) }))
  },
  GetWorkGroup: inWorkgroup('GetWorkGroup'),
  ListWorkGroups: everywhere('ListWorkGroups'),
  UpdateWorkGroup: inWorkgroup('UpdateWorkGroup'),
  DeleteWorkGroup: inWorkgroup('DeleteWorkGroup'),

  CreateNamedQuery: inWorkgroup('CreateNamedQuery'),
  GetNamedQuery: ofNamedQuery('GetNamedQuery'),
  BatchGetNamedQuery: ({ NamedQueryIds }, context) =>
    onWorkgroups(
      'BatchGetNamedQuery',
      NamedQueryIds.map((id) => context.queries.namedQueries.find(id)?.workgroup),
      context,
    ),
  ListNamedQueries: inWorkgroup('ListNamedQueries'),
  UpdateNamedQuery: ofNamedQuery('UpdateNamedQuery'),
  DeleteNamedQuery: ofNamedQuery('DeleteNamedQuery'),

  CreatePreparedStatement: inWorkgroup('CreatePreparedStatement'),
  GetPreparedStatement: inWorkgroup('GetPreparedStatement'),
  BatchGetPreparedStatement: inWorkgroup('BatchGetPreparedStatement'),
  ListPreparedStatements: inWorkgroup('ListPreparedStatements'),
  UpdatePreparedStatement: inWorkgroup('UpdatePreparedStatement'),
  DeletePreparedStatement: inWorkgroup('DeletePreparedStatement'),

  CreateDataCatalog: ({ Name }, context) => onCatalog('CreateDataCatalog', Name, context),
  GetDataCatalog: ({ Name }, context) => onCatalog('GetDataCatalog', Name, context),
  ListDataCatalogs: everywhere('ListDataCatalogs'),
  UpdateDataCatalog: ({ Name }, context) => onCatalog('UpdateDataCatalog', Name, context),
  DeleteDataCatalog: ({ Name }, context) => onCatalog('DeleteDataCatalog', Name, context),
  GetDatabase: ({ CatalogName, DatabaseName }, context) => [
    ...onCatalog('GetDatabase', CatalogName, context),
    ...glue.onDatabase('GetDatabase', DatabaseName, context.settings).map(viaAthena),
  ],
  // The answer has those databases and tables only that the caller may see.
  ListDatabases: ({ CatalogName }, context) => [
    ...onCatalog('ListDatabases', CatalogName, context),
    ...glue.onCatalog('GetDatabases', context.settings).map(viaAthena),
  ],
  GetTableMetadata: ({ CatalogName, DatabaseName, TableName }, context) => [
    ...onCatalog('GetTableMetadata', CatalogName, context),
    ...glue.onTable('GetTable', DatabaseName, TableName, context.settings).map(viaAthena),
  ],
  ListTableMetadata: ({ CatalogName, DatabaseName }, context) => [
    ...onCatalog('ListTableMetadata', CatalogName, context),
    ...glue.onDatabase('GetTables', DatabaseName, context.settings).map(viaAthena),
  ],
  ListEngineVersions: everywhere('ListEngineVersions'),

  TagResource: ({ ResourceARN, Tags }) => [
    { action: 'athena:TagResource', resource: ResourceARN, facts: tagsGiven(Tags) },
  ],
  UntagResource: ({ ResourceARN, TagKeys }) => [
    { action: 'athena:UntagResource', resource: ResourceARN, facts: { 'aws:tagkeys': TagKeys } },
  ],
  ListTagsForResource: ({ ResourceARN }) => [{ action: 'athena:ListTagsForResource', resource: ResourceARN }],
}

function inWorkgroup(action: string): Of<{ readonly WorkGroup?: string }> {
  return ({ WorkGroup }, context) => onWorkgroups(action, [WorkGroup ?? PRIMARY], context)
}

function ofExecution(action: string): Of<{ readonly QueryExecutionId: string }> {
  return ({ QueryExecutionId }, context) =>
    onWorkgroups(action, [context.queries.executions.find(QueryExecutionId)?.workgroup], context)
}

function ofNamedQuery(action: string): Of<{ readonly NamedQueryId: string }> {
  return ({ NamedQueryId }, context) =>
    onWorkgroups(action, [context.queries.namedQueries.find(NamedQueryId)?.workgroup], context)
}

/** What is not there has no workgroup and needs no permission: the answer is that it is not there. */
function onWorkgroups(action: string, names: readonly (string | undefined)[], context: AthenaContext) {
  return [...new Set(names)].flatMap((name): Permission[] =>
    name === undefined ? [] : [{ action: `athena:${action}`, resource: workgroupArn(name, context) }],
  )
}

function onCatalog(action: string, name: string, context: AthenaContext): readonly Permission[] {
  return [{ action: `athena:${action}`, resource: dataCatalogArn(name, context) }]
}

function everywhere(action: string): Of<unknown> {
  return () => [{ action: `athena:${action}`, resource: '*' }]
}

function tagsGiven(tags: readonly Tag[]) {
  return tagFacts(tags.flatMap(({ Key, Value = '' }) => (Key === undefined ? [] : [[Key, Value] as const])))
}
