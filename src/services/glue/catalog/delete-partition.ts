import { Refusal } from '../../../platform/refusal.ts'
import type { DeletePartitionRequest, DeletePartitionResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'

export const deletePartition: GlueOperation<DeletePartitionRequest, DeletePartitionResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  const [failure] = await catalog.deletePartitions(input.DatabaseName, input.TableName, [input.PartitionValues])
  if (failure !== undefined) throw new Refusal(failure.code, failure.message)
  return {}
}
