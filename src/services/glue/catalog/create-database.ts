import type { CreateDatabaseRequest, CreateDatabaseResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId, refuseMembers } from '../unsupported.ts'
import { toDatabaseInput } from './database-shape.ts'

export const createDatabase: GlueOperation<CreateDatabaseRequest, CreateDatabaseResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  if (Object.keys(input.Tags ?? {}).length > 0) refuseMembers(input, ['Tags'])
  await catalog.createDatabase(toDatabaseInput(input.DatabaseInput))
  return {}
}
