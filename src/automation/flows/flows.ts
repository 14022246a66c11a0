/**
 * Triggers and workflows at work: decides by `workflow-runs.ts` and `lone-triggers.ts`, keeps what was decided, then starts
 * and stops jobs and crawlers.
 *
 * Every step is in the store, with the id that its run will have, before the run is started. `begin`, after a crash or
 * not, asks after each step that has not ended: one that was never started is started, one that ended is counted. So each
 * is started once, or ERRORED with the reason, and no run waits for ever.
 *
 * Bound: OPEN_RUNS_MAX runs of workflows, and as many steps of lone triggers, that have not ended.
 */
import type { Clock } from '../../platform/clock.ts'
import { parseCron } from '../../platform/cron.ts'
import type { Ids } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import { isRefusal, Refusal } from '../../platform/refusal.ts'
import { Schedules } from '../../platform/schedules.ts'
import { TaskScope } from '../../platform/tasks.ts'
import type { StartedBy } from '../job-runs.ts'
import type { FlowRefusal, FlowStore, FlowWriter } from './flow-store.ts'
import {
  type Action,
  type EndState,
  isOpen,
  type LoneStep,
  type Step,
  type Trigger,
  type WorkflowRun,
} from './flow-types.ts'
import { afterEnd } from './lone-triggers.ts'
import { beginRun, isSame, resumeRun, startTrigger, stepEnded, stepsOf, stopRun } from './workflow-runs.ts'

export const OPEN_RUNS_MAX = 1000

/** Jobs or crawlers, as flows use them. `by` is what the run was started by. */
export interface Runner {
  newRunId(): string
  /** Resolves when the run with this id is recorded. Refuses when it cannot be: the step is ERRORED then. */
  start(action: Action, runId: string, by: StartedBy): Promise<void>
  /** Of a run that has ended, or never was: nothing. */
  stop(name: string, runId: string): Promise<void>
  /** undefined: there is no such run. */
  find(name: string, runId: string): Promise<'RUNNING' | EndState | undefined>
}

export interface FlowsParts {
  readonly store: FlowStore
  readonly runners: Readonly<Record<Action['kind'], Runner>>
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
}

type StepEnd = { readonly state: EndState | 'ERRORED'; readonly errorMessage?: string }

export class Flows {
  readonly #parts: FlowsParts
  readonly #tasks: TaskScope
  readonly #schedules: Schedules
  readonly #newRunId = (action: Action) => this.#parts.runners[action.kind].newRunId()

  constructor(parts: FlowsParts) {
    this.#parts = parts
    this.#tasks = new TaskScope(parts.log)
    this.#schedules = new Schedules(parts)
  }

  /** Once jobs can run: takes up what is open, and begins the schedules. */
  async begin(): Promise<void> {
    const { store } = this.#parts
    for (const run of store.openRuns()) {
      for (const step of running(run.steps)) await this.#takeUp(step, { trigger: step.trigger, workflow: ofRun(run) })
      if (run.status === 'STOPPING') await this.#stopSteps(run)
    }
    for (const step of store.loneSteps()) await this.#takeUp(step, step.by)
    for (const trigger of store.triggers()) this.follow(trigger)
  }

  /** From now on the trigger fires by the schedule that it has, or by none. For every change of it. */
  follow({ name, type, state, schedule }: Trigger): void {
    const cron = type === 'SCHEDULED' && state === 'ACTIVATED' && schedule ? parseCron(schedule) : undefined
    if (cron === undefined || 'problem' in cron) this.#schedules.remove(name)
    else this.#schedules.set(name, cron, () => this.#fireBySchedule(name))
  }

  /** The trigger is deleted. */
  forget(name: string): void {
    this.#schedules.remove(name)
  }

  /** StartTrigger: one on demand fires, the others begin to watch. Refuses: triggerNotFound, triggerState, and as `startRun`. */
  async startTrigger(name: string): Promise<void> {
    const { store } = this.#parts
    const trigger = triggerNamed(store, name)
    if (trigger.type === 'ON_DEMAND') return this.#fire(trigger)
    await this.#changeState(name, 'ACTIVATED')
  }

  /** StopTrigger: what it has started goes on. Refuses: triggerNotFound, triggerState. */
  async stopTrigger(name: string): Promise<void> {
    await this.#changeState(name, 'DEACTIVATED')
  }

