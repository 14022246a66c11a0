import type { UpdateWorkflowRequest, UpdateWorkflowResponse } from '../../../wire/model/glue.ts'
import type { FlowOperation } from './flow-context.ts'
import { workflowNamed } from './flow-named.ts'

/** Members that are absent stay as they are; an empty text, or no runs at all, clears. Runs under way keep what they have. */
export const updateWorkflow: FlowOperation<UpdateWorkflowRequest, UpdateWorkflowResponse> = async (
  { Name, Description, DefaultRunProperties, MaxConcurrentRuns },
  { flowStore, clock },
) => {
  await flowStore.change((writer) => {
    const current = workflowNamed(writer, Name)
    const { description, maxConcurrentRuns, ...rest } = current
    const said = Description ?? description
    const runsMax = MaxConcurrentRuns ?? maxConcurrentRuns
    writer.putWorkflow({
      ...rest,
      ...(said && { description: said }),
      ...(runsMax && { maxConcurrentRuns: runsMax }),
      defaultRunProperties: DefaultRunProperties ?? current.defaultRunProperties,
      updatedAtMs: clock.nowMs(),
    })
  })
  return { Name }
}
