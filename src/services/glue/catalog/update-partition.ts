import type { UpdatePartitionRequest, UpdatePartitionResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { toPartitionInput } from './partition-shape.ts'

/** Other Values in the input rename the partition. */
export const updatePartition: GlueOperation<UpdatePartitionRequest, UpdatePartitionResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  const replacement = toPartitionInput({
    ...input.PartitionInput,
    Values: input.PartitionInput.Values ?? input.PartitionValueList,
  })
  await catalog.updatePartition(input.DatabaseName, input.TableName, input.PartitionValueList, replacement)
  return {}
}