  /** Resolves with the run's id when it has begun. Refuses: workflowNotFound, noStartTrigger, tooManyWorkflowRuns, tooManyOpenRuns. */
  async startRun(workflowName: string, properties: Readonly<Record<string, string>> = {}): Promise<string> {
    const { store, clock, ids } = this.#parts
    const run = await store.change((writer) => {
      const workflow = writer.workflow(workflowName)
      if (workflow === undefined) throw refuse('workflowNotFound', `Workflow ${workflowName} is not found.`)
      checkRoom(writer, workflowName)
      const triggers = triggersOf(writer, workflowName)
      const start = startTrigger(triggers)
      if (start === undefined)
        throw refuse(
          'noStartTrigger',
          `Workflow ${workflowName} has no start trigger: add one ON_DEMAND or SCHEDULED trigger.`,
        )
      const given = { id: `wr_${ids.hex(64)}`, properties, startedAtMs: clock.nowMs(), start }
      const begun = beginRun(workflow, triggers, given, this.#newRunId)
      writer.putRun(begun)
      return begun
    })
    this.#startSteps(run, [])
    return run.id
  }

  /** Refuses: workflowRunNotFound, workflowRunState. */
  async stopRun(workflow: string, id: string): Promise<void> {
    const { store, clock } = this.#parts
    const stopped = await store.change((writer) => {
      const run = runNamed(writer, workflow, id)
      if (run.status !== 'RUNNING')
        throw refuse('workflowRunState', `Workflow run ${id} cannot be stopped: it is ${run.status}.`)
      const stopping = stopRun(run, clock.nowMs())
      writer.putRun(stopping)
      return stopping
    })
    await this.#stopSteps(stopped)
  }

  /** Resolves with the new run's id. Refuses: workflowRunNotFound, workflowRunState, tooManyWorkflowRuns, tooManyOpenRuns. */
  async resumeRun(workflow: string, id: string, again: readonly Pick<Action, 'kind' | 'name'>[]): Promise<string> {
    const { store, clock, ids } = this.#parts
    const { before, resumed } = await store.change((writer) => {
      const before = runNamed(writer, workflow, id)
      if (isOpen(before))
        throw refuse('workflowRunState', `Workflow run ${id} cannot be resumed: it is ${before.status}.`)
      checkRoom(writer, workflow)
      const given = { id: `wr_${ids.hex(64)}`, startedAtMs: clock.nowMs() }
      const resumed = resumeRun(before, again, given, this.#newRunId)
      if (resumed === undefined) throw refuse('workflowRunState', `Workflow run ${id} has started none of these nodes.`)
      writer.putRun(resumed)
      return { before, resumed }
    })
    this.#startSteps(resumed, before.steps)
    return resumed.id
  }

  /** A run of a job or crawler has ended, whoever started it. Must not throw. */
  ended(kind: Action['kind'], name: string, runId: string, end: StepEnd): void {
    this.#tasks.spawn(`after ${kind} ${name}`, () => this.#settle({ kind, name }, runId, end))
  }

  /** Nothing is started any more; waits for what is being started. Jobs and crawlers end by themselves. */
  async close(): Promise<void> {
    await this.#schedules.close()
    await this.#tasks.close()
  }

  // ---- firing

  async #fireBySchedule(name: string): Promise<void> {
    const { store, log } = this.#parts
    const trigger = store.trigger(name)
    if (trigger === undefined) return
    try {
      await this.#fire(trigger)
    } catch (error) {
      if (!isRefusal(error)) throw error
      log.warn('ScheduledTriggerMissed', { trigger: name, reason: error.message })
    }
  }

  async #fire(trigger: Trigger): Promise<void> {
    if (trigger.workflow !== undefined) {
      await this.startRun(trigger.workflow)
      return
    }
    const steps = await this.#parts.store.change((writer) => this.#fireAlone(writer, trigger))
    for (const step of steps) this.#startInBackground(step, step.by)
  }

  #fireAlone(writer: FlowWriter, trigger: Trigger): LoneStep[] {
    if (writer.loneSteps().length >= OPEN_RUNS_MAX)
      throw refuse('tooManyOpenRuns', `${OPEN_RUNS_MAX} actions of triggers have not ended yet: wait until some have.`)
    const steps = stepsOf(trigger, this.#newRunId).map((step) => ({ ...step, by: { trigger: trigger.name } }))
    for (const step of steps) writer.putLoneStep(step)
    return steps
  }

  // ---- starting and stopping

