import type { BatchUpdatePartitionRequest, BatchUpdatePartitionResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { toErrorDetail, toPartitionInput } from './partition-shape.ts'

/** All in one step; those that cannot be updated come back as Errors. */
export const batchUpdatePartition: GlueOperation<BatchUpdatePartitionRequest, BatchUpdatePartitionResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  const changes = input.Entries.map(({ PartitionValueList, PartitionInput }) => ({
    values: PartitionValueList,
    input: toPartitionInput({ ...PartitionInput, Values: PartitionInput.Values ?? PartitionValueList }),
  }))
  const failures = await catalog.updatePartitions(input.DatabaseName, input.TableName, changes)
  return {
    Errors: failures.map((failure) => ({ PartitionValueList: failure.values, ErrorDetail: toErrorDetail(failure) })),
  }
}
