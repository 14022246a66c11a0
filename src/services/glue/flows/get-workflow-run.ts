import type { GetWorkflowRunRequest, GetWorkflowRunResponse } from '../../../wire/model/glue.ts'
import type { FlowOperation } from './flow-context.ts'
import { workflowRunNamed } from './flow-named.ts'
import { fromWorkflowRun } from './flow-shape.ts'
import { workflowGraph } from './workflow-graph.ts'

/** The graph is of the triggers as they were when the run began. */
export const getWorkflowRun: FlowOperation<GetWorkflowRunRequest, GetWorkflowRunResponse> = async (
  { Name, RunId, IncludeGraph },
  context,
) => {
  const run = workflowRunNamed(context.flowStore, Name, RunId)
  const graph = IncludeGraph ? await workflowGraph(Name, run.triggers, run, context) : undefined
  return { Run: fromWorkflowRun(run, graph) }
}
