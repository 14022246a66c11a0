import { describe, expect, test } from 'vitest'
import type { Trigger } from '../../../src/automation/flows/flow-types.ts'
import { isRefusal } from '../../../src/platform/refusal.ts'
import { settle } from '../../support/fake-clock.ts'
import { crawler, type FlowsWorld, flowsWorld, job, makeWorkflow, trigger, watching } from './flows-world.ts'

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return isRefusal(error) ? error.code : `not refused: ${String(error)}`
}

const started = ({ runs }: FlowsWorld) => runs.map(({ action }) => action.name)

function runOf({ store }: FlowsWorld, id: string) {
  const run = store.run('nightly', id)
  if (run === undefined) throw new Error(`there is no run ${id}`)
  return run
}

async function startedRun(world: FlowsWorld): Promise<string> {
  const id = await world.flows.startRun('nightly')
  await settle()
  return id
}

describe('triggers outside workflows', () => {
  async function withTriggers(...triggers: readonly Trigger[]) {
    const world = flowsWorld()
    await world.store.change((writer) => {
      for (const one of triggers) writer.putTrigger(one)
    })
    await world.flows.begin()
    return world
  }

  test('one on demand starts its actions at once, with their arguments, and stays CREATED', async () => {
    const action = { kind: 'job', name: 'refine', arguments: { '--day': 'x' }, timeoutMinutes: 5 } as const
    const world = await withTriggers(trigger('go', [action, crawler('raw')]))
    await world.flows.startTrigger('go')
    await settle()
    expect(world.runs).toMatchObject([
      { action, by: { trigger: 'go' } },
      { action: crawler('raw'), by: { trigger: 'go' } },
    ])
    expect(world.store.trigger('go')?.state).toBe('CREATED')
    expect(await refusalOf(world.flows.stopTrigger('go'))).toBe('triggerState')
    expect(await refusalOf(world.flows.startTrigger('none'))).toBe('triggerNotFound')
  })

  test('one by schedule fires at its times, from its start to its stop', async () => {
    const world = await withTriggers(
      trigger('hourly', [crawler('raw')], { type: 'SCHEDULED', schedule: 'cron(0 * * * ? *)' }),
    )
    await world.clock.advance(3_600_000)
    expect(started(world)).toEqual([])
    await world.flows.startTrigger('hourly')
    await world.clock.advance(2 * 3_600_000)
    expect(started(world)).toEqual(['raw', 'raw'])
    await world.flows.stopTrigger('hourly')
    await world.clock.advance(2 * 3_600_000)
    expect(started(world)).toEqual(['raw', 'raw'])
    expect(world.store.trigger('hourly')?.state).toBe('DEACTIVATED')
  })

  test('a schedule goes on after a restart', async () => {
    const schedule = { type: 'SCHEDULED', schedule: 'cron(0 * * * ? *)', state: 'ACTIVATED' } as const
    const world = await withTriggers(trigger('hourly', [crawler('raw')], schedule))
    await world.reopen()
    await world.clock.advance(3_600_000)
    expect(started(world)).toEqual(['raw'])
  })

  test('a conditional one follows runs that a trigger started, not those started by hand', async () => {
    const world = await withTriggers(trigger('go', [job('a')]), watching('then', [job('a')], [job('b')]))
    world.flows.ended('job', 'a', 'by-hand', { state: 'SUCCEEDED' })
    await settle()
    expect(started(world)).toEqual([])
    await world.flows.startTrigger('go')
    await settle()
    await world.end('a', 'FAILED')
    expect(started(world)).toEqual(['a'])
    await world.flows.startTrigger('go')
    await settle()
    await world.end('a')
    expect(started(world)).toEqual(['a', 'a', 'b'])
    expect(world.runs.at(-1)?.by).toEqual({ trigger: 'then' })
  })

  test('chains go on as long as they are watched', async () => {
    const world = await withTriggers(
      trigger('go', [job('a')]),
      watching('second', [job('a')], [crawler('b')]),
      watching('third', [crawler('b')], [job('c')]),
    )
    await world.flows.startTrigger('go')
    await settle()
    await world.end('a')
    await world.end('b')
    expect(started(world)).toEqual(['a', 'b', 'c'])
    expect(world.store.loneSteps()).toHaveLength(1)
    await world.end('c')
    expect(world.store.loneSteps()).toEqual([])
  })

  test('AND waits for all, then for all anew; ANY for one', async () => {
    const world = await withTriggers(
      trigger('go', [job('a'), job('b')]),
      watching('both', [job('a'), job('b')], [job('c')]),
      watching('either', [job('a'), job('b')], [job('d')], { logical: 'ANY' }),
    )
    for (let round = 0; round < 2; round++) {
      await world.flows.startTrigger('go')
      await settle()
      await world.end('a')
      await world.end('b')
    }
    expect(started(world)).toEqual([...['a', 'b', 'd', 'c', 'd'], ...['a', 'b', 'd', 'c', 'd']])
  })

  test('one that is not active watches nothing', async () => {
    const world = await withTriggers(
      trigger('go', [job('a')]),
      watching('then', [job('a')], [job('b')], { state: 'CREATED' }),
    )
    await world.flows.startTrigger('go')
    await settle()
    await world.end('a')
    expect(started(world)).toEqual(['a'])
  })

  test('an action that cannot start is given up, its neighbours are not', async () => {
    const world = await withTriggers(trigger('go', [job('gone'), job('a')]), watching('then', [job('a')], [job('b')]))
    world.refused.add('gone')
    await world.flows.startTrigger('go')
    await settle()
    await world.end('a')
    expect(started(world)).toEqual(['a', 'b'])
    expect(world.store.loneSteps()).toMatchObject([{ action: { name: 'b' } }])
  })

  test('a crash between deciding and starting loses nothing and starts nothing twice', async () => {
    for (let steps = 0; steps < 12; steps++) {
      const world = await withTriggers(
        trigger('go', [job('a')]),
        watching('then', [job('a')], [job('b')], { onState: 'FAILED' }),
      )
      world.dieAfter(steps)
      await world.flows.startTrigger('go').catch(() => undefined)
      await settle()
      await world.reopen()
      await world.reopen()
      // Not begun at all, or begun; every run that a crash cut off has failed, so the next one follows.
      const count = world.runs.length
      expect(started(world)).toEqual(count === 0 ? [] : ['a', 'b'].slice(0, count))
      if (steps >= 2) expect(count).toBeGreaterThan(0)
    }
  })
})

