import type {
  UpdateColumnStatisticsForTableRequest,
  UpdateColumnStatisticsForTableResponse,
} from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { writeStatistics } from './column-statistics.ts'

export const updateColumnStatisticsForTable: GlueOperation<
  UpdateColumnStatisticsForTableRequest,
  UpdateColumnStatisticsForTableResponse
> = async (input, { catalog, accountId }) => {
  checkCatalogId(input.CatalogId, accountId)
  const of = { database: input.DatabaseName, table: input.TableName }
  return writeStatistics(catalog, of, input.ColumnStatisticsList)
}
