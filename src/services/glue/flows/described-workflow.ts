/** A workflow as GetWorkflow and BatchGetWorkflows give it. */
import type { Workflow } from '../../../automation/flows/flow-types.ts'
import { triggersOf } from '../../../automation/flows/flows.ts'
import type { Workflow as WireWorkflow } from '../../../wire/model/glue.ts'
import type { FlowContext } from './flow-context.ts'
import { fromWorkflow } from './flow-shape.ts'
import { workflowGraph } from './workflow-graph.ts'

/** With the graph the nodes carry what ran in the last run, as on AWS. */
export async function describedWorkflow(
  workflow: Workflow,
  withGraph: boolean | undefined,
  context: FlowContext,
): Promise<WireWorkflow> {
  const { flowStore } = context
  const [lastRun] = flowStore.runs(workflow.name, { limit: 1 })
  const triggers = triggersOf(flowStore, workflow.name)
  const graph = withGraph ? await workflowGraph(workflow.name, triggers, lastRun, context) : undefined
  return fromWorkflow(workflow, { lastRun, graph })
}
