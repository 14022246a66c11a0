import type { CreateTableRequest, CreateTableResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId, refuseMembers } from '../unsupported.ts'
import { toPartitionIndex } from './partition-index-shape.ts'
import { given, toTableInput } from './table-shape.ts'

export const createTable: GlueOperation<CreateTableRequest, CreateTableResponse> = async (
  input,
  { catalog, accountId },
  caller,
) => {
  checkCatalogId(input.CatalogId, accountId)
  refuseMembers(input, ['TransactionId', 'OpenTableFormatInput'])
  const indexes = (input.PartitionIndexes ?? []).map(toPartitionIndex)
  await catalog.createTable(input.DatabaseName, toTableInput(given(input.TableInput)), caller.arn, indexes)
  return {}
}
