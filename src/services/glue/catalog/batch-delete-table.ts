import type { CatalogRefusal } from '../../../catalog/catalog.ts'
import { isRefusal } from '../../../platform/refusal.ts'
import type { BatchDeleteTableRequest, BatchDeleteTableResponse, TableError } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { errorName } from '../errors.ts'
import { checkCatalogId, refuseMembers } from '../unsupported.ts'
import { databaseNamed } from './found.ts'

/** Each table on its own: the ones that are not there come back as Errors. */
export const batchDeleteTable: GlueOperation<BatchDeleteTableRequest, BatchDeleteTableResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  refuseMembers(input, ['TransactionId'])
  await databaseNamed(catalog, input.DatabaseName)
  const errors: TableError[] = []
  for (const name of input.TablesToDelete) {
    try {
      await catalog.deleteTable(input.DatabaseName, name)
    } catch (error) {
      if (!isRefusal(error)) throw error
      errors.push({
        TableName: name,
        ErrorDetail: { ErrorCode: errorName(error.code as CatalogRefusal), ErrorMessage: error.message },
      })
    }
  }
  return { Errors: errors }
}
