import type { BatchCreatePartitionRequest, BatchCreatePartitionResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { toPartitionError, toPartitionInput } from './partition-shape.ts'

export const batchCreatePartition: GlueOperation<BatchCreatePartitionRequest, BatchCreatePartitionResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  const inputs = input.PartitionInputList.map(toPartitionInput)
  const failures = await catalog.createPartitions(input.DatabaseName, input.TableName, inputs)
  return { Errors: failures.map(toPartitionError) }
}
