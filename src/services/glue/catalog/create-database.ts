import type { CreateDatabaseRequest, CreateDatabaseResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkTags } from '../tags.ts'
import { checkCatalogId } from '../unsupported.ts'
import { toDatabaseInput } from './database-shape.ts'

export const createDatabase: GlueOperation<CreateDatabaseRequest, CreateDatabaseResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  const tags = input.Tags ?? {}
  checkTags(tags)
  await catalog.createDatabase({ ...toDatabaseInput(input.DatabaseInput), tags })
  return {}
}
