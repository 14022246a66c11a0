import { describe, expect, test } from 'vitest'
import { AT_WORK_MAX, RECORD_AGAIN_MS } from '../../../src/automation/jobs/jobs.ts'
import { isRefusal, Refusal } from '../../../src/platform/refusal.ts'
import { settle } from '../../support/fake-clock.ts'
import { jobsWorld } from './jobs-world.ts'

const job = 'refine'
const MINUTE_MS = 60_000

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return isRefusal(error) ? error.code : `not refused: ${String(error)}`
}

test('a run gets the script, its arguments and keys of the role, and succeeds when the script does', async () => {
  const world = await jobsWorld()
  const id = await world.jobs.start({ job, arguments: { '--day': '2026-01-02' } })
  expect(id).toMatch(/^jr_[0-9a-f]{64}$/)
  expect(await world.states()).toEqual(['STARTING'])
  await settle()
  expect(await world.states()).toEqual(['RUNNING'])
  expect(world.runner.last.script).toEqual({
    runId: id,
    name: 'refine.py',
    body: Buffer.from('print(1)'),
    arguments: ['--day', '2026-01-02', '--JOB_NAME', job, '--JOB_RUN_ID', id],
    libraries: [],
    keys: { accessKeyId: 'key of how-lake', secretAccessKey: 'GlueJobRunnerSession', token: 'for 4500 s' },
  })
  await world.clock.advance(90_000)
  await world.runner.last.end(0)
  const run = await world.store.findRun(job, id)
  expect(run).toMatchObject({ state: 'SUCCEEDED', attempt: 0, arguments: { '--day': '2026-01-02' } })
  expect((run?.endedAtMs ?? 0) - (run?.runningSinceMs ?? 0)).toBe(90_000)
  expect(world.outcomes).toMatchObject([{ job, runId: id, state: 'SUCCEEDED' }])
})

test('libraries are read from S3 for the script', async () => {
  const world = await jobsWorld({ defaultArguments: { '--extra-py-files': 's3://b/one.py, s3://b/two.whl' } })
  world.objects.set('s3://b/one.py', 'one').set('s3://b/two.whl', 'two')
  await world.jobs.start({ job })
  await settle()
  const { libraries, arguments: given } = world.runner.last.script
  expect(libraries).toEqual([
    { name: 'one.py', body: Buffer.from('one') },
    { name: 'two.whl', body: Buffer.from('two') },
  ])
  expect(given).not.toContain('--extra-py-files')
})

test.each([
  ['another status', ['some words'], 'Command failed with exit code 3'],
  [
    'an exception',
    ['Traceback (most recent call last):', '  File "refine.py", line 1', "KeyError: 'x'"],
    "KeyError: 'x'",
  ],
])('a script that ends with %s has failed, and the run says how', async (_, errors, message) => {
  const world = await jobsWorld()
  const id = await world.jobs.start({ job })
  await settle()
  for (const line of errors) await world.runner.last.output.line('error', line)
  await world.runner.last.end(3)
  expect(await world.store.findRun(job, id)).toMatchObject({ state: 'FAILED', errorMessage: message })
  expect(world.lines.at(-1)).toEqual({
    group: '/aws-glue/python-jobs/error',
    stream: id,
    message: `FAILED: ${message}`,
  })
})

test.each([
  ['a script that is not there', 's3://how.raw/scripts/refine.py cannot be read: there is no such object.', undefined],
  ['no Python', 'install Python', new Refusal('cannotRun', 'install Python')],
])('%s fails the run with a sentence, and runs nothing', async (_, message, refusal) => {
  const world = await jobsWorld()
  world.runner.refusal = refusal
  if (refusal === undefined) world.objects.clear()
  await world.jobs.start({ job })
  await settle()
  expect(world.outcomes).toMatchObject([{ state: 'FAILED', errorMessage: message }])
  expect(world.runner.scripts).toEqual([])
})

describe('retries', () => {
  test('a run that fails is tried again as often as the job says, each attempt with an id of its own', async () => {
    const world = await jobsWorld({ maxRetries: 2 })
    const id = await world.jobs.start({ job })
    for (const status of [1, 1, 1]) {
      await settle()
      await world.runner.last.end(status)
    }
    const runs = await world.store.runs(job, { limit: 10 })
    expect(runs.map((run) => [run.id, run.attempt, run.state, run.previousRunId])).toEqual([
      [`${id}_attempt_2`, 2, 'FAILED', `${id}_attempt_1`],
      [`${id}_attempt_1`, 1, 'FAILED', id],
      [id, 0, 'FAILED', undefined],
    ])
    expect(world.outcomes).toMatchObject([{ runId: id, state: 'FAILED' }])
  })

  test('one that succeeds at last is told of once, by the id that start gave', async () => {
    const world = await jobsWorld({ maxRetries: 3 })
    const id = await world.jobs.start({ job })
    for (const status of [1, 0]) {
      await settle()
      await world.runner.last.end(status)
    }
    expect(world.outcomes).toMatchObject([{ runId: id, state: 'SUCCEEDED' }])
    expect(await world.jobs.find(job, id)).toMatchObject({ runId: id, state: 'SUCCEEDED' })
  })

  test('what was stopped or timed out is not tried again', async () => {
    const world = await jobsWorld({ maxRetries: 3, timeoutMinutes: 1 })
    await world.jobs.stop(job, await world.jobs.start({ job }))
    await settle()
    await world.jobs.start({ job })
    await world.clock.advance(MINUTE_MS)
    expect(await world.states()).toEqual(['STOPPED', 'TIMEOUT'])
  })

  test('a run can be asked for again, with its arguments under those given', async () => {
    const world = await jobsWorld()
    const id = await world.jobs.start({ job, arguments: { '--day': 'a', '--page': 'b' } })
    await settle()
    await world.runner.last.end(1)
    const again = await world.jobs.start({ job, arguments: { '--day': 'c' }, previousRunId: id })
    expect(await world.store.findRun(job, again)).toMatchObject({
      previousRunId: id,
      arguments: { '--day': 'c', '--page': 'b' },
    })
    expect(await refusalOf(world.jobs.start({ job, previousRunId: 'jr_none' }))).toBe('jobRunNotFound')
  })
})

