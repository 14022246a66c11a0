import type { PutWorkflowRunPropertiesRequest, PutWorkflowRunPropertiesResponse } from '../../../wire/model/glue.ts'
import type { FlowOperation } from './flow-context.ts'
import { workflowRunNamed } from './flow-named.ts'

/** "If a property already exists for the specified run, then it overrides the value, otherwise adds" it (Glue API reference). */
export const putWorkflowRunProperties: FlowOperation<
  PutWorkflowRunPropertiesRequest,
  PutWorkflowRunPropertiesResponse
> = async ({ Name, RunId, RunProperties }, { flowStore }) => {
  await flowStore.change((writer) => {
    const run = workflowRunNamed(writer, Name, RunId)
    writer.putRun({ ...run, properties: { ...run.properties, ...RunProperties } })
  })
  return {}
}
