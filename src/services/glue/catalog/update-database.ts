import type { UpdateDatabaseRequest, UpdateDatabaseResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { invalidInput } from '../errors.ts'
import { checkCatalogId } from '../unsupported.ts'
import { toDatabaseInput } from './database-shape.ts'

export const updateDatabase: GlueOperation<UpdateDatabaseRequest, UpdateDatabaseResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  const replacement = toDatabaseInput(input.DatabaseInput)
  if (replacement.name.toLowerCase() !== input.Name.toLowerCase()) throw invalidInput('Database cannot be renamed')
  await catalog.updateDatabase(input.Name, ({ tags }) => ({ ...replacement, ...(tags && { tags }) }))
  return {}
}
