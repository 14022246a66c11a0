import type { GetPartitionRequest, GetPartitionResponse } from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { entityNotFound } from '../errors.ts'
import { checkCatalogId } from '../unsupported.ts'
import { tableNamed } from './found.ts'
import { fromPartition } from './partition-shape.ts'

export const getPartition: GlueOperation<GetPartitionRequest, GetPartitionResponse> = async (
  input,
  { catalog, accountId },
) => {
  checkCatalogId(input.CatalogId, accountId)
  const table = await tableNamed(catalog, input.DatabaseName, input.TableName)
  const partition = await catalog.findPartition(table.database, table.name, input.PartitionValues)
  if (partition === undefined) throw entityNotFound('Cannot find partition.')
  return { Partition: fromPartition(partition, { table, accountId }) }
}
