import type { StopTriggerRequest, StopTriggerResponse } from '../../../wire/model/glue.ts'
import type { FlowOperation } from './flow-context.ts'

/** What it has started goes on. */
export const stopTrigger: FlowOperation<StopTriggerRequest, StopTriggerResponse> = async ({ Name }, { flows }) => {
  await flows.stopTrigger(Name)
  return { Name }
}
