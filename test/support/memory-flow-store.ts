/** A FlowStore in memory, with all promises of the port: `test/contracts/flow-store.ts` runs against it too. */
import { type FlowStore, type FlowWriter, RUNS_KEPT_MAX, RUNS_KEPT_MS } from '../../src/automation/flows/flow-store.ts'
import {
  isOpen,
  type LoneStep,
  type Trigger,
  type Workflow,
  type WorkflowRun,
} from '../../src/automation/flows/flow-types.ts'
import type { Clock } from '../../src/platform/clock.ts'

const copy = <Value>(value: Value): Value => structuredClone(value)
const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)

interface State {
  readonly triggers: Map<string, Trigger>
  readonly workflows: Map<string, Workflow>
  /** Oldest first. */
  readonly runs: Map<string, WorkflowRun>
  readonly loneSteps: Map<string, LoneStep>
}

export class MemoryFlowStore implements FlowStore {
  readonly #clock: Clock
  #state: State = { triggers: new Map(), workflows: new Map(), runs: new Map(), loneSteps: new Map() }
  /** Called when a change is about to count: a test may let it fail, as a crash would. */
  beforeCommit: () => void = () => undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  trigger(name: string): Trigger | undefined {
    return copy(this.#state.triggers.get(name))
  }

  triggers(): readonly Trigger[] {
    return copy([...this.#state.triggers.values()].sort(byName))
  }

  workflow(name: string): Workflow | undefined {
    return copy(this.#state.workflows.get(name))
  }

  workflows(): readonly Workflow[] {
    return copy([...this.#state.workflows.values()].sort(byName))
  }

  run(workflow: string, id: string): WorkflowRun | undefined {
    const run = this.#state.runs.get(id)
    return run?.workflow === workflow ? copy(run) : undefined
  }

  runs(workflow: string, { before, limit }: { before?: string; limit: number }): readonly WorkflowRun[] {
    const newestFirst = [...this.#state.runs.values()].filter((run) => run.workflow === workflow).reverse()
    const start = before === undefined ? 0 : newestFirst.findIndex(({ id }) => id === before) + 1
    return copy(newestFirst.slice(start, start + limit))
  }

  openRuns(): readonly WorkflowRun[] {
    return copy([...this.#state.runs.values()].filter(isOpen))
  }

  loneSteps(): readonly LoneStep[] {
    return copy([...this.#state.loneSteps.values()].sort((a, b) => (a.runId < b.runId ? -1 : 1)))
  }

  async change<Result>(work: (writer: FlowWriter) => Result): Promise<Result> {
    const before = this.#state
    this.#state = copy(before)
    try {
      const result = work(this.#writer())
      this.beforeCommit()
      return result
    } catch (error) {
      this.#state = before
      throw error
    }
  }

  #writer(): FlowWriter {
    const { triggers, workflows, runs, loneSteps } = this.#state
    return {
      trigger: (name) => this.trigger(name),
      triggers: () => this.triggers(),
      workflow: (name) => this.workflow(name),
      workflows: () => this.workflows(),
      run: (workflow, id) => this.run(workflow, id),
      runs: (workflow, page) => this.runs(workflow, page),
      openRuns: () => this.openRuns(),
      loneSteps: () => this.loneSteps(),
      putTrigger: (trigger) => void triggers.set(trigger.name, copy(trigger)),
      deleteTrigger: (name) => void triggers.delete(name),
      putWorkflow: (workflow) => void workflows.set(workflow.name, copy(workflow)),
      deleteWorkflow: (name) => {
        for (const run of [...runs.values()]) if (run.workflow === name) runs.delete(run.id)
        workflows.delete(name)
      },
      putRun: (run) => {
        runs.set(run.id, copy(run))
        const oldestMs = this.#clock.nowMs() - RUNS_KEPT_MS
        const same = [...runs.values()].filter(({ workflow }) => workflow === run.workflow)
        for (const [index, one] of same.entries()) {
          const isKept = one.startedAtMs >= oldestMs && index >= same.length - RUNS_KEPT_MAX
          if (!isKept && !isOpen(one)) runs.delete(one.id)
        }
      },
      putLoneStep: (step) => void loneSteps.set(step.runId, copy(step)),
      deleteLoneStep: (runId) => void loneSteps.delete(runId),
    }
  }
}
