import type { Trigger } from '../../../automation/flows/flow-types.ts'
import type { UpdateTriggerRequest, UpdateTriggerResponse } from '../../../wire/model/glue.ts'
import type { FlowOperation } from './flow-context.ts'
import { triggerNamed } from './flow-named.ts'
import { fromTrigger } from './flow-shape.ts'
import { changesOf, checkNames, checkTrigger } from './trigger-input.ts'

/**
 * Overwrites the definition; what a trigger of its type cannot be without stays where it is absent. Active or not, it
 * stays so; conditions that have come true are forgotten.
 */
export const updateTrigger: FlowOperation<UpdateTriggerRequest, UpdateTriggerResponse> = async (
  { Name, TriggerUpdate },
  context,
) => {
  const changes = changesOf(TriggerUpdate)
  const changed = (current: Trigger): Trigger => {
    const { description: _, ...rest } = current
    return { ...rest, ...changes, met: [] }
  }
  const wanted = changed(triggerNamed(context.flowStore, Name))
  checkTrigger(wanted)
  await checkNames(wanted, context)
  const updated = await context.flowStore.change((writer) => {
    const trigger = changed(triggerNamed(writer, Name))
    writer.putTrigger(trigger)
    return trigger
  })
  context.flows.follow(updated)
  return { Trigger: fromTrigger(updated) }
}
