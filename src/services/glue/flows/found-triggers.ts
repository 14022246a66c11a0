/** The triggers that a list is about. */
import type { FlowStore } from '../../../automation/flows/flow-store.ts'
import type { Trigger } from '../../../automation/flows/flow-types.ts'

/** By name: all, or those that start `dependentJobName`. */
export function foundTriggers(store: FlowStore, dependentJobName: string | undefined): readonly Trigger[] {
  if (!dependentJobName) return store.triggers()
  return store
    .triggers()
    .filter(({ actions }) => actions.some(({ kind, name }) => kind === 'job' && name === dependentJobName))
}
