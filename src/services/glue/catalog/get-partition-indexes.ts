import type { GetPartitionIndexesRequest, GetPartitionIndexesResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { tableNamed } from './found.ts'
import { fromPartitionIndex } from './partition-index-shape.ts'

/** Terraform asks with every table it reads. A table has at most three: there is one page. */
export const getPartitionIndexes: GlueOperation<GetPartitionIndexesRequest, GetPartitionIndexesResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  const { database, name, partitionKeys } = await tableNamed(catalog, input.DatabaseName, input.TableName)
  const indexes = await catalog.partitionIndexes(database, name)
  return { PartitionIndexDescriptorList: indexes.map((index) => fromPartitionIndex(index, partitionKeys)) }
}
