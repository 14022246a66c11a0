import type { DeleteTableVersionRequest, DeleteTableVersionResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'

export const deleteTableVersion: GlueOperation<DeleteTableVersionRequest, DeleteTableVersionResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  await catalog.deleteTableVersion(input.DatabaseName, input.TableName, input.VersionId)
  return {}
}
