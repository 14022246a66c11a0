import type { BatchGetPartitionRequest, BatchGetPartitionResponse, Partition } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { tableNamed } from './found.ts'
import { fromPartition } from './partition-shape.ts'

/** Partitions that are not there are just left out. */
export const batchGetPartition: GlueOperation<BatchGetPartitionRequest, BatchGetPartitionResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  const table = await tableNamed(catalog, input.DatabaseName, input.TableName)
  const found: Partition[] = []
  for (const { Values } of input.PartitionsToGet) {
    const partition = await catalog.findPartition(table.database, table.name, Values)
    if (partition !== undefined) found.push(fromPartition(partition, { table, accountId }))
  }
  return { Partitions: found, UnprocessedKeys: [] }
}
