import { describe, expect, test } from 'vitest'
import type { CreateJobRequest, StartJobRunRequest } from '../../../../src/wire/model/glue.ts'
import { settle } from '../../../support/fake-clock.ts'
import { errorOf, glueAutomation, JOB } from '../flows/glue-automation.ts'

test('a job is given back with every default that AWS gives', async () => {
  const { call, world } = await glueAutomation()
  expect(await call('CreateJob', JOB)).toEqual({ Name: 'report' })
  const now = new Date(world.clock.nowMs())
  expect(await call('GetJob', { JobName: 'report' })).toEqual({
    Job: {
      Name: 'report',
      JobMode: 'SCRIPT',
      JobRunQueuingEnabled: false,
      Role: 'how-lake',
      CreatedOn: now,
      LastModifiedOn: now,
      ExecutionProperty: { MaxConcurrentRuns: 1 },
      Command: JOB.Command,
      DefaultArguments: {},
      MaxRetries: 0,
      AllocatedCapacity: 0,
      Timeout: 2880,
      MaxCapacity: 0.0625,
    },
  })
})

test('an update replaces the whole definition, and keeps name and creation', async () => {
  const { call, world } = await glueAutomation()
  await call('CreateJob', { ...JOB, Description: 'old', MaxRetries: 2, DefaultArguments: { '--a': '1' } })
  await world.clock.advance(1_000)
  const { Name: _, ...definition } = JOB
  const changed = { ...definition, Timeout: 5, NonOverridableArguments: { '--b': '2' } }
  expect(await call('UpdateJob', { JobName: 'report', JobUpdate: changed })).toEqual({ JobName: 'report' })
  const { Job } = await call('GetJob', { JobName: 'report' })
  expect(Job).toMatchObject({
    Timeout: 5,
    MaxRetries: 0,
    DefaultArguments: {},
    NonOverridableArguments: { '--b': '2' },
  })
  expect(Job?.Description).toBeUndefined()
  expect((Job?.LastModifiedOn?.getTime() ?? 0) - (Job?.CreatedOn?.getTime() ?? 0)).toBe(1_000)
})

const REFUSED: readonly (readonly [what: string, members: Partial<CreateJobRequest>, error: string])[] = [
  [
    'Spark',
    { Command: { Name: 'glueetl', ScriptLocation: 's3://b/a.py' } },
    'Jobs of the kind glueetl are not offered',
  ],
  ['Spark streaming', { Command: { Name: 'gluestreaming' } }, 'Jobs of the kind gluestreaming are not offered'],
  ['Ray', { Command: { Name: 'glueray' } }, 'Jobs of the kind glueray are not offered'],
  ['an unknown kind', { Command: { Name: 'shell' } }, 'Command.Name must be pythonshell, not shell.'],
  ['no script', { Command: { Name: 'pythonshell' } }, "Command.ScriptLocation '' names no object"],
  ['a folder', { Command: { ...JOB.Command, ScriptLocation: 's3://b/a/' } }, "'s3://b/a/' names no object"],
  ['Python 2', { Command: { ...JOB.Command, PythonVersion: '2' } }, 'Command.PythonVersion must be one of 3, 3.6, 3.9'],
  ['a role that is not there', { Role: 'nobody' }, 'Service is unable to assume provided role'],
  ['workers', { WorkerType: 'G.1X' }, 'WorkerType is not offered by lakelet'],
  ['more than a DPU', { MaxCapacity: 2 }, 'MaxCapacity of a pythonshell job must be 0.0625 or 1.'],
  ['eight days', { Timeout: 11_520 }, 'Timeout must be between 1 and 10080.'],
  ['many retries', { MaxRetries: 11 }, 'MaxRetries must be between 0 and 10.'],
  ['connections', { Connections: { Connections: ['db'] } }, 'Connections is not offered by lakelet'],
  ['a queue', { JobRunQueuingEnabled: true }, 'JobRunQueuingEnabled is not offered by lakelet'],
  ['a notice', { NotificationProperty: { NotifyDelayAfter: 5 } }, 'NotifyDelayAfter is not offered by lakelet'],
  [
    'packages',
    { DefaultArguments: { '--additional-python-modules': 'x' } },
    '--additional-python-modules is not offered',
  ],
]

test.each(REFUSED)('%s is refused by name', async (_, members, error) => {
  const { call } = await glueAutomation()
  const refusal = await errorOf(call('CreateJob', { ...JOB, ...members }))
  expect(refusal).toMatch(/^InvalidInputException: /)
  expect(refusal).toContain(error)
  expect(await call('ListJobs', {})).toEqual({ JobNames: ['refine'] })
})

test('members that say nothing are taken, as Terraform sends them', async () => {
  const { call } = await glueAutomation()
  const nothing = { Connections: { Connections: [] }, NotificationProperty: {}, SecurityConfiguration: '', Timeout: 0 }
  await call('CreateJob', { ...JOB, ...nothing, ExecutionClass: 'STANDARD', JobRunQueuingEnabled: false })
})

test('jobs are listed by name, page by page, and by their tags', async () => {
  const { call } = await glueAutomation()
  await call('CreateJob', { ...JOB, Tags: { team: 'red' } })
  const first = await call('GetJobs', { MaxResults: 1 })
  expect(first.Jobs?.map(({ Name }) => Name)).toEqual(['refine'])
  const second = await call('GetJobs', { MaxResults: 1, ...(first.NextToken && { NextToken: first.NextToken }) })
  expect(second).toMatchObject({ Jobs: [{ Name: 'report' }] })
  expect(second.NextToken).toBeUndefined()
  expect(await call('ListJobs', { Tags: { team: 'red' } })).toEqual({ JobNames: ['report'] })
  expect(await call('BatchGetJobs', { JobNames: ['report', 'none'] })).toMatchObject({
    Jobs: [{ Name: 'report' }],
    JobsNotFound: ['none'],
  })
})

