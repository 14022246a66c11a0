import type {
  UpdateColumnStatisticsForPartitionRequest,
  UpdateColumnStatisticsForPartitionResponse,
} from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { writeStatistics } from './column-statistics.ts'

export const updateColumnStatisticsForPartition: GlueOperation<
  UpdateColumnStatisticsForPartitionRequest,
  UpdateColumnStatisticsForPartitionResponse
> = async (input, { catalog, accountId }) => {
  checkCatalogId(input.CatalogId, accountId)
  const of = { database: input.DatabaseName, table: input.TableName, partition: input.PartitionValues }
  return writeStatistics(catalog, of, input.ColumnStatisticsList)
}
