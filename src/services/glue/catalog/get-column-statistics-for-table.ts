import type {
  GetColumnStatisticsForTableRequest,
  GetColumnStatisticsForTableResponse,
} from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { readStatistics } from './column-statistics.ts'

export const getColumnStatisticsForTable: GlueOperation<
  GetColumnStatisticsForTableRequest,
  GetColumnStatisticsForTableResponse
> = async (input, { catalog, accountId }) => {
  checkCatalogId(input.CatalogId, accountId)
  const of = { database: input.DatabaseName, table: input.TableName }
  return readStatistics(catalog, of, input.ColumnNames)
}
