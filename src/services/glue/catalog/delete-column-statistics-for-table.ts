import type {
  DeleteColumnStatisticsForTableRequest,
  DeleteColumnStatisticsForTableResponse,
} from '../../../wire/model/glue.ts'
import type { GlueOperation } from '../context.ts'
import { checkCatalogId } from '../unsupported.ts'
import { removeStatistics } from './column-statistics.ts'

export const deleteColumnStatisticsForTable: GlueOperation<
  DeleteColumnStatisticsForTableRequest,
  DeleteColumnStatisticsForTableResponse
> = async (input, { catalog, accountId }) => {
  checkCatalogId(input.CatalogId, accountId)
  const of = { database: input.DatabaseName, table: input.TableName }
  return removeStatistics(catalog, of, input.ColumnName)
}
