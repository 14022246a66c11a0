import type { GetQueryResultsInput, GetQueryResultsOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { dataAccess } from './data-access.ts'
import { invalidRequest } from './errors.ts'
import { fromColumn, fromRow } from './result-shape.ts'

export const getQueryResults: AthenaOperation<GetQueryResultsInput, GetQueryResultsOutput> = async (
  { QueryExecutionId, NextToken, MaxResults, QueryResultType },
  context,
  caller,
) => {
  if (QueryResultType === 'DATA_MANIFEST')
    throw invalidRequest('QueryResultType DATA_MANIFEST is not supported by this lake.')
  const access = dataAccess(caller, context)
  const { execution, rows, nextToken } = await context.queries.results({
    id: QueryExecutionId,
    ...(NextToken !== undefined && { nextToken: NextToken }),
    ...(MaxResults !== undefined && { limit: MaxResults }),
    ...(access !== undefined && { access }),
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
