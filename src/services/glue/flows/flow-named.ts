/** The trigger, workflow or run that an operation needs: found, or refused in Glue's words. */
import type { FlowReader } from '../../../automation/flows/flow-store.ts'
import type { Trigger, Workflow, WorkflowRun } from '../../../automation/flows/flow-types.ts'
import { entityNotFound } from '../errors.ts'

export function triggerNamed(reader: Pick<FlowReader, 'trigger'>, name: string): Trigger {
  const trigger = reader.trigger(name)
  if (trigger === undefined) throw entityNotFound(`Trigger ${name} is not found.`)
  return trigger
}

export function workflowNamed(reader: Pick<FlowReader, 'workflow'>, name: string): Workflow {
  const workflow = reader.workflow(name)
  if (workflow === undefined) throw entityNotFound(`Workflow ${name} is not found.`)
  return workflow
}

export function workflowRunNamed(reader: Pick<FlowReader, 'run'>, workflow: string, id: string): WorkflowRun {
  const run = reader.run(workflow, id)
  if (run === undefined) throw entityNotFound(`Run ${id} of workflow ${workflow} is not found.`)
  return run
}
