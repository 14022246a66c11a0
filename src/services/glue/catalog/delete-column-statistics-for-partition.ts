import type {
  DeleteColumnStatisticsForPartitionRequest,
  DeleteColumnStatisticsForPartitionResponse,
} from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { removeStatistics } from './column-statistics.ts'

export const deleteColumnStatisticsForPartition: GlueOperation<
  DeleteColumnStatisticsForPartitionRequest,
  DeleteColumnStatisticsForPartitionResponse
> = async (input, { catalog, accountId }) => {
  checkCatalogId(input.CatalogId, accountId)
  const of = { database: input.DatabaseName, table: input.TableName, partition: input.PartitionValues }
  return removeStatistics(catalog, of, input.ColumnName)
}
