import { describe, expect, test } from 'vitest'
import type { CreateTriggerRequest } from '../../../../src/wire/model/glue.ts'
import { settle } from '../../../support/fake-clock.ts'
import { errorOf, glueAutomation, JOB } from './glue-automation.ts'

const ON_DEMAND: CreateTriggerRequest = { Name: 'go', Type: 'ON_DEMAND', Actions: [{ JobName: 'refine' }] }
const CONDITIONAL: CreateTriggerRequest = {
  Name: 'crawled',
  Type: 'CONDITIONAL',
  StartOnCreation: true,
  Predicate: { Conditions: [{ LogicalOperator: 'EQUALS', CrawlerName: 'how-kinesis', CrawlState: 'SUCCEEDED' }] },
  Actions: [{ JobName: 'refine', Arguments: { '--day': 'x' }, Timeout: 5 }],
}

describe('triggers', () => {
  test('a trigger is given back as it was made', async () => {
    const { call } = await glueAutomation()
    expect(await call('CreateTrigger', CONDITIONAL)).toEqual({ Name: 'crawled' })
    expect(await call('GetTrigger', { Name: 'crawled' })).toEqual({
      Trigger: {
        Name: 'crawled',
        Type: 'CONDITIONAL',
        State: 'ACTIVATED',
        Actions: CONDITIONAL.Actions,
        Predicate: { Logical: 'AND', Conditions: CONDITIONAL.Predicate?.Conditions },
      },
    })
    await call('CreateTrigger', ON_DEMAND)
    expect((await call('GetTrigger', { Name: 'go' })).Trigger?.State).toBe('CREATED')
  })

  const REFUSED: readonly (readonly [string, Partial<CreateTriggerRequest>, string])[] = [
    ['an event', { Type: 'EVENT' }, 'InvalidInputException: Triggers of the type EVENT are not offered by lakelet'],
    ['no predicate', { Type: 'CONDITIONAL' }, 'InvalidInputException: Predicate cannot be null or empty'],
    [
      'an empty predicate',
      { Type: 'CONDITIONAL', Predicate: { Conditions: [] } },
      'InvalidInputException: Predicate cannot be null or empty',
    ],
    ['no schedule', { Type: 'SCHEDULED' }, 'InvalidInputException: Schedule is needed for a SCHEDULED trigger.'],
    ['a bad schedule', { Type: 'SCHEDULED', Schedule: 'cron(1)' }, 'InvalidInputException: Schedule is not valid'],
    ['a schedule on demand', { Schedule: 'cron(0 1 * * ? *)' }, 'A ON_DEMAND trigger has no Schedule.'],
    ['a start on demand', { StartOnCreation: true }, 'StartOnCreation is not supported for ON_DEMAND triggers.'],
    ['no action', { Actions: [] }, 'InvalidInputException: Actions cannot be null or empty'],
    ['an action of nothing', { Actions: [{}] }, 'An action must name a job (JobName) or a crawler (CrawlerName).'],
    [
      'an action of two things',
      { Actions: [{ JobName: 'refine', CrawlerName: 'how-kinesis' }] },
      'An action names either JobName or CrawlerName, not both.',
    ],
    ['a job that is not there', { Actions: [{ JobName: 'none' }] }, 'EntityNotFoundException: Job none is not found.'],
    ['a crawler that is not there', { Actions: [{ CrawlerName: 'none' }] }, 'EntityNotFoundException: Crawler entry'],
    ['a workflow that is not there', { WorkflowName: 'none' }, 'EntityNotFoundException: Workflow none is not found.'],
    ['arguments of a crawler', { Actions: [{ CrawlerName: 'how-kinesis', Timeout: 5 }] }, 'has no Arguments'],
    [
      'a state that no job ends in',
      { Type: 'CONDITIONAL', Predicate: { Conditions: [{ JobName: 'refine', State: 'RUNNING' }] } },
      'State of a condition of a job must be one of SUCCEEDED, STOPPED, TIMEOUT, FAILED, not RUNNING.',
    ],
    [
      'a state that no crawl ends in',
      { Type: 'CONDITIONAL', Predicate: { Conditions: [{ CrawlerName: 'how-kinesis' }] } },
      'CrawlState of a condition of a crawler must be one of SUCCEEDED, CANCELLED, FAILED, not null.',
    ],
    [
      'a security configuration',
      { Actions: [{ JobName: 'refine', SecurityConfiguration: 'x' }] },
      'SecurityConfiguration is not offered by lakelet',
    ],
    ['a batch of events', { EventBatchingCondition: { BatchSize: 1 } }, 'EventBatchingCondition is not offered'],
  ]

  test.each(REFUSED)('%s is refused', async (_, members, error) => {
    const { call } = await glueAutomation()
    expect(await errorOf(call('CreateTrigger', { ...ON_DEMAND, ...members }))).toContain(error)
    expect(await call('ListTriggers', {})).toEqual({ TriggerNames: [] })
  })

  test('triggers are listed by name, by the job they start and by their tags', async () => {
    const { call } = await glueAutomation()
    await call('CreateJob', JOB)
    await call('CreateTrigger', { ...ON_DEMAND, Tags: { team: 'red' } })
    await call('CreateTrigger', { ...ON_DEMAND, Name: 'a', Actions: [{ JobName: 'report' }] })
    expect(await call('ListTriggers', {})).toEqual({ TriggerNames: ['a', 'go'] })
    expect(await call('ListTriggers', { DependentJobName: 'report' })).toEqual({ TriggerNames: ['a'] })
    expect(await call('ListTriggers', { Tags: { team: 'red' } })).toEqual({ TriggerNames: ['go'] })
    const { Triggers = [], NextToken = '' } = await call('GetTriggers', { MaxResults: 1 })
    expect(Triggers.map(({ Name }) => Name)).toEqual(['a'])
    expect((await call('GetTriggers', { NextToken })).Triggers?.map(({ Name }) => Name)).toEqual(['go'])
    expect(await call('BatchGetTriggers', { TriggerNames: ['go', 'none'] })).toMatchObject({
      Triggers: [{ Name: 'go' }],
      TriggersNotFound: ['none'],
    })
  })

  test('an update overwrites, and keeps what the trigger cannot be without', async () => {
    const { call } = await glueAutomation()
    await call('CreateTrigger', { ...CONDITIONAL, Description: 'old' })
    const updated = await call('UpdateTrigger', {
      Name: 'crawled',
      TriggerUpdate: { Actions: [{ CrawlerName: 'how-kinesis' }] },
    })
    expect(updated.Trigger).toMatchObject({
      State: 'ACTIVATED',
      Actions: [{ CrawlerName: 'how-kinesis' }],
      Predicate: {},
    })
    expect(updated.Trigger?.Description).toBeUndefined()
    const TriggerUpdate = { Schedule: 'cron(0 1 * * ? *)' }
    expect(await errorOf(call('UpdateTrigger', { Name: 'crawled', TriggerUpdate }))).toContain('has no Schedule')
    expect(await errorOf(call('UpdateTrigger', { Name: 'none', TriggerUpdate }))).toContain('EntityNotFoundException')
  })

  test('starting, stopping and deleting', async () => {
    const { call, world } = await glueAutomation()
    await call('CreateTrigger', ON_DEMAND)
    await call('CreateTrigger', CONDITIONAL)
    expect(await errorOf(call('CreateTrigger', ON_DEMAND))).toContain('AlreadyExistsException: ')
    expect(await call('StartTrigger', { Name: 'go' })).toEqual({ Name: 'go' })
    await settle()
    const { JobRuns = [] } = await call('GetJobRuns', { JobName: 'refine' })
    expect(JobRuns).toMatchObject([{ TriggerName: 'go', JobRunState: 'RUNNING' }])
    expect(world.runner.scripts).toHaveLength(1)
    await call('StopTrigger', { Name: 'crawled' })
    expect((await call('GetTrigger', { Name: 'crawled' })).Trigger?.State).toBe('DEACTIVATED')
    expect(await errorOf(call('StopTrigger', { Name: 'go' }))).toContain('InvalidInputException')
    await call('DeleteTrigger', { Name: 'go' })
    expect(await call('DeleteTrigger', { Name: 'go' })).toEqual({ Name: 'go' })
    expect(await errorOf(call('GetTrigger', { Name: 'go' }))).toContain('EntityNotFoundException')
  })
})

