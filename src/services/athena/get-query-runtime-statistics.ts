import type { GetQueryRuntimeStatisticsInput, GetQueryRuntimeStatisticsOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'

/** Timeline and sizes. The stages of a plan are the engine's own affair and are not told. */
export const getQueryRuntimeStatistics: AthenaOperation<
  GetQueryRuntimeStatisticsInput,
  GetQueryRuntimeStatisticsOutput
> = async ({ QueryExecutionId }, { queries }) => {
  const { statistics, result } = queries.executions.withId(QueryExecutionId)
  return {
    QueryRuntimeStatistics: {
      Timeline: {
        QueryQueueTimeInMillis: statistics.queueMs,
        ServicePreProcessingTimeInMillis: 0,
        QueryPlanningTimeInMillis: statistics.planningMs,
        EngineExecutionTimeInMillis: statistics.engineMs,
        ServiceProcessingTimeInMillis: statistics.servingMs,
        TotalExecutionTimeInMillis: statistics.totalMs,
      },
      Rows: {
        InputBytes: statistics.bytesScanned,
        ...(result !== undefined && { OutputBytes: result.resultBytes, OutputRows: result.rowCount }),
      },
    },
  }
}
