import type { GetDatabaseRequest, GetDatabaseResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { fromDatabase } from './database-shape.ts'
import { databaseNamed } from './found.ts'

export const getDatabase: GlueOperation<GetDatabaseRequest, GetDatabaseResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  return { Database: fromDatabase(await databaseNamed(catalog, input.Name), accountId) }
}