describe('workflows', () => {
  async function nightly() {
    const made = await glueAutomation()
    const { call } = made
    await call('CreateWorkflow', {
      Name: 'nightly',
      DefaultRunProperties: { a: '1' },
      Description: 'd',
      Tags: { t: 'v' },
    })
    await call('CreateTrigger', {
      Name: 'start',
      Type: 'ON_DEMAND',
      WorkflowName: 'nightly',
      Actions: [{ CrawlerName: 'how-kinesis' }],
    })
    await call('CreateTrigger', { ...CONDITIONAL, WorkflowName: 'nightly' })
    const start = async () => {
      const { RunId = '' } = await call('StartWorkflowRun', { Name: 'nightly', RunProperties: { b: '2' } })
      await made.crawlers.whenEnded('how-kinesis')
      await settle()
      await made.crawlers.whenEnded('how-kinesis')
      await settle()
      return RunId
    }
    return { ...made, start }
  }

  test('a workflow is given back as it was made, and as it was changed', async () => {
    const { call, world } = await nightly()
    const now = new Date(world.clock.nowMs())
    expect(await call('GetWorkflow', { Name: 'nightly' })).toEqual({
      Workflow: {
        Name: 'nightly',
        Description: 'd',
        DefaultRunProperties: { a: '1' },
        CreatedOn: now,
        LastModifiedOn: now,
      },
    })
    await call('UpdateWorkflow', { Name: 'nightly', Description: '', MaxConcurrentRuns: 3 })
    const { Workflow } = await call('GetWorkflow', { Name: 'nightly' })
    expect(Workflow).toMatchObject({ MaxConcurrentRuns: 3, DefaultRunProperties: { a: '1' } })
    expect(Workflow?.Description).toBeUndefined()
    expect(await errorOf(call('CreateWorkflow', { Name: 'nightly' }))).toContain('AlreadyExistsException')
    expect(await errorOf(call('UpdateWorkflow', { Name: 'none' }))).toContain('EntityNotFoundException')
    await call('CreateWorkflow', { Name: 'a' })
    expect(await call('ListWorkflows', {})).toEqual({ Workflows: ['a', 'nightly'] })
    expect(await call('BatchGetWorkflows', { Names: ['a', 'none'] })).toMatchObject({
      Workflows: [{ Name: 'a' }],
      MissingWorkflows: ['none'],
    })
  })

  test('a workflow has one trigger that starts it', async () => {
    const { call } = await nightly()
    const second = call('CreateTrigger', { ...ON_DEMAND, WorkflowName: 'nightly' })
    expect(await errorOf(second)).toBe('InvalidInputException: Workflow nightly has a start trigger already: start.')
  })

  test('a run has statistics and a graph of what ran', async () => {
    const { call, world, start } = await nightly()
    const RunId = await start()
    const read = async () => (await call('GetWorkflowRun', { Name: 'nightly', RunId, IncludeGraph: true })).Run
    const running = await read()
    expect(running).toMatchObject({
      Name: 'nightly',
      WorkflowRunId: RunId,
      Status: 'RUNNING',
      WorkflowRunProperties: { a: '1', b: '2' },
      Statistics: { TotalActions: 2, SucceededActions: 1, RunningActions: 1, FailedActions: 0 },
    })
    const nodes = running?.Graph?.Nodes ?? []
    expect(nodes.map(({ Type, Name }) => `${Type} ${Name}`)).toEqual([
      'TRIGGER crawled',
      'TRIGGER start',
      'JOB refine',
      'CRAWLER how-kinesis',
    ])
    const nameOf = (id: string | undefined) => nodes.find(({ UniqueId }) => UniqueId === id)?.Name
    expect(running?.Graph?.Edges?.map((edge) => [nameOf(edge.SourceId), nameOf(edge.DestinationId)])).toEqual([
      ['how-kinesis', 'crawled'],
      ['crawled', 'refine'],
      ['start', 'how-kinesis'],
    ])
    expect(nodes[2]?.JobDetails?.JobRuns).toMatchObject([{ JobRunState: 'RUNNING', TriggerName: 'crawled' }])
    expect(nodes[3]?.CrawlerDetails?.Crawls).toMatchObject([{ State: 'SUCCEEDED', LogGroup: '/aws-glue/crawlers' }])
    expect(world.runner.last.script.arguments).toEqual(expect.arrayContaining(['--WORKFLOW_RUN_ID', RunId]))

    await world.runner.last.end(1)
    expect(await read()).toMatchObject({ Status: 'COMPLETED', Statistics: { FailedActions: 1, RunningActions: 0 } })
    const { Workflow } = await call('GetWorkflow', { Name: 'nightly', IncludeGraph: true })
    expect(Workflow).toMatchObject({
      LastRun: { WorkflowRunId: RunId },
      Graph: { Nodes: nodes.map(({ Name }) => ({ Name })) },
    })
  })

  test('properties of a run can be read and added to', async () => {
    const { call, start } = await nightly()
    const RunId = await start()
    await call('PutWorkflowRunProperties', { Name: 'nightly', RunId, RunProperties: { b: '3', c: '4' } })
    expect(await call('GetWorkflowRunProperties', { Name: 'nightly', RunId })).toEqual({
      RunProperties: { a: '1', b: '3', c: '4' },
    })
    const none = call('GetWorkflowRunProperties', { Name: 'nightly', RunId: 'wr_none' })
    expect(await errorOf(none)).toContain('EntityNotFoundException')
  })

  test('a run is stopped with what runs in it', async () => {
    const { call, start } = await nightly()
    const RunId = await start()
    expect(await call('StopWorkflowRun', { Name: 'nightly', RunId })).toEqual({})
    await settle()
    const { Run } = await call('GetWorkflowRun', { Name: 'nightly', RunId })
    expect(Run).toMatchObject({ Status: 'STOPPED', Statistics: { StoppedActions: 1 } })
    expect(await errorOf(call('StopWorkflowRun', { Name: 'nightly', RunId }))).toContain(
      'IllegalWorkflowStateException',
    )
  })

  test('a run is resumed at the node that failed', async () => {
    const { call, world, start } = await nightly()
    const RunId = await start()
    await world.runner.last.end(1)
    const { Run } = await call('GetWorkflowRun', { Name: 'nightly', RunId, IncludeGraph: true })
    const NodeIds = (Run?.Graph?.Nodes ?? []).filter(({ Type }) => Type === 'JOB').map(({ UniqueId = '' }) => UniqueId)
    const resumed = await call('ResumeWorkflowRun', { Name: 'nightly', RunId, NodeIds })
    expect(resumed.NodeIds).toEqual(NodeIds)
    await settle()
    await world.runner.last.end(0)
    const { Runs = [] } = await call('GetWorkflowRuns', { Name: 'nightly' })
    expect(Runs).toMatchObject([
      { WorkflowRunId: resumed.RunId, PreviousRunId: RunId, Status: 'COMPLETED', Statistics: { SucceededActions: 2 } },
      { WorkflowRunId: RunId, Statistics: { SucceededActions: 1, FailedActions: 1 } },
    ])
    const unknown = call('ResumeWorkflowRun', { Name: 'nightly', RunId, NodeIds: ['wnode_1'] })
    expect(await errorOf(unknown)).toContain('InvalidInputException: Node wnode_1')
  })

  test('runs come newest first, page by page', async () => {
    const { call, world, start } = await nightly()
    const ids: string[] = []
    for (let index = 0; index < 3; index++) {
      ids.unshift(await start())
      await world.runner.last.end(0)
    }
    const page = await call('GetWorkflowRuns', { Name: 'nightly', MaxResults: 2 })
    const next = await call('GetWorkflowRuns', { Name: 'nightly', NextToken: page.NextToken ?? '', IncludeGraph: true })
    expect([...(page.Runs ?? []), ...(next.Runs ?? [])].map(({ WorkflowRunId }) => WorkflowRunId)).toEqual(ids)
    expect(next.Runs?.[0]?.Graph?.Nodes).toHaveLength(4)
    expect(next.NextToken).toBeUndefined()
  })

  test('a workflow goes with its triggers and runs, but not while one is at work', async () => {
    const { call, world, start } = await nightly()
    await start()
    expect(await errorOf(call('DeleteWorkflow', { Name: 'nightly' }))).toContain('has runs that have not ended')
    await world.runner.last.end(0)
    expect(await call('DeleteWorkflow', { Name: 'nightly' })).toEqual({ Name: 'nightly' })
    expect(await call('ListTriggers', {})).toEqual({ TriggerNames: [] })
    expect(await errorOf(call('GetWorkflow', { Name: 'nightly' }))).toContain('EntityNotFoundException')
    expect(await call('ListJobs', {})).toEqual({ JobNames: ['refine'] })
    expect(await call('DeleteWorkflow', { Name: 'none' })).toEqual({ Name: 'none' })
  })

  test('without a start trigger there is no run', async () => {
    const { call } = await glueAutomation()
    await call('CreateWorkflow', { Name: 'empty' })
    expect(await errorOf(call('StartWorkflowRun', { Name: 'empty' }))).toContain(
      'InvalidInputException: Workflow empty has no start trigger',
    )
  })
})
