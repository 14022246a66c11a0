/**
 * Flows over a memory store and jobs and crawlers that end when a test says so. A crash may come before or after any
 * change of the store and any start of a run.
 */

import type { FlowStore } from '../../../src/automation/flows/flow-store.ts'
import type { Action, EndState, Trigger, Workflow } from '../../../src/automation/flows/flow-types.ts'
import { Flows, type Runner } from '../../../src/automation/flows/flows.ts'
import type { StartedBy } from '../../../src/automation/job-runs.ts'
import { Ids } from '../../../src/platform/ids.ts'
import { silentLog } from '../../../src/platform/log.ts'
import { seededRandom } from '../../../src/platform/random.ts'
import { Refusal } from '../../../src/platform/refusal.ts'
import { FakeClock, settle } from '../../support/fake-clock.ts'
import { MemoryFlowStore } from '../../support/memory-flow-store.ts'

export class Crash extends Error {}

export interface FakeRun {
  readonly id: string
  readonly action: Action
  readonly by: StartedBy
  state: 'RUNNING' | EndState
  isStopped: boolean
}

export interface FlowsWorld {
  readonly clock: FakeClock
  readonly store: MemoryFlowStore
  /** All that were ever started, in order. */
  readonly runs: FakeRun[]
  /** Names of jobs and crawlers that cannot be started. */
  readonly refused: Set<string>
  flows: Flows
  /** Ends the run of this name that is running, and tells it. */
  end(name: string, state?: EndState): Promise<void>
  /** The process dies after so many more steps (changes, starts); 0: at once. */
  dieAfter(steps: number): void
  readonly isDead: boolean
  /** Another process opens the lake: runs that were running have failed, as jobs and crawlers see to. */
  reopen(): Promise<void>
}

export function flowsWorld(): FlowsWorld {
  const clock = new FakeClock()
  const store = new MemoryFlowStore(clock)
  const ids = new Ids(seededRandom(3))
  const runs: FakeRun[] = []
  const refused = new Set<string>()
  let life = newLife()

  function newLife() {
    const alive = { stepsLeft: Number.POSITIVE_INFINITY }
    const step = () => {
      if (alive.stepsLeft <= 0) throw new Crash('the process is gone')
      alive.stepsLeft--
    }
    const mortal: FlowStore = {
      trigger: (name) => store.trigger(name),
      triggers: () => store.triggers(),
      workflow: (name) => store.workflow(name),
      workflows: () => store.workflows(),
      run: (workflow, id) => store.run(workflow, id),
      runs: (workflow, page) => store.runs(workflow, page),
      openRuns: () => store.openRuns(),
      loneSteps: () => store.loneSteps(),
      async change(work) {
        step()
        const result = await store.change(work)
        step()
        return result
      },
    }
    const runner = (kind: Action['kind']): Runner => ({
      newRunId: () => `${kind}-${ids.hex(8)}`,
      async start(action, runId, by) {
        step()
        if (refused.has(action.name)) throw new Refusal('cannotStart', `${action.name} cannot be started.`)
        if (runs.some(({ id }) => id === runId)) throw new Error(`${runId} was started twice`)
        runs.push({ id: runId, action, by, state: 'RUNNING', isStopped: false })
        step()
      },
      async stop(_, runId) {
        const run = runs.find(({ id }) => id === runId)
        if (run !== undefined) run.isStopped = true
      },
      find: async (_, runId) => runs.find(({ id }) => id === runId)?.state,
    })
    const runners = { job: runner('job'), crawler: runner('crawler') }
    return { alive, flows: new Flows({ store: mortal, runners, clock, ids, log: silentLog }) }
  }

  const world: FlowsWorld = {
    clock,
    store,
    runs,
    refused,
    flows: life.flows,
    async end(name, state = 'SUCCEEDED') {
      const run = runs.find((one) => one.action.name === name && one.state === 'RUNNING')
      if (run === undefined) throw new Error(`no run of ${name} is running`)
      run.state = state
      world.flows.ended(run.action.kind, name, run.id, { state })
      await settle()
    },
    dieAfter(steps) {
      life.alive.stepsLeft = steps
    },
    get isDead() {
      return life.alive.stepsLeft <= 0
    },
    async reopen() {
      life.alive.stepsLeft = 0
      for (const run of runs) if (run.state === 'RUNNING') run.state = 'FAILED'
      life = newLife()
      world.flows = life.flows
      await world.flows.begin()
      await settle()
    },
  }
  return world
}

export const job = (name: string): Action => ({ kind: 'job', name, arguments: {} })
export const crawler = (name: string): Action => ({ kind: 'crawler', name })

export function trigger(name: string, actions: readonly Action[], more: Partial<Trigger> = {}): Trigger {
  return { name, type: 'ON_DEMAND', state: 'CREATED', actions, met: [], tags: {}, ...more }
}

/** Fires when all of them (or, with ANY, one of them) have succeeded. */
export function watching(
  name: string,
  watched: readonly Action[],
  actions: readonly Action[],
  more: Partial<Trigger> & { readonly logical?: 'AND' | 'ANY'; readonly onState?: EndState } = {},
): Trigger {
  const { logical = 'AND', onState = 'SUCCEEDED', ...rest } = more
  const conditions = watched.map((action) => ({ kind: action.kind, name: action.name, state: onState }))
  return trigger(name, actions, {
    type: 'CONDITIONAL',
    state: 'ACTIVATED',
    predicate: { logical, conditions },
    ...rest,
  })
}

export async function makeWorkflow(
  { store }: Pick<FlowsWorld, 'store'>,
  triggers: readonly Trigger[],
  more: Partial<Workflow> = {},
): Promise<void> {
  await store.change((writer) => {
    writer.putWorkflow({ name: 'nightly', defaultRunProperties: {}, tags: {}, createdAtMs: 0, updatedAtMs: 0, ...more })
    for (const one of triggers) writer.putTrigger({ ...one, workflow: 'nightly' })
  })
}
