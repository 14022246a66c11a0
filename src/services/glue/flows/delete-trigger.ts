import type { DeleteTriggerRequest, DeleteTriggerResponse } from '../../../wire/model/glue.ts'
import type { FlowOperation } from './flow-context.ts'

/** "If the trigger is not found, no exception is thrown" (Glue API reference). Runs under way go on without it. */
export const deleteTrigger: FlowOperation<DeleteTriggerRequest, DeleteTriggerResponse> = async (
  { Name },
  { flowStore, flows },
) => {
  await flowStore.change((writer) => writer.deleteTrigger(Name))
  flows.forget(Name)
  return { Name }
}
