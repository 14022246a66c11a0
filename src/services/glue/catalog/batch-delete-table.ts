import type {
  BatchDeleteTableRequest,
  BatchDeleteTableResponse,
  ErrorDetail,
  TableError,
} from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId, refuseMembers } from '../unsupported.ts'
import { databaseNamed } from './found.ts'
import { refusalDetail } from './refusal-detail.ts'

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
    const ErrorDetail = await refusalDetail(() => catalog.deleteTable(input.DatabaseName, name))
    if (ErrorDetail !== undefined) errors.push({ TableName: name, ErrorDetail: inBatch(ErrorDetail) })
  }
  return { Errors: errors }
}

/** AWS's text in a batch has no full stop, that of DeleteTable has one. */
function inBatch({ ErrorCode, ErrorMessage }: ErrorDetail): ErrorDetail {
  return { ErrorCode, ErrorMessage: ErrorMessage?.replace(/\.$/, '') }
}