  /** Those that were not among the steps before. */
  #startSteps(run: WorkflowRun, before: readonly Step[]): void {
    const known = new Set(before.map(({ runId }) => runId))
    for (const step of running(run.steps)) {
      if (!known.has(step.runId)) this.#startInBackground(step, { trigger: step.trigger, workflow: ofRun(run) })
    }
  }

  #startInBackground(step: Step, by: StartedBy): void {
    this.#tasks.spawn(`start ${step.action.name}`, () => this.#start(step, by))
  }

  async #start({ action, runId }: Step, by: StartedBy): Promise<void> {
    const { store, runners, log } = this.#parts
    const isStopping = () =>
      by.workflow !== undefined && store.run(by.workflow.name, by.workflow.runId)?.status === 'STOPPING'
    if (isStopping()) return this.#settle(action, runId, { state: 'STOPPED' })
    try {
      await runners[action.kind].start(action, runId, by)
    } catch (error) {
      if (!isRefusal(error)) throw error
      log.warn('TriggerActionFailed', { ...by, action: action.name, reason: error.message })
      return this.#settle(action, runId, { state: 'ERRORED', errorMessage: error.message })
    }
    // It may have been told to stop while nothing ran yet.
    if (isStopping()) await runners[action.kind].stop(action.name, runId)
  }

  async #stopSteps(run: WorkflowRun): Promise<void> {
    for (const { action, runId } of running(run.steps)) await this.#parts.runners[action.kind].stop(action.name, runId)
  }

  /** A step of before: nobody told how it ended, or it was never started. */
  async #takeUp(step: Step, by: StartedBy): Promise<void> {
    const { action, runId } = step
    const state = await this.#parts.runners[action.kind].find(action.name, runId)
    if (state === undefined) this.#startInBackground(step, by)
    else if (state !== 'RUNNING') await this.#settle(action, runId, { state })
  }

  // ---- ends

  async #settle({ kind, name }: Pick<Action, 'kind' | 'name'>, runId: string, end: StepEnd): Promise<void> {
    const { store, clock } = this.#parts
    const isOurs = ({ runId: other, action }: Step) => other === runId && isSame(action, { kind, name })
    const settled = await store.change((writer) => {
      const before = writer.openRuns().find(({ steps }) => steps.some(isOurs))
      if (before !== undefined) {
        const after = stepEnded(before, runId, { ...end, atMs: clock.nowMs() }, this.#newRunId)
        writer.putRun(after)
        return { before, after, lone: [] }
      }
      const step = writer.loneSteps().find(isOurs)
      if (step === undefined) return undefined
      writer.deleteLoneStep(runId)
      const lone = end.state === 'ERRORED' ? [] : this.#fireWatching(writer, { ...step, state: end.state })
      return { before: undefined, after: undefined, lone }
    })
    if (settled === undefined) return
    if (settled.after !== undefined) this.#startSteps(settled.after, settled.before.steps)
    for (const step of settled.lone) this.#startInBackground(step, step.by)
  }

  #fireWatching(writer: FlowWriter, ended: LoneStep): LoneStep[] {
    return writer
      .triggers()
      .filter(({ workflow }) => workflow === undefined)
      .flatMap((watching) => {
        const { trigger, fires } = afterEnd(watching, ended)
        if (trigger !== watching) writer.putTrigger(trigger)
        return fires ? this.#fireAlone(writer, trigger) : []
      })
  }

  async #changeState(name: string, state: 'ACTIVATED' | 'DEACTIVATED'): Promise<void> {
    const changed = await this.#parts.store.change((writer) => {
      const trigger = triggerNamed(writer, name)
      if (trigger.type === 'ON_DEMAND')
        throw refuse('triggerState', `Trigger ${name} fires on demand: there is nothing to stop.`)
      const after: Trigger = { ...trigger, state, met: [] }
      writer.putTrigger(after)
      return after
    })
    this.follow(changed)
  }
}

function checkRoom(writer: FlowWriter, workflowName: string): void {
  const open = writer.openRuns()
  const max = writer.workflow(workflowName)?.maxConcurrentRuns
  if (max !== undefined && open.filter(({ workflow }) => workflow === workflowName).length >= max)
    throw refuse('tooManyWorkflowRuns', `Concurrent runs exceeded for workflow ${workflowName}: ${max} run.`)
  if (open.length >= OPEN_RUNS_MAX)
    throw refuse('tooManyOpenRuns', `${OPEN_RUNS_MAX} runs of workflows have not ended yet: wait until some have.`)
}

/** Sorted by name. */
export function triggersOf(reader: Pick<FlowStore, 'triggers'>, workflow: string): readonly Trigger[] {
  return reader.triggers().filter((trigger) => trigger.workflow === workflow)
}

function triggerNamed(reader: Pick<FlowStore, 'trigger'>, name: string): Trigger {
  const trigger = reader.trigger(name)
  if (trigger === undefined) throw refuse('triggerNotFound', `Trigger ${name} is not found.`)
  return trigger
}

function runNamed(reader: Pick<FlowStore, 'run'>, workflow: string, id: string): WorkflowRun {
  const run = reader.run(workflow, id)
  if (run === undefined) throw refuse('workflowRunNotFound', `Run ${id} of workflow ${workflow} is not found.`)
  return run
}

function running(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ state }) => state === 'RUNNING')
}

function ofRun({ workflow, id }: WorkflowRun): { readonly name: string; readonly runId: string } {
  return { name: workflow, runId: id }
}

function refuse(code: FlowRefusal, message: string): Refusal<FlowRefusal> {
  return new Refusal(code, message)
}
