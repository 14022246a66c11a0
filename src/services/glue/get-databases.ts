import type { GetDatabasesRequest, GetDatabasesResponse } from '../../wire/model/glue.ts'
import type { GlueOperation } from './context.ts'
import { fromDatabase } from './database-shape.ts'
import { pageOf } from './page.ts'
import { checkCatalogId } from './unsupported.ts'

const DATABASES_MAX = 100

export const getDatabases: GlueOperation<GetDatabasesRequest, GetDatabasesResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  const request = { token: input.NextToken, limit: input.MaxResults ?? DATABASES_MAX }
  const page = pageOf(await catalog.databases(), (database) => database.name, request)
  return { DatabaseList: page.items.map((database) => fromDatabase(database, accountId)), NextToken: page.nextToken }
}
