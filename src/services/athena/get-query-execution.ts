import type { GetQueryExecutionInput, GetQueryExecutionOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { fromExecution } from './execution-shape.ts'

export const getQueryExecution: AthenaOperation<GetQueryExecutionInput, GetQueryExecutionOutput> = async (
  { QueryExecutionId },
  { queries },
) => ({ QueryExecution: fromExecution(queries.executions.withId(QueryExecutionId)) })
