import type { GetTriggerRequest, GetTriggerResponse } from '../../../wire/model/glue.ts'
import type { FlowOperation } from './flow-context.ts'
import { triggerNamed } from './flow-named.ts'
import { fromTrigger } from './flow-shape.ts'

export const getTrigger: FlowOperation<GetTriggerRequest, GetTriggerResponse> = async ({ Name }, { flowStore }) => ({
  Trigger: fromTrigger(triggerNamed(flowStore, Name)),
})
