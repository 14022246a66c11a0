import { isOpen } from '../../../automation/flows/flow-types.ts'
import { triggersOf } from '../../../automation/flows/flows.ts'
import type { DeleteWorkflowRequest, DeleteWorkflowResponse } from '../../../wire/model/glue.ts'
import { invalidInput } from '../errors.ts'
import type { FlowOperation } from './flow-context.ts'

/** With its triggers, which nothing would start any more, and its runs; jobs and crawlers stay. One that runs is refused. */
export const deleteWorkflow: FlowOperation<DeleteWorkflowRequest, DeleteWorkflowResponse> = async (
  { Name },
  { flowStore, flows },
) => {
  const triggers = await flowStore.change((writer) => {
    if (writer.openRuns().some((run) => run.workflow === Name && isOpen(run)))
      throw invalidInput(`Workflow ${Name} has runs that have not ended: stop them first.`)
    const gone = triggersOf(writer, Name)
    for (const { name } of gone) writer.deleteTrigger(name)
    writer.deleteWorkflow(Name)
    return gone
  })
  for (const { name } of triggers) flows.forget(name)
  return { Name }
}
