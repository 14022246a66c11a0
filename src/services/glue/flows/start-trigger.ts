import type { StartTriggerRequest, StartTriggerResponse } from '../../../wire/model/glue.ts'
import type { FlowOperation } from './flow-context.ts'

/** One on demand fires; the others begin to keep their times, or to watch. */
export const startTrigger: FlowOperation<StartTriggerRequest, StartTriggerResponse> = async ({ Name }, { flows }) => {
  await flows.startTrigger(Name)
  return { Name }
}
