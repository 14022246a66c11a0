import type { GetWorkflowRequest, GetWorkflowResponse } from '../../../wire/model/glue.ts'
import { describedWorkflow } from './described-workflow.ts'
import type { FlowOperation } from './flow-context.ts'
import { workflowNamed } from './flow-named.ts'

export const getWorkflow: FlowOperation<GetWorkflowRequest, GetWorkflowResponse> = async (
  { Name, IncludeGraph },
  context,
) => ({ Workflow: await describedWorkflow(workflowNamed(context.flowStore, Name), IncludeGraph, context) })
