import type { BatchGetQueryExecutionInput, BatchGetQueryExecutionOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { fromExecution } from './execution-shape.ts'

/** Ids that are not known come back as unprocessed; the others are answered. */
export const batchGetQueryExecution: AthenaOperation<
  BatchGetQueryExecutionInput,
  BatchGetQueryExecutionOutput
> = async ({ QueryExecutionIds }, { queries }) => {
  const found = QueryExecutionIds.map((id) => ({ id, execution: queries.executions.find(id) }))
  return {
    QueryExecutions: found.flatMap(({ execution }) => (execution === undefined ? [] : [fromExecution(execution)])),
    UnprocessedQueryExecutionIds: found.flatMap(({ id, execution }) =>
      execution === undefined
        ? [
            {
              QueryExecutionId: id,
              ErrorCode: 'QUERY_EXECUTION_NOT_FOUND',
              ErrorMessage: `QueryExecution ${id} was not found`,
            },
          ]
        : [],
    ),
  }
}
