import type { GetPartitionIndexesRequest, GetPartitionIndexesResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { tableNamed } from './found.ts'

/** Terraform asks with every table it reads. Indexes cannot be made here, so there are none. */
export const getPartitionIndexes: GlueOperation<GetPartitionIndexesRequest, GetPartitionIndexesResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  await tableNamed(catalog, input.DatabaseName, input.TableName)
  return { PartitionIndexDescriptorList: [] }
}
