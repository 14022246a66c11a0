import type { BatchGetWorkflowsRequest, BatchGetWorkflowsResponse } from '../../../wire/model/glue.ts'
import { describedWorkflow } from './described-workflow.ts'
import type { FlowOperation } from './flow-context.ts'

/** In the order asked; names that are no workflows come back as such. */
export const batchGetWorkflows: FlowOperation<BatchGetWorkflowsRequest, BatchGetWorkflowsResponse> = async (
  { Names, IncludeGraph },
  context,
) => {
  const found = Names.map((name) => context.flowStore.workflow(name))
  return {
    Workflows: await Promise.all(
      found.flatMap((workflow) => (workflow === undefined ? [] : describedWorkflow(workflow, IncludeGraph, context))),
    ),
    MissingWorkflows: Names.filter((_, index) => found[index] === undefined),
  }
}
