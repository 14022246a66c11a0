import type { DeleteDatabaseRequest, DeleteDatabaseResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'

/** Takes its tables, partitions and versions along: Glue has no "not empty" error. */
export const deleteDatabase: GlueOperation<DeleteDatabaseRequest, DeleteDatabaseResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  await catalog.deleteDatabase(input.Name)
  return {}
}
