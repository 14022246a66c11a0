import type { BatchGetTriggersRequest, BatchGetTriggersResponse } from '../../../wire/model/glue.ts'
import type { FlowOperation } from './flow-context.ts'
import { fromTrigger } from './flow-shape.ts'

/** In the order asked; names that are no triggers come back as such. */
export const batchGetTriggers: FlowOperation<BatchGetTriggersRequest, BatchGetTriggersResponse> = async (
  { TriggerNames },
  { flowStore },
) => {
  const found = TriggerNames.map((name) => flowStore.trigger(name))
  return {
    Triggers: found.flatMap((trigger) => (trigger === undefined ? [] : fromTrigger(trigger))),
    TriggersNotFound: TriggerNames.filter((_, index) => found[index] === undefined),
  }
}
