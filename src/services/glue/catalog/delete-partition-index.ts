import type { DeletePartitionIndexRequest, DeletePartitionIndexResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'

export const deletePartitionIndex: GlueOperation<DeletePartitionIndexRequest, DeletePartitionIndexResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  await catalog.deletePartitionIndex(input.DatabaseName, input.TableName, input.IndexName)
  return {}
}
