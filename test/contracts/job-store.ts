/** What every JobStore promises. A backend's test calls `jobStoreContract` with a way to open an empty one. */
import { beforeEach, expect, test } from 'vitest'
import { type JobStore, RUNS_KEPT_MAX, RUNS_KEPT_MS } from '../../src/automation/jobs/job-store.ts'
import type { JobInput, JobRun } from '../../src/automation/jobs/job-types.ts'
import { Refusal } from '../../src/platform/refusal.ts'
import { FakeClock } from '../support/fake-clock.ts'

export const jobInput: JobInput = {
  name: 'refine',
  role: 'how-lake',
  scriptLocation: 's3://how.raw/scripts/refine.py',
  pythonVersion: '3.9',
  defaultArguments: { '--day': 'yesterday' },
  nonOverridableArguments: {},
  maxRetries: 0,
  timeoutMinutes: 60,
  maxConcurrentRuns: 1,
  maxCapacity: 0.0625,
  jobMode: 'SCRIPT',
  tags: { team: 'lake' },
}

function runOf(id: string, startedAtMs: number, state: JobRun['state'] = 'RUNNING', job = 'refine'): JobRun {
  const times = { startedAtMs, updatedAtMs: startedAtMs }
  return { id, job, attempt: 0, state, ...times, arguments: {}, timeoutMinutes: 60, maxCapacity: 0.0625 }
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof Refusal ? error.code : `not refused: ${String(error)}`
}

export function jobStoreContract(open: (clock: FakeClock) => Promise<JobStore>): void {
  let store: JobStore
  let clock: FakeClock
  beforeEach(async () => {
    clock = new FakeClock()
    store = await open(clock)
  })
  const ids = async (page: { before?: string; limit: number }) => (await store.runs('refine', page)).map(({ id }) => id)

  test('a job is read as it was made, with its times', async () => {
    const expected = { ...jobInput, createdAtMs: clock.nowMs(), updatedAtMs: clock.nowMs() }
    expect(await store.createJob(jobInput)).toEqual(expected)
    expect(await store.findJob('refine')).toEqual(expected)
    expect(await store.findJob('other')).toBeUndefined()
    expect(await refusalOf(store.createJob(jobInput))).toBe('jobExists')
  })

  test('jobs come by name', async () => {
    for (const name of ['b', 'C', 'a']) await store.createJob({ ...jobInput, name })
    expect((await store.jobs()).map(({ name }) => name)).toEqual(['C', 'a', 'b'])
  })

  test('an update sees what is there, and one that throws changes nothing', async () => {
    await store.createJob(jobInput)
    await store.updateJob('refine', (job) => ({ ...job, maxRetries: job.maxRetries + 2 }))
    const failing = store.updateJob('refine', () => {
      throw new Refusal('invalidInput', 'no')
    })
    expect(await refusalOf(failing)).toBe('invalidInput')
    expect((await store.findJob('refine'))?.maxRetries).toBe(2)
    expect(await refusalOf(store.updateJob('other', (job) => job))).toBe('jobNotFound')
  })

  test('a run is made knowing how many of its job have not ended', async () => {
    await store.createJob(jobInput)
    const counts: number[] = []
    const add = (id: string, state?: JobRun['state']) =>
      store.addRun('refine', (_, unended) => {
        counts.push(unended)
        return runOf(id, clock.nowMs(), state)
      })
    await add('jr_1', 'STARTING')
    await add('jr_2', 'SUCCEEDED')
    await add('jr_3')
    expect(counts).toEqual([0, 1, 1])
    expect((await store.unendedRuns()).map(({ id }) => id)).toEqual(['jr_1', 'jr_3'])
    expect(await refusalOf(store.addRun('other', () => runOf('jr_4', 0)))).toBe('jobNotFound')
  })

  test('runs come newest first, page by page', async () => {
    await store.createJob(jobInput)
    for (const id of ['jr_1', 'jr_2', 'jr_3']) await store.addRun('refine', () => runOf(id, clock.nowMs()))
    expect(await ids({ limit: 2 })).toEqual(['jr_3', 'jr_2'])
    expect(await ids({ before: 'jr_2', limit: 2 })).toEqual(['jr_1'])
    expect(await store.runs('other', { limit: 2 })).toEqual([])
  })

  test('a run that ended counts no more, and its next attempt does at the same moment', async () => {
    await store.createJob(jobInput)
    await store.addRun('refine', () => runOf('jr_1', clock.nowMs()))
    const { ended, again } = await store.endRun(
      'refine',
      'jr_1',
      (run) => ({ ...run, state: 'FAILED' }),
      (run, job) => ({
        ...run,
        id: `${run.id}_attempt_1`,
        attempt: 1,
        state: 'STARTING',
        arguments: job.defaultArguments,
      }),
    )
    expect(ended.state).toBe('FAILED')
    expect(again).toMatchObject({ id: 'jr_1_attempt_1', attempt: 1, arguments: { '--day': 'yesterday' } })
    expect((await store.unendedRuns()).map(({ id }) => id)).toEqual(['jr_1_attempt_1'])
    expect((await store.findRun('refine', 'jr_1'))?.state).toBe('FAILED')
    const last = await store.endRun('refine', 'jr_1_attempt_1', (run) => ({ ...run, state: 'SUCCEEDED' }))
    expect(last.again).toBeUndefined()
    expect(await store.unendedRuns()).toEqual([])
  })

  test('of a run that is not there nothing is changed', async () => {
    await store.createJob(jobInput)
    expect(await refusalOf(store.updateRun('refine', 'jr_9', (run) => run))).toBe('jobRunNotFound')
    expect(await store.findRun('refine', 'jr_9')).toBeUndefined()
  })

  test('a job with runs that have not ended stays; without, its history goes with it', async () => {
    await store.createJob(jobInput)
    await store.addRun('refine', () => runOf('jr_1', clock.nowMs()))
    expect(await refusalOf(store.deleteJob('refine'))).toBe('jobHasRuns')
    await store.updateRun('refine', 'jr_1', (run) => ({ ...run, state: 'STOPPED' }))
    await store.deleteJob('refine')
    await store.deleteJob('refine')
    await store.createJob(jobInput)
    expect(await ids({ limit: 10 })).toEqual([])
  })

  test('history is kept for 90 days, and no run is forgotten that has not ended', async () => {
    await store.createJob(jobInput)
    await store.addRun('refine', () => runOf('old', clock.nowMs(), 'SUCCEEDED'))
    await store.addRun('refine', () => runOf('old and at work', clock.nowMs()))
    await clock.advance(RUNS_KEPT_MS + 1)
    await store.addRun('refine', () => runOf('new', clock.nowMs(), 'SUCCEEDED'))
    expect(await ids({ limit: 10 })).toEqual(['new', 'old and at work'])
  })

  test(`of more than ${RUNS_KEPT_MAX} runs the oldest are forgotten`, async () => {
    await store.createJob(jobInput)
    for (let index = 0; index <= RUNS_KEPT_MAX; index++)
      await store.addRun('refine', () => runOf(`jr_${index}`, clock.nowMs(), 'SUCCEEDED'))
    const kept = await ids({ limit: RUNS_KEPT_MAX + 10 })
    expect([kept.length, kept.at(0), kept.at(-1)]).toEqual([RUNS_KEPT_MAX, `jr_${RUNS_KEPT_MAX}`, 'jr_1'])
  })
}