describe('an end from outside', () => {
  test('a run that is stopped is STOPPING until its script is gone', async () => {
    const world = await jobsWorld()
    world.runner.mindsStop = false
    const id = await world.jobs.start({ job })
    await settle()
    await world.jobs.stop(job, id)
    expect(await world.states()).toEqual(['STOPPING'])
    expect(world.runner.last.isStopped).toBe(true)
    await world.runner.last.end(0)
    expect(await world.states()).toEqual(['STOPPED'])
    expect(await refusalOf(world.jobs.stop(job, id))).toBe('jobRunEnded')
    expect(await refusalOf(world.jobs.stop(job, 'jr_none'))).toBe('jobRunNotFound')
  })

  test('time begins with the script, and its end stops it', async () => {
    const world = await jobsWorld()
    const id = await world.jobs.start({ job, timeoutMinutes: 2 })
    await settle()
    await world.clock.advance(2 * MINUTE_MS - 1)
    expect(world.runner.last.isStopped).toBe(false)
    await world.clock.advance(1)
    expect(await world.store.findRun(job, id)).toMatchObject({
      state: 'TIMEOUT',
      errorMessage: 'Job run ended after its timeout of 2 minutes.',
    })
  })

  test('a lake that closes stops its scripts and says so', async () => {
    const world = await jobsWorld({ maxRetries: 2 })
    const id = await world.jobs.start({ job })
    await settle()
    await world.jobs.close()
    expect(await world.store.findRun(job, id)).toMatchObject({
      state: 'STOPPED',
      errorMessage: 'lakelet was shut down while the job was running.',
    })
    expect(world.clock.waiting).toBe(0)
    await expect(world.jobs.start({ job })).rejects.toThrow('shutting down')
  })

  test('a run that a crash cut off has failed at the next start, is told of, and frees its place', async () => {
    const world = await jobsWorld({ maxRetries: 2 })
    const id = await world.jobs.start({ job })
    await settle()
    await world.crash()
    expect(await world.store.findRun(job, id)).toMatchObject({
      state: 'FAILED',
      errorMessage: 'lakelet ended while the job was running. Start the run again.',
    })
    expect(world.outcomes).toMatchObject([{ runId: id, state: 'FAILED' }])
    await world.jobs.start({ job })
  })
})

describe('bounds', () => {
  test('no more runs of a job at once than it allows, also while one is tried again', async () => {
    const world = await jobsWorld({ maxConcurrentRuns: 2, maxRetries: 1 })
    await world.jobs.start({ job })
    await world.jobs.start({ job })
    expect(await refusalOf(world.jobs.start({ job }))).toBe('tooManyJobRuns')
    await settle()
    await world.runner.last.end(1)
    expect(await refusalOf(world.jobs.start({ job }))).toBe('tooManyJobRuns')
    await settle()
    await world.runner.last.end(0)
    await world.jobs.start({ job })
  })

  test(`${AT_WORK_MAX} scripts run at once in the lake; the others wait for them`, async () => {
    const world = await jobsWorld({ maxConcurrentRuns: 100 })
    for (let index = 0; index <= AT_WORK_MAX; index++) {
      await world.jobs.start({ job })
      await settle()
    }
    expect(world.runner.scripts).toHaveLength(AT_WORK_MAX)
    expect((await world.states()).at(-1)).toBe('WAITING')
    await world.runner.scripts[0]?.end(0)
    expect(world.runner.scripts).toHaveLength(AT_WORK_MAX + 1)
    expect((await world.states()).at(-1)).toBe('RUNNING')
  })

  test('one that waits can be stopped', async () => {
    const world = await jobsWorld({ maxConcurrentRuns: 100 })
    let last = ''
    for (let index = 0; index <= AT_WORK_MAX; index++) last = await world.jobs.start({ job })
    await settle()
    await world.jobs.stop(job, last)
    await settle()
    expect((await world.store.findRun(job, last))?.state).toBe('STOPPED')
    expect(world.runner.scripts).toHaveLength(AT_WORK_MAX)
  })
})

test('an end that cannot be recorded is recorded later', async () => {
  const world = await jobsWorld()
  const id = await world.jobs.start({ job })
  await settle()
  const endRun = world.store.endRun.bind(world.store)
  world.store.endRun = async () => {
    world.store.endRun = endRun
    throw new Error('the disk is full')
  }
  await world.runner.last.end(0)
  expect((await world.store.findRun(job, id))?.state).toBe('RUNNING')
  await world.clock.advance(RECORD_AGAIN_MS)
  expect((await world.store.findRun(job, id))?.state).toBe('SUCCEEDED')
})

test('a lake that runs no jobs says why', async () => {
  const world = await jobsWorld({}, { offBecause: 'This lake runs no jobs.' })
  expect(await refusalOf(world.jobs.start({ job }))).toBe('jobsOff')
  expect(await world.states()).toEqual([])
})

test('of a job that is not there nothing is started', async () => {
  const world = await jobsWorld()
  expect(await refusalOf(world.jobs.start({ job: 'none' }))).toBe('jobNotFound')
})
