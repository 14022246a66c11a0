/** What every FlowStore promises. A backend's test calls `flowStoreContract` with a way to open an empty one. */
import { beforeEach, expect, test } from 'vitest'
import { type FlowStore, RUNS_KEPT_MAX, RUNS_KEPT_MS } from '../../src/automation/flows/flow-store.ts'
import type { LoneStep, Trigger, Workflow, WorkflowRun } from '../../src/automation/flows/flow-types.ts'
import { FakeClock } from '../support/fake-clock.ts'

const trigger = (name: string, workflow?: string): Trigger => ({
  name,
  ...(workflow !== undefined && { workflow }),
  type: 'ON_DEMAND',
  state: 'CREATED',
  actions: [{ kind: 'crawler', name: 'how-kinesis' }],
  met: [],
  tags: {},
})

const workflow = (name: string): Workflow => ({
  name,
  defaultRunProperties: { a: 'b' },
  tags: {},
  createdAtMs: 1,
  updatedAtMs: 2,
})

const run = (
  id: string,
  startedAtMs: number,
  status: WorkflowRun['status'] = 'RUNNING',
  of = 'nightly',
): WorkflowRun => ({
  id,
  workflow: of,
  properties: {},
  status,
  startedAtMs,
  triggers: [trigger('start', of)],
  fired: ['start'],
  steps: [],
})

const loneStep = (runId: string): LoneStep => ({
  runId,
  trigger: 'alone',
  action: { kind: 'job', name: 'refine', arguments: {} },
  state: 'RUNNING',
  by: { trigger: 'alone' },
})

export function flowStoreContract(open: (clock: FakeClock) => Promise<FlowStore>): void {
  let store: FlowStore
  let clock: FakeClock
  beforeEach(async () => {
    clock = new FakeClock()
    store = await open(clock)
  })

  test('what is put is read as it was put, by name', async () => {
    await store.change((writer) => {
      for (const name of ['b', 'C', 'a']) {
        writer.putTrigger(trigger(name))
        writer.putWorkflow(workflow(name))
      }
      for (const id of ['jr_2', 'jr_1']) writer.putLoneStep(loneStep(id))
    })
    expect(store.triggers()).toEqual(['C', 'a', 'b'].map((name) => trigger(name)))
    expect(store.workflows()).toEqual(['C', 'a', 'b'].map(workflow))
    expect(store.loneSteps()).toEqual([loneStep('jr_1'), loneStep('jr_2')])
    expect(store.trigger('a')).toEqual(trigger('a'))
    expect(store.workflow('a')).toEqual(workflow('a'))
    expect([store.trigger('A'), store.workflow('A')]).toEqual([undefined, undefined])
  })

  test('what is put again replaces; what is deleted is gone', async () => {
    await store.change((writer) => {
      writer.putTrigger(trigger('a'))
      writer.putTrigger({ ...trigger('a'), state: 'DEACTIVATED' })
      writer.putTrigger(trigger('b'))
      writer.deleteTrigger('b')
      writer.putLoneStep(loneStep('jr_1'))
      writer.deleteLoneStep('jr_1')
    })
    expect(store.triggers()).toEqual([{ ...trigger('a'), state: 'DEACTIVATED' }])
    expect(store.loneSteps()).toEqual([])
  })

  test('a change sees what it has done itself, and one that throws leaves nothing', async () => {
    const failing = store.change((writer) => {
      writer.putTrigger(trigger('a'))
      expect(writer.trigger('a')).toBeDefined()
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(store.triggers()).toEqual([])
  })

  test('runs come newest first, page by page; those that are open oldest first', async () => {
    await store.change((writer) => {
      writer.putRun(run('wr_1', clock.nowMs()))
      writer.putRun(run('wr_2', clock.nowMs()))
      writer.putRun(run('wr_3', clock.nowMs(), 'STOPPING'))
      writer.putRun(run('wr_other', clock.nowMs(), 'RUNNING', 'other'))
      writer.putRun(run('wr_2', clock.nowMs(), 'COMPLETED'))
    })
    const ids = (page: { before?: string; limit: number }) => store.runs('nightly', page).map(({ id }) => id)
    expect(ids({ limit: 2 })).toEqual(['wr_3', 'wr_2'])
    expect(ids({ before: 'wr_2', limit: 2 })).toEqual(['wr_1'])
    expect(store.openRuns().map(({ id }) => id)).toEqual(['wr_1', 'wr_3', 'wr_other'])
    expect(store.run('nightly', 'wr_2')?.status).toBe('COMPLETED')
    expect(store.run('other', 'wr_2')).toBeUndefined()
  })

  test('a workflow goes with its runs, and no others', async () => {
    await store.change((writer) => {
      writer.putWorkflow(workflow('nightly'))
      writer.putRun(run('wr_1', clock.nowMs()))
      writer.putRun(run('wr_other', clock.nowMs(), 'RUNNING', 'other'))
      writer.deleteWorkflow('nightly')
    })
    expect(store.workflow('nightly')).toBeUndefined()
    expect(store.openRuns().map(({ id }) => id)).toEqual(['wr_other'])
  })

  test('history is kept for 90 days, and no run is forgotten that is open', async () => {
    await store.change((writer) => {
      writer.putRun(run('old', clock.nowMs(), 'COMPLETED'))
      writer.putRun(run('old and open', clock.nowMs()))
    })
    await clock.advance(RUNS_KEPT_MS + 1)
    await store.change((writer) => writer.putRun(run('new', clock.nowMs(), 'COMPLETED')))
    expect(store.runs('nightly', { limit: 10 }).map(({ id }) => id)).toEqual(['new', 'old and open'])
  })

  test(`of more than ${RUNS_KEPT_MAX} runs the oldest are forgotten`, async () => {
    await store.change((writer) => {
      for (let index = 0; index <= RUNS_KEPT_MAX; index++)
        writer.putRun({ ...run(`wr_${index}`, clock.nowMs(), 'COMPLETED'), triggers: [] })
    })
    const kept = store.runs('nightly', { limit: RUNS_KEPT_MAX + 10 }).map(({ id }) => id)
    expect([kept.length, kept.at(0), kept.at(-1)]).toEqual([RUNS_KEPT_MAX, `wr_${RUNS_KEPT_MAX}`, 'wr_1'])
  })
}
