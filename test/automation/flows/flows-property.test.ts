/** Any graph of triggers, any outcomes, crashes anywhere: every action of a trigger that fires is started once or ERRORED. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EndState, Trigger } from '../../../src/automation/flows/flow-types.ts'
import { isFulfilled } from '../../../src/automation/flows/workflow-runs.ts'
import { statisticsOf } from '../../../src/services/glue/flows/flow-shape.ts'
import { settle } from '../../support/fake-clock.ts'
import { crawler, flowsWorld, job, makeWorkflow, trigger } from './flows-world.ts'

const ACTIONS = [job('a'), job('b'), job('c'), crawler('a'), crawler('d')]
const STATES: readonly EndState[] = ['SUCCEEDED', 'FAILED', 'STOPPED']

const someActions = fc.uniqueArray(fc.constantFrom(...ACTIONS), { minLength: 1, maxLength: 3 })
const condition = fc.record({ action: fc.constantFrom(...ACTIONS), state: fc.constantFrom(...STATES) })
const conditional = fc.record({
  actions: someActions,
  logical: fc.constantFrom('AND' as const, 'ANY' as const),
  conditions: fc.array(condition, { minLength: 1, maxLength: 3 }),
})
const event = fc.oneof(
  { weight: 4, arbitrary: fc.record({ pick: fc.nat(), state: fc.constantFrom(...STATES) }) },
  { weight: 1, arbitrary: fc.record({ dieAfter: fc.nat({ max: 6 }) }) },
)
const story = fc.record({
  start: someActions,
  conditionals: fc.array(conditional, { maxLength: 5 }),
  refused: fc.subarray(['a', 'd']),
  runs: fc.integer({ min: 1, max: 2 }),
  events: fc.array(event, { maxLength: 30 }),
})

test('each action of each trigger that fires is started once or errored, and every run ends', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ start, conditionals, refused, runs, events }) => {
      const world = flowsWorld()
      for (const name of refused) world.refused.add(name)
      const triggers: Trigger[] = [
        trigger('start', start),
        ...conditionals.map(({ actions, logical, conditions }, index) =>
          trigger(`after ${index}`, actions, {
            type: 'CONDITIONAL',
            state: 'ACTIVATED',
            predicate: {
              logical,
              conditions: conditions.map(({ action: { kind, name }, state }) => ({ kind, name, state })),
            },
          }),
        ),
      ]
      await makeWorkflow(world, triggers)
      for (let count = 0; count < runs; count++) await world.flows.startRun('nightly')
      await settle()
      for (const happened of events) {
        if ('dieAfter' in happened) world.dieAfter(happened.dieAfter)
        else {
          const running = world.runs.filter(({ state }) => state === 'RUNNING')
          const ending = running[happened.pick % Math.max(1, running.length)]
          if (ending !== undefined) {
            ending.state = happened.state
            world.flows.ended(ending.action.kind, ending.action.name, ending.id, { state: happened.state })
            await settle()
          }
        }
        if (world.isDead) await world.reopen()
      }
      // What is still running comes to its end.
      for (let running = world.runs; running.length > 0; ) {
        running = world.runs.filter(({ state }) => state === 'RUNNING')
        for (const one of running) {
          if (one.state !== 'RUNNING') continue
          one.state = 'SUCCEEDED'
          world.flows.ended(one.action.kind, one.action.name, one.id, { state: 'SUCCEEDED' })
          await settle()
          if (world.isDead) await world.reopen()
        }
      }
      await world.reopen()
      await world.reopen()

      const all = world.store.runs('nightly', { limit: 100 })
      expect(all).toHaveLength(runs)
      const known = new Set<string>()
      for (const run of all) {
        expect(run.status).toBe('COMPLETED')
        const steps = run.steps.map((step) => ({ ...step, ran: world.runs.find(({ id }) => id === step.runId) }))
        for (const { runId, state, ran, action } of steps) {
          expect(known.has(runId)).toBe(false)
          known.add(runId)
          expect(state).toBe(ran?.state ?? 'ERRORED')
          expect(ran === undefined).toBe(refused.includes(action.name))
        }
        for (const { name, predicate, actions } of triggers) {
          const isDue = predicate === undefined || isFulfilled(predicate, run.steps)
          const of = steps.filter((step) => step.trigger === name).map(({ action }) => action)
          expect(of).toEqual(isDue ? actions : [])
        }
        const { TotalActions, ...counts } = statisticsOf(run)
        const counted = Object.values(counts).reduce((sum, count) => sum + count, 0)
        expect(counted).toBe(run.steps.length)
        expect(TotalActions).toBeGreaterThanOrEqual(counted)
      }
      expect(world.runs.every(({ id }) => known.has(id))).toBe(true)
    }),
    { numRuns: 150 },
  )
}, 60_000)
