import type { GetWorkflowRunPropertiesRequest, GetWorkflowRunPropertiesResponse } from '../../../wire/model/glue.ts'
import type { FlowOperation } from './flow-context.ts'
import { workflowRunNamed } from './flow-named.ts'

export const getWorkflowRunProperties: FlowOperation<
  GetWorkflowRunPropertiesRequest,
  GetWorkflowRunPropertiesResponse
> = async ({ Name, RunId }, { flowStore }) => ({ RunProperties: workflowRunNamed(flowStore, Name, RunId).properties })
