import type { Workflow } from '../../../automation/flows/flow-types.ts'
import type { CreateWorkflowRequest, CreateWorkflowResponse } from '../../../wire/model/glue.ts'
import { alreadyExists } from '../errors.ts'
import { checkTags } from '../tags.ts'
import type { FlowOperation } from './flow-context.ts'

export const createWorkflow: FlowOperation<CreateWorkflowRequest, CreateWorkflowResponse> = async (
  { Name, Description, DefaultRunProperties = {}, Tags = {}, MaxConcurrentRuns },
  { flowStore, clock },
) => {
  checkTags(Tags)
  const nowMs = clock.nowMs()
  const workflow: Workflow = {
    name: Name,
    ...(Description && { description: Description }),
    defaultRunProperties: DefaultRunProperties,
    ...(MaxConcurrentRuns && { maxConcurrentRuns: MaxConcurrentRuns }),
    tags: Tags,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  }
  await flowStore.change((writer) => {
    if (writer.workflow(Name) !== undefined) throw alreadyExists(`Workflow with name ${Name} already exists.`)
    writer.putWorkflow(workflow)
  })
  return { Name }
}
