import { Refusal } from '../../../platform/refusal.ts'
import type { CreatePartitionRequest, CreatePartitionResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { toPartitionInput } from './partition-shape.ts'

export const createPartition: GlueOperation<CreatePartitionRequest, CreatePartitionResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  const [failure] = await catalog.createPartitions(input.DatabaseName, input.TableName, [
    toPartitionInput(input.PartitionInput),
  ])
  if (failure !== undefined) throw new Refusal(failure.code, failure.message)
  return {}
}
