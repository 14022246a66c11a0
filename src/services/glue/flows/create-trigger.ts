import type { Trigger } from '../../../automation/flows/flow-types.ts'
import type { CreateTriggerRequest, CreateTriggerResponse } from '../../../wire/model/glue.ts'
import { alreadyExists, invalidInput } from '../errors.ts'
import { checkTags } from '../tags.ts'
import type { FlowOperation } from './flow-context.ts'
import { changesOf, checkNames, checkPlace, checkTrigger } from './trigger-input.ts'

/** One that watches or keeps times does so from its creation on with StartOnCreation, else from StartTrigger on. */
export const createTrigger: FlowOperation<CreateTriggerRequest, CreateTriggerResponse> = async (input, context) => {
  const { Name, WorkflowName, Type, StartOnCreation = false, Tags = {} } = input
  if (Type === 'EVENT')
    throw invalidInput(
      'Triggers of the type EVENT are not offered by lakelet: there is no EventBridge here. ON_DEMAND, SCHEDULED and CONDITIONAL are.',
    )
  if (StartOnCreation && Type === 'ON_DEMAND')
    throw invalidInput('StartOnCreation is not supported for ON_DEMAND triggers.')
  checkTags(Tags)
  const trigger: Trigger = {
    actions: [],
    ...changesOf(input),
    name: Name,
    type: Type,
    state: StartOnCreation ? 'ACTIVATED' : 'CREATED',
    met: [],
    tags: Tags,
    ...(WorkflowName && { workflow: WorkflowName }),
  }
  checkTrigger(trigger)
  await checkNames(trigger, context)
  await context.flowStore.change((writer) => {
    if (writer.trigger(Name) !== undefined) throw alreadyExists(`Trigger with name ${Name} already submitted.`)
    checkPlace(trigger, writer)
    writer.putTrigger(trigger)
  })
  context.flows.follow(trigger)
  return { Name }
}
