import type {
  GetColumnStatisticsForPartitionRequest,
  GetColumnStatisticsForPartitionResponse,
} from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { readStatistics } from './column-statistics.ts'

export const getColumnStatisticsForPartition: GlueOperation<
  GetColumnStatisticsForPartitionRequest,
  GetColumnStatisticsForPartitionResponse
> = async (input, { catalog, accountId }) => {
  checkCatalogId(input.CatalogId, accountId)
  const of = { database: input.DatabaseName, table: input.TableName, partition: input.PartitionValues }
  return readStatistics(catalog, of, input.ColumnNames)
}
