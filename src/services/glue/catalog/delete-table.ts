import type { DeleteTableRequest, DeleteTableResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId, refuseMembers } from '../unsupported.ts'

export const deleteTable: GlueOperation<DeleteTableRequest, DeleteTableResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  refuseMembers(input, ['TransactionId'])
  await catalog.deleteTable(input.DatabaseName, input.Name)
  return {}
}
