import type { ResumeWorkflowRunRequest, ResumeWorkflowRunResponse } from '../../../wire/model/glue.ts'
import { invalidInput } from '../errors.ts'
import type { FlowOperation } from './flow-context.ts'
import { workflowRunNamed } from './flow-named.ts'
import { actionsOf, nodeId } from './workflow-graph.ts'

/** A new run: the nodes named, and what depends on them, once more; all else counts as done. */
export const resumeWorkflowRun: FlowOperation<ResumeWorkflowRunRequest, ResumeWorkflowRunResponse> = async (
  { Name, RunId, NodeIds },
  { flowStore, flows },
) => {
  const { triggers } = workflowRunNamed(flowStore, Name, RunId)
  const nodes = new Map(actionsOf(triggers).map((action) => [nodeId(Name, action.kind, action.name), action]))
  const again = NodeIds.map((id) => {
    const node = nodes.get(id)
    if (node === undefined) throw invalidInput(`Node ${id} is no job or crawler of workflow run ${RunId}.`)
    return node
  })
  return { RunId: await flows.resumeRun(Name, RunId, again), NodeIds }
}
