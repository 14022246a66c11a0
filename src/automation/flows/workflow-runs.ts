/**
 * How a workflow's run goes on. Pure: a run and what has happened in, the run as it is then out. Steps that come out as
 * RUNNING and were not there before are to be started, each once.
 */
import type { Action, EndState, Predicate, Step, Trigger, Workflow, WorkflowRun } from './flow-types.ts'

/** Gives ids for runs of an action's kind. */
export type NewRunId = (action: Action) => string

/** The one that a run begins with: of several none is, and then the workflow cannot run. */
export function startTrigger(triggers: readonly Trigger[]): Trigger | undefined {
  const [first, ...others] = triggers.filter(({ type }) => type !== 'CONDITIONAL')
  return others.length === 0 ? first : undefined
}

export function beginRun(
  workflow: Workflow,
  triggers: readonly Trigger[],
  given: Pick<WorkflowRun, 'id' | 'properties' | 'startedAtMs'> & { readonly start: Trigger },
  newRunId: NewRunId,
): WorkflowRun {
  const run: WorkflowRun = {
    id: given.id,
    workflow: workflow.name,
    properties: { ...workflow.defaultRunProperties, ...given.properties },
    status: 'RUNNING',
    startedAtMs: given.startedAtMs,
    triggers,
    fired: [],
    steps: [],
  }
  return concluded(fire(run, given.start, newRunId), given.startedAtMs)
}

/** A step has ended, or could not be started (ERRORED). One that has ended already stays as it is. */
export function stepEnded(
  run: WorkflowRun,
  runId: string,
  end: { readonly state: EndState | 'ERRORED'; readonly errorMessage?: string; readonly atMs: number },
  newRunId: NewRunId,
): WorkflowRun {
  const { state, errorMessage } = end
  const steps = run.steps.map((step) =>
    step.runId === runId && step.state === 'RUNNING'
      ? { ...step, state, ...(errorMessage !== undefined && { errorMessage }) }
      : step,
  )
  return concluded(fireFulfilled({ ...run, steps }, newRunId), end.atMs)
}

/** Nothing fires any more; it is STOPPED when what runs has ended. */
export function stopRun(run: WorkflowRun, nowMs: number): WorkflowRun {
  return concluded({ ...run, status: 'STOPPING' }, nowMs)
}

/**
 * A new run that does the given jobs and crawlers again, and all that depends on them; what else the run before has
 * done counts as done. undefined: it did none of them.
 */
export function resumeRun(
  before: WorkflowRun,
  again: readonly Pick<Action, 'kind' | 'name'>[],
  given: Pick<WorkflowRun, 'id' | 'startedAtMs'>,
  newRunId: NewRunId,
): WorkflowRun | undefined {
  const redone = before.steps.filter(({ action }) => again.some((one) => isSame(one, action)))
  if (redone.length === 0) return undefined
  const dropped = new Set(redone)
  for (let hasGrown = true; hasGrown; ) {
    hasGrown = false
    const undone = [...dropped].map(({ action }) => action)
    const unfired = before.triggers.filter(({ predicate }) =>
      predicate?.conditions.some((condition) => undone.some((action) => isSame(condition, action))),
    )
    for (const step of before.steps) {
      if (dropped.has(step) || !unfired.some(({ name }) => name === step.trigger)) continue
      dropped.add(step)
      hasGrown = true
    }
  }
  const kept = before.steps.filter((step) => !dropped.has(step))
  const started: Step[] = redone
    .filter((step) => !dependsOn(step, redone, before))
    .map(({ trigger, action }) => ({ trigger, action, runId: newRunId(action), state: 'RUNNING' }))
  const { endedAtMs: _, ...rest } = before
  const steps = [...kept, ...started]
  return {
    ...rest,
    ...given,
    previousRunId: before.id,
    status: 'RUNNING',
    fired: [...new Set(steps.map(({ trigger }) => trigger))],
    steps,
  }
}

/** Whether its trigger waits for another of them: then that one starts it. */
function dependsOn(step: Step, others: readonly Step[], run: WorkflowRun): boolean {
  const predicate = run.triggers.find(({ name }) => name === step.trigger)?.predicate
  return (predicate?.conditions ?? []).some((condition) =>
    others.some((other) => other !== step && isSame(condition, other.action)),
  )
}

/** Which conditions hold, by what has ended in these steps. */
export function isFulfilled({ logical, conditions }: Predicate, steps: readonly Step[]): boolean {
  const holds = conditions.map((condition) =>
    steps.some(({ action, state }) => state === condition.state && isSame(condition, action)),
  )
  return logical === 'AND' ? holds.every(Boolean) : holds.some(Boolean)
}

export function isSame(one: Pick<Action, 'kind' | 'name'>, other: Pick<Action, 'kind' | 'name'>): boolean {
  return one.kind === other.kind && one.name === other.name
}

export function stepsOf({ name, actions }: Trigger, newRunId: NewRunId): Step[] {
  return actions.map((action) => ({ runId: newRunId(action), trigger: name, action, state: 'RUNNING' }))
}

function fireFulfilled(run: WorkflowRun, newRunId: NewRunId): WorkflowRun {
  if (run.status !== 'RUNNING') return run
  return run.triggers
    .filter(({ name, state, predicate }) => {
      const isWaiting = state === 'ACTIVATED' && !run.fired.includes(name)
      return isWaiting && predicate !== undefined && isFulfilled(predicate, run.steps)
    })
    .reduce((fired, trigger) => fire(fired, trigger, newRunId), run)
}

function fire(run: WorkflowRun, trigger: Trigger, newRunId: NewRunId): WorkflowRun {
  return { ...run, fired: [...run.fired, trigger.name], steps: [...run.steps, ...stepsOf(trigger, newRunId)] }
}

/** Nothing runs, so nothing further can fire. A run is COMPLETED also when something in it failed, as on AWS. */
function concluded(run: WorkflowRun, nowMs: number): WorkflowRun {
  if (run.endedAtMs !== undefined || run.steps.some(({ state }) => state === 'RUNNING')) return run
  return { ...run, status: run.status === 'STOPPING' ? 'STOPPED' : 'COMPLETED', endedAtMs: nowMs }
}
