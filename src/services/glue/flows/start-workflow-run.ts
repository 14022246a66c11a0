import type { StartWorkflowRunRequest, StartWorkflowRunResponse } from '../../../wire/model/glue.ts'
import type { FlowOperation } from './flow-context.ts'

/** RunProperties over the workflow's default ones. */
export const startWorkflowRun: FlowOperation<StartWorkflowRunRequest, StartWorkflowRunResponse> = async (
  { Name, RunProperties },
  { flows },
) => ({ RunId: await flows.startRun(Name, RunProperties) })
