/** How an execution begins and how it ends: plain data made of what is known then. */
import type { Execution, ExecutionResult, StartRequest } from './execution.ts'
import { NO_STATISTICS } from './execution.ts'
import type { FailureReport } from './failure.ts'
import type { Outcome } from './outcome.ts'
import type { CheckedStart } from './start.ts'
import { resultLocation } from './statement-kind.ts'

export function succeeded(
  running: Execution,
  outcome: Outcome,
  at: { readonly answeredAtMs: number; readonly completedAtMs: number; readonly result: ExecutionResult },
): Execution {
  const { answeredAtMs, completedAtMs, result } = at
  return {
    ...running,
    state: 'SUCCEEDED',
    completedAtMs,
    result,
    statistics: {
      bytesScanned: outcome.bytesScanned,
      queueMs: running.statistics.queueMs,
      planningMs: outcome.planningMs,
      engineMs: outcome.engineMs || answeredAtMs - (running.startedAtMs ?? answeredAtMs),
      servingMs: completedAtMs - answeredAtMs,
      totalMs: completedAtMs - running.submittedAtMs,
    },
  }
}

/** Nothing was run and nothing read; the result stays where it is. */
export function reused(running: Execution, earlier: Execution, nowMs: number): Execution {
  return {
    ...running,
    state: 'SUCCEEDED',
    completedAtMs: nowMs,
    outputLocation: earlier.outputLocation,
    ...(earlier.result !== undefined && { result: earlier.result }),
    isReused: true,
    statistics: { ...running.statistics, totalMs: nowMs - running.submittedAtMs },
  }
}

export type EndReport = Pick<FailureReport, 'reason'> & Partial<FailureReport>

export const CANCELLED_BY_USER: EndReport = { reason: 'Query cancelled by user' }

const INTERRUPTED_TEXT = 'The lake stopped before this query had ended. Start the query again.'
export const INTERRUPTED: EndReport = {
  reason: INTERRUPTED_TEXT,
  failure: { category: 1, type: 100, retryable: true, message: INTERRUPTED_TEXT },
}

export function ended(
  execution: Execution,
  nowMs: number,
  state: 'FAILED' | 'CANCELLED',
  { reason, failure }: EndReport,
): Execution {
  return {
    ...execution,
    state,
    completedAtMs: nowMs,
    reason,
    ...(failure !== undefined && state === 'FAILED' && { failure }),
    statistics: {
      ...execution.statistics,
      engineMs: execution.startedAtMs === undefined ? 0 : nowMs - execution.startedAtMs,
      totalMs: nowMs - execution.submittedAtMs,
    },
  }
}

export function newExecution(id: string, request: StartRequest, start: CheckedStart, nowMs: number): Execution {
  const { sql, database, catalog, outputLocation, parameters, reuse, expectedBucketOwner, callerArn } = request
  return {
    id,
    sql,
    clientRequestToken: start.token,
    statementType: start.kind.type,
    substatementType: start.kind.subtype,
    ...(catalog !== undefined && { catalog: catalog.toLowerCase() }),
    ...(database !== undefined && { database }),
    ...(outputLocation !== undefined && { requestedLocation: outputLocation }),
    ...(catalog !== undefined && { requestedCatalog: catalog }),
    workgroup: start.workgroup.name,
    outputLocation: resultLocation(start.outputFolder, id, start.kind),
    ...(start.encryption !== undefined && { encryption: start.encryption }),
    ...(expectedBucketOwner !== undefined && { expectedBucketOwner }),
    ...(parameters !== undefined && parameters.length > 0 && { parameters }),
    ...(reuse !== undefined && { reuse }),
    callerArn,
    state: 'QUEUED',
    submittedAtMs: nowMs,
    statistics: NO_STATISTICS,
  }
}
