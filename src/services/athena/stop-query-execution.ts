import type { StopQueryExecutionInput, StopQueryExecutionOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'

/** Nothing happens to an execution that has ended. */
export const stopQueryExecution: AthenaOperation<StopQueryExecutionInput, StopQueryExecutionOutput> = async (
  { QueryExecutionId },
  { queries },
) => {
  await queries.executions.stop(QueryExecutionId)
  return {}
}