describe('workflows', () => {
  const nightly = [
    trigger('start', [crawler('raw')]),
    watching('crawled', [crawler('raw')], [job('refine'), job('report')]),
  ]

  test('a run goes from trigger to trigger and is COMPLETED with the last action', async () => {
    const world = flowsWorld()
    await makeWorkflow(world, nightly, { defaultRunProperties: { a: '1', b: '1' } })
    const id = await world.flows.startRun('nightly', { b: '2' })
    await settle()
    expect(id).toMatch(/^wr_[0-9a-f]{64}$/)
    expect(runOf(world, id)).toMatchObject({ status: 'RUNNING', properties: { a: '1', b: '2' } })
    await world.clock.advance(5_000)
    await world.end('raw')
    expect(world.runs.slice(1)).toMatchObject(
      ['refine', 'report'].map((name) => ({
        action: { name },
        by: { trigger: 'crawled', workflow: { name: 'nightly', runId: id } },
      })),
    )
    await world.end('refine', 'FAILED')
    expect(runOf(world, id).status).toBe('RUNNING')
    await world.end('report')
    const { status, startedAtMs, endedAtMs = 0, steps } = runOf(world, id)
    expect([status, endedAtMs - startedAtMs]).toEqual(['COMPLETED', 5_000])
    expect(steps.map(({ action, state }) => [action.name, state])).toEqual([
      ['raw', 'SUCCEEDED'],
      ['refine', 'FAILED'],
      ['report', 'SUCCEEDED'],
    ])
  })

  test('a run whose conditions do not come true ends there', async () => {
    const world = flowsWorld()
    await makeWorkflow(world, nightly)
    const id = await startedRun(world)
    await world.end('raw', 'FAILED')
    expect(runOf(world, id)).toMatchObject({ status: 'COMPLETED', fired: ['start'] })
  })

  test('each trigger fires once a run, also when it could again', async () => {
    const world = flowsWorld()
    const either = watching('either', [job('a'), job('b')], [job('c')], { logical: 'ANY' })
    await makeWorkflow(world, [trigger('start', [job('a'), job('b')]), either])
    await startedRun(world)
    await world.end('a')
    await world.end('b')
    expect(started(world)).toEqual(['a', 'b', 'c'])
  })

  test('runs of the same workflow do not see each other', async () => {
    const world = flowsWorld()
    await makeWorkflow(world, [
      trigger('start', [job('a'), job('b')]),
      watching('both', [job('a'), job('b')], [job('c')]),
    ])
    const first = await startedRun(world)
    const second = await startedRun(world)
    await world.end('a')
    await world.end('a')
    expect(started(world)).not.toContain('c')
    await world.end('b')
    expect(runOf(world, first).fired).toEqual(['start', 'both'])
    expect(runOf(world, second).fired).toEqual(['start'])
  })

  test('an action that cannot start is ERRORED with the reason, and the run goes on', async () => {
    const world = flowsWorld()
    await makeWorkflow(world, nightly)
    world.refused.add('refine')
    const id = await startedRun(world)
    await world.end('raw')
    await world.end('report')
    expect(runOf(world, id)).toMatchObject({
      status: 'COMPLETED',
      steps: [{ state: 'SUCCEEDED' }, { state: 'ERRORED', errorMessage: 'refine cannot be started.' }, {}],
    })
  })

  test('a start trigger starts a run of its workflow, by schedule too', async () => {
    const world = flowsWorld()
    const schedule = { type: 'SCHEDULED', schedule: 'cron(0 * * * ? *)', state: 'ACTIVATED' } as const
    await makeWorkflow(world, [trigger('start', [crawler('raw')], schedule)])
    await world.flows.begin()
    await world.clock.advance(3_600_000)
    expect(world.store.openRuns()).toHaveLength(1)

    const other = flowsWorld()
    await makeWorkflow(other, nightly)
    await other.flows.startTrigger('start')
    expect(other.store.openRuns()).toMatchObject([{ workflow: 'nightly', status: 'RUNNING' }])
  })

  test('what cannot be a run is refused', async () => {
    const world = flowsWorld()
    expect(await refusalOf(world.flows.startRun('nightly'))).toBe('workflowNotFound')
    await makeWorkflow(world, [watching('then', [job('a')], [job('b')])], { maxConcurrentRuns: 1 })
    expect(await refusalOf(world.flows.startRun('nightly'))).toBe('noStartTrigger')
    await makeWorkflow(world, nightly, { maxConcurrentRuns: 1 })
    await startedRun(world)
    expect(await refusalOf(world.flows.startRun('nightly'))).toBe('tooManyWorkflowRuns')
    await world.end('raw', 'FAILED')
    await startedRun(world)
  })

  test('what is changed while it runs is for the next run', async () => {
    const world = flowsWorld()
    await makeWorkflow(world, nightly)
    await startedRun(world)
    await world.store.change((writer) => writer.deleteTrigger('crawled'))
    await world.end('raw')
    expect(started(world)).toEqual(['raw', 'refine', 'report'])
  })

  test('a stopped run stops what runs, starts nothing more, and is STOPPED when that has ended', async () => {
    const world = flowsWorld()
    await makeWorkflow(world, nightly)
    const id = await startedRun(world)
    await world.flows.stopRun('nightly', id)
    expect(runOf(world, id).status).toBe('STOPPING')
    expect(world.runs.map(({ isStopped }) => isStopped)).toEqual([true])
    expect(await refusalOf(world.flows.stopRun('nightly', id))).toBe('workflowRunState')
    await world.end('raw')
    expect(runOf(world, id)).toMatchObject({ status: 'STOPPED', fired: ['start'] })
    expect(await refusalOf(world.flows.stopRun('nightly', 'wr_none'))).toBe('workflowRunNotFound')
  })

  test('one that is stopped before its first action begins starts none', async () => {
    const world = flowsWorld()
    await makeWorkflow(world, nightly)
    const id = await world.flows.startRun('nightly')
    await world.flows.stopRun('nightly', id)
    await settle()
    const unstopped = world.runs.filter(({ isStopped }) => !isStopped)
    expect(unstopped).toEqual([])
    if (world.runs.length > 0) await world.end('raw', 'CANCELLED')
    expect(runOf(world, id).status).toBe('STOPPED')
  })

  test('a run that is resumed does the named again and what follows from it; the rest counts as done', async () => {
    const world = flowsWorld()
    const triggers = [
      trigger('start', [job('a'), job('b')]),
      watching('both', [job('a'), job('b')], [job('c')]),
      watching('last', [job('c')], [job('d')]),
    ]
    await makeWorkflow(world, triggers)
    const id = await startedRun(world)
    await world.end('a')
    await world.end('b', 'FAILED')
    expect(runOf(world, id).status).toBe('COMPLETED')
    const resumed = await world.flows.resumeRun('nightly', id, [job('b')])
    await settle()
    expect(runOf(world, resumed)).toMatchObject({ previousRunId: id, status: 'RUNNING' })
    expect(runOf(world, resumed).endedAtMs).toBeUndefined()
    for (const name of ['b', 'c', 'd']) await world.end(name)
    expect(started(world)).toEqual(['a', 'b', 'b', 'c', 'd'])
    expect(runOf(world, resumed)).toMatchObject({ status: 'COMPLETED', fired: ['start', 'both', 'last'] })
    expect(runOf(world, id).steps).toHaveLength(2)
  })

  test('of a chain that is resumed from its middle the end is done again, once', async () => {
    const world = flowsWorld()
    const triggers = [
      trigger('start', [job('a')]),
      watching('second', [job('a')], [job('b')]),
      watching('third', [job('b')], [job('c')]),
    ]
    await makeWorkflow(world, triggers)
    const id = await startedRun(world)
    for (const name of ['a', 'b', 'c']) await world.end(name)
    await world.flows.resumeRun('nightly', id, [job('b'), job('c')])
    await settle()
    await world.end('b')
    await world.end('c')
    expect(started(world)).toEqual(['a', 'b', 'c', 'b', 'c'])
  })

  test('what cannot be resumed is refused', async () => {
    const world = flowsWorld()
    await makeWorkflow(world, nightly)
    const id = await startedRun(world)
    expect(await refusalOf(world.flows.resumeRun('nightly', id, [crawler('raw')]))).toBe('workflowRunState')
    await world.end('raw', 'FAILED')
    expect(await refusalOf(world.flows.resumeRun('nightly', id, [job('refine')]))).toBe('workflowRunState')
    expect(await refusalOf(world.flows.resumeRun('nightly', 'wr_none', []))).toBe('workflowRunNotFound')
  })

  test('after a restart a run that was being stopped is stopped, and one at work goes on', async () => {
    const world = flowsWorld()
    await makeWorkflow(world, [
      trigger('start', [job('a')]),
      watching('failed', [job('a')], [job('b')], { onState: 'FAILED' }),
    ])
    const stopped = await startedRun(world)
    const working = await startedRun(world)
    await world.flows.stopRun('nightly', stopped)
    await world.reopen()
    expect(runOf(world, stopped).status).toBe('STOPPED')
    expect(runOf(world, working)).toMatchObject({ status: 'RUNNING', fired: ['start', 'failed'] })
    await world.end('b')
    expect(runOf(world, working).status).toBe('COMPLETED')
  })
})