test('what is there already, or not at all', async () => {
  const { call } = await glueAutomation()
  await call('CreateJob', JOB)
  expect(await errorOf(call('CreateJob', JOB))).toBe('AlreadyExistsException: Job with name: report already submitted.')
  for (const work of [
    call('GetJob', { JobName: 'none' }),
    call('UpdateJob', { JobName: 'none', JobUpdate: {} }),
    call('StartJobRun', { JobName: 'none' }),
    call('GetJobRuns', { JobName: 'none' }),
    call('BatchStopJobRun', { JobName: 'none', JobRunIds: ['jr_1'] }),
  ])
    expect(await errorOf(work)).toBe('EntityNotFoundException: Job none is not found.')
  expect(await call('DeleteJob', { JobName: 'none' })).toEqual({ JobName: 'none' })
})

describe('runs', () => {
  test('a run is read while it works and when it has ended', async () => {
    const { call, world } = await glueAutomation()
    const { JobRunId = '' } = await call('StartJobRun', { JobName: 'refine', Arguments: { '--day': 'x' }, Timeout: 7 })
    await settle()
    await world.clock.advance(4_500)
    const read = async () => (await call('GetJobRun', { JobName: 'refine', RunId: JobRunId })).JobRun
    expect(await read()).toMatchObject({ JobRunState: 'RUNNING', ExecutionTime: 4, Timeout: 7 })
    await world.runner.last.end(0)
    const now = new Date(world.clock.nowMs())
    expect(await read()).toEqual({
      Id: JobRunId,
      Attempt: 0,
      JobName: 'refine',
      JobRunQueuingEnabled: false,
      StartedOn: new Date(now.getTime() - 4_500),
      LastModifiedOn: now,
      CompletedOn: now,
      JobRunState: 'SUCCEEDED',
      Arguments: { '--day': 'x' },
      PredecessorRuns: [],
      AllocatedCapacity: 0,
      ExecutionTime: 4,
      Timeout: 7,
      MaxCapacity: 0.0625,
      LogGroupName: '/aws-glue/python-jobs',
    })
  })

  test('runs come newest first, page by page', async () => {
    const { call, world } = await glueAutomation()
    const ids: string[] = []
    for (let index = 0; index < 3; index++) {
      ids.unshift((await call('StartJobRun', { JobName: 'refine' })).JobRunId ?? '')
      await settle()
      await world.runner.last.end(0)
    }
    const page = await call('GetJobRuns', { JobName: 'refine', MaxResults: 2 })
    const next = await call('GetJobRuns', { JobName: 'refine', NextToken: page.NextToken ?? '' })
    expect([...(page.JobRuns ?? []), ...(next.JobRuns ?? [])].map(({ Id }) => Id)).toEqual(ids)
    expect(next.NextToken).toBeUndefined()
    expect(await errorOf(call('GetJobRuns', { JobName: 'refine', NextToken: 'x' }))).toContain('InvalidInputException')
  })

  test.each<readonly [string, Partial<StartJobRunRequest>]>([
    ['WorkerType', { WorkerType: 'G.1X' }],
    ['ExecutionRoleSessionPolicy', { ExecutionRoleSessionPolicy: '{}' }],
    ['JobRunQueuingEnabled', { JobRunQueuingEnabled: true }],
    ['--extra-files', { Arguments: { '--extra-files': 's3://b/a' } }],
  ])('%s of a run is refused by name', async (name, members) => {
    const { call } = await glueAutomation()
    const refusal = await errorOf(call('StartJobRun', { JobName: 'refine', ...members }))
    expect(refusal).toContain(`InvalidInputException: ${name} is not offered by lakelet`)
    expect((await call('GetJobRuns', { JobName: 'refine' })).JobRuns).toEqual([])
  })

  test('more runs than the job allows are refused in AWS words', async () => {
    const { call } = await glueAutomation()
    await call('StartJobRun', { JobName: 'refine' })
    expect(await errorOf(call('StartJobRun', { JobName: 'refine' }))).toContain('ConcurrentRunsExceededException: ')
    expect(await errorOf(call('DeleteJob', { JobName: 'refine' }))).toContain(
      'InvalidInputException: Job refine has runs',
    )
  })

  test('of several to be stopped each is answered by itself', async () => {
    const { call } = await glueAutomation()
    const { JobRunId = '' } = await call('StartJobRun', { JobName: 'refine' })
    await settle()
    const stop = () => call('BatchStopJobRun', { JobName: 'refine', JobRunIds: [JobRunId, 'jr_none'] })
    expect(await stop()).toEqual({
      SuccessfulSubmissions: [{ JobName: 'refine', JobRunId }],
      Errors: [
        {
          JobName: 'refine',
          JobRunId: 'jr_none',
          ErrorDetail: {
            ErrorCode: 'EntityNotFoundException',
            ErrorMessage: 'Job Run jr_none of job refine not found.',
          },
        },
      ],
    })
    await settle()
    expect((await stop()).Errors?.[0]?.ErrorDetail?.ErrorCode).toBe('InvalidInputException')
  })
})
