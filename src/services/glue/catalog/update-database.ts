import type { UpdateDatabaseRequest, UpdateDatabaseResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { toDatabaseInput } from './database-shape.ts'

export const updateDatabase: GlueOperation<UpdateDatabaseRequest, UpdateDatabaseResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  const replacement = toDatabaseInput(input.DatabaseInput)
  await catalog.updateDatabase(input.Name, () => replacement)
  return {}
}
