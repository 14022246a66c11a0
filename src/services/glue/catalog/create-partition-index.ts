import type { CreatePartitionIndexRequest, CreatePartitionIndexResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { toPartitionIndex } from './partition-index-shape.ts'

/** Takes up the partitions that are there already before it answers. */
export const createPartitionIndex: GlueOperation<CreatePartitionIndexRequest, CreatePartitionIndexResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  const index = toPartitionIndex(input.PartitionIndex)
  await catalog.createPartitionIndex(input.DatabaseName, input.TableName, index)
  return {}
}
