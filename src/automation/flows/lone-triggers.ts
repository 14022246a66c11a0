/**
 * Conditional triggers outside workflows: they watch runs that other triggers have started, never those started by hand
 * (Glue developer guide, "Glue triggers"). Pure.
 */
import type { Step, Trigger } from './flow-types.ts'
import { isSame } from './workflow-runs.ts'

/** The trigger after a run of a trigger's has ended, and whether it fires. Having fired it waits for all of it anew. */
export function afterEnd(
  trigger: Trigger,
  { action, state }: Pick<Step, 'action' | 'state'>,
): { readonly trigger: Trigger; readonly fires: boolean } {
  const { predicate } = trigger
  if (trigger.state !== 'ACTIVATED' || predicate === undefined) return { trigger, fires: false }
  const { conditions, logical } = predicate
  const met = conditions.flatMap((condition, index) => {
    const isMet = condition.state === state && isSame(condition, action)
    return isMet || trigger.met.includes(index) ? [index] : []
  })
  const fires = met.length > 0 && (logical === 'ANY' || met.length === conditions.length)
  const isNew = met.length > trigger.met.length
  return { trigger: { ...trigger, met: fires ? [] : met }, fires: fires && isNew }
}
