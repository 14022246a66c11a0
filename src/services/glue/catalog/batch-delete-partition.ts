import type { BatchDeletePartitionRequest, BatchDeletePartitionResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { toPartitionError } from './partition-shape.ts'

export const batchDeletePartition: GlueOperation<BatchDeletePartitionRequest, BatchDeletePartitionResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  const values = input.PartitionsToDelete.map((partition) => partition.Values)
  const failures = await catalog.deletePartitions(input.DatabaseName, input.TableName, values)
  return { Errors: failures.map(toPartitionError) }
}
