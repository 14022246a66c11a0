import type { GetDatabasesRequest, GetDatabasesResponse } from '../../../wire/model/glue.ts'
import { databaseArn } from '../../catalog-permissions.ts'
import type { GlueOperation } from '../context.ts'
import { pageOf } from '../page.ts'
import { checkCatalogId } from '../unsupported.ts'
import { fromDatabase } from './database-shape.ts'

const DATABASES_MAX = 100

/** Those that the caller may see. */
export const getDatabases: GlueOperation<GetDatabasesRequest, GetDatabasesResponse> = async (
  input,
  context,
  caller,
) => {
  const { catalog, accountId, access } = context
  checkCatalogId(input.CatalogId, accountId)
  const request = { token: input.NextToken, limit: input.MaxResults ?? DATABASES_MAX }
  const maySee = ({ name }: { readonly name: string }) =>
    access.judge(caller, { action: 'glue:GetDatabases', resource: databaseArn(name, context) }).isAllowed
  // Nobody shares databases with this lake, and none is federated.
  const isOurs = input.ResourceShareType === undefined || input.ResourceShareType === 'ALL'
  const databases = isOurs ? (await catalog.databases()).filter(maySee) : []
  const page = pageOf(databases, (database) => database.name, request)
  const onlyName = input.AttributesToGet !== undefined
  const shown = page.items.map((database) => {
    const whole = fromDatabase(database, accountId)
    return onlyName ? { Name: whole.Name, CatalogId: whole.CatalogId } : whole
  })
  return { DatabaseList: shown, NextToken: page.nextToken }
}
