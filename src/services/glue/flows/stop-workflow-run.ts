import type { StopWorkflowRunRequest, StopWorkflowRunResponse } from '../../../wire/model/glue.ts'
import type { FlowOperation } from './flow-context.ts'

/** What runs in it is stopped; it is STOPPED when that has ended. */
export const stopWorkflowRun: FlowOperation<StopWorkflowRunRequest, StopWorkflowRunResponse> = async (
  { Name, RunId },
  { flows },
) => {
  await flows.stopRun(Name, RunId)
  return {}
}
