import type { GetQueryResultsInput, GetQueryResultsOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { invalidRequest } from './errors.ts'
import { fromColumn, fromRow } from './result-shape.ts'

export const getQueryResults: AthenaOperation<GetQueryResultsInput, GetQueryResultsOutput> = async (
  { QueryExecutionId, NextToken, MaxResults, QueryResultType },
  { queries },
) => {
  if (QueryResultType === 'DATA_MANIFEST')
    throw invalidRequest('QueryResultType DATA_MANIFEST is not supported by this lake.')
  const { execution, rows, nextToken } = await queries.results({
    id: QueryExecutionId,
    ...(NextToken !== undefined && { nextToken: NextToken }),
    ...(MaxResults !== undefined && { limit: MaxResults }),
  })
  return {
    ...(execution.result?.updateCount !== undefined && { UpdateCount: execution.result.updateCount }),
    ResultSet: {
      Rows: rows.map(fromRow),
      ResultSetMetadata: { ColumnInfo: (execution.result?.columns ?? []).map(fromColumn) },
    },
    ...(nextToken !== undefined && { NextToken: nextToken }),
  }
}
