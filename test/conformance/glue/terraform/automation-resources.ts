/** Workflows, jobs and triggers, as Terraform's provider makes and reads them. */
import { eventually } from '../../../support/lake.ts'
import { arnOf, type Client, JOB, type Resource, SHARED, seen } from './resource.ts'

export const automationResources = (glue: Client): readonly Resource[] => [
  {
    resource: 'aws_glue_workflow',
    create: () =>
      glue().createWorkflow({
        Name: 'tf-workflow',
        Tags: { Name: 'works' },
        DefaultRunProperties: { table: 'events' },
        Description: 'of tests',
        MaxConcurrentRuns: 2,
      }),
    refresh: () => [
      glue().getWorkflow({ Name: 'tf-workflow' }),
      glue().getTags({ ResourceArn: arnOf('workflow/tf-workflow') }),
    ],
    created: [
      {
        Workflow: {
          Name: 'tf-workflow',
          DefaultRunProperties: { table: 'events' },
          Description: 'of tests',
          MaxConcurrentRuns: 2,
        },
      },
      { Tags: { Name: 'works' } },
    ],
    update: () =>
      glue().updateWorkflow({ Name: 'tf-workflow', Description: 'changed', DefaultRunProperties: { a: 'b' } }),
    updated: [{ Workflow: { Description: 'changed', DefaultRunProperties: { a: 'b' } } }, { Tags: { Name: 'works' } }],
    destroy: () => glue().deleteWorkflow({ Name: 'tf-workflow' }),
  },
  {
    resource: 'aws_glue_job',
    create: () => glue().createJob({ ...JOB('tf-job'), Tags: { Name: 'refines' } }),
    refresh: () => [glue().getJob({ JobName: 'tf-job' }), glue().getTags({ ResourceArn: arnOf('job/tf-job') })],
    created: [{ Job: JOB('tf-job') }, { Tags: { Name: 'refines' } }],
    update: () => {
      const { Name, Description, ...job } = JOB('tf-job')
      return glue().updateJob({ JobName: Name, JobUpdate: { ...job, MaxRetries: 0, Timeout: 30 } })
    },
    updated: [
      { Job: { Name: 'tf-job', MaxRetries: 0, Timeout: 30, MaxCapacity: 0.0625 } },
      { Tags: { Name: 'refines' } },
    ],
    destroy: () => glue().deleteJob({ JobName: 'tf-job' }),
  },
  {
    resource: 'aws_glue_trigger, on demand',
    async create() {
      const Actions = [{ JobName: SHARED, Arguments: { '--table': 'x' }, Timeout: 5 }]
      await glue().createTrigger({
        Name: 'tf-trigger',
        Type: 'ON_DEMAND',
        Actions,
        StartOnCreation: false,
        Tags: { a: 'b' },
      })
      await triggerIs(glue, 'tf-trigger', 'CREATED')
    },
    refresh: () => [
      glue().getTrigger({ Name: 'tf-trigger' }),
      glue().getTags({ ResourceArn: arnOf('trigger/tf-trigger') }),
    ],
    created: [
      {
        Trigger: {
          Name: 'tf-trigger',
          Type: 'ON_DEMAND',
          State: 'CREATED',
          Actions: [{ JobName: SHARED, Arguments: { '--table': 'x' }, Timeout: 5 }],
        },
      },
      { Tags: { a: 'b' } },
    ],
    async update() {
      const TriggerUpdate = { Actions: [{ JobName: SHARED }], Description: 'changed' }
      await glue().updateTrigger({ Name: 'tf-trigger', TriggerUpdate })
      await triggerIs(glue, 'tf-trigger', 'CREATED')
    },
    updated: [
      { Trigger: { Description: 'changed', State: 'CREATED', Actions: [{ JobName: SHARED }] } },
      { Tags: { a: 'b' } },
    ],
    async destroy() {
      await glue().deleteTrigger({ Name: 'tf-trigger' })
      await triggerIs(glue, 'tf-trigger', undefined)
    },
  },
  {
    resource: 'aws_glue_trigger, scheduled',
    async create() {
      await glue().createTrigger({
        Name: 'tf-nightly',
        Type: 'SCHEDULED',
        Schedule: 'cron(15 2 * * ? *)',
        Actions: [{ JobName: SHARED }],
        StartOnCreation: true,
      })
      await triggerIs(glue, 'tf-nightly', 'ACTIVATED')
    },
    refresh: () => [glue().getTrigger({ Name: 'tf-nightly' })],
    created: [{ Trigger: { Type: 'SCHEDULED', State: 'ACTIVATED', Schedule: 'cron(15 2 * * ? *)' } }],
    async update() {
      await glue().stopTrigger({ Name: 'tf-nightly' })
      await triggerIs(glue, 'tf-nightly', 'DEACTIVATED')
      await glue().startTrigger({ Name: 'tf-nightly' })
      await triggerIs(glue, 'tf-nightly', 'ACTIVATED')
      await glue().stopTrigger({ Name: 'tf-nightly' })
      await triggerIs(glue, 'tf-nightly', 'DEACTIVATED')
    },
    updated: [{ Trigger: { Type: 'SCHEDULED', State: 'DEACTIVATED', Schedule: 'cron(15 2 * * ? *)' } }],
    async destroy() {
      await glue().deleteTrigger({ Name: 'tf-nightly' })
      await triggerIs(glue, 'tf-nightly', undefined)
    },
  },
  {
    resource: 'aws_glue_trigger, conditional',
    async create() {
      await glue().createTrigger({
        Name: 'tf-after',
        Type: 'CONDITIONAL',
        Predicate: {
          Logical: 'ANY',
          Conditions: [{ LogicalOperator: 'EQUALS', JobName: SHARED, State: 'SUCCEEDED' }],
        },
        Actions: [{ JobName: SHARED }],
        StartOnCreation: true,
      })
      await triggerIs(glue, 'tf-after', 'ACTIVATED')
    },
    refresh: () => [glue().getTrigger({ Name: 'tf-after' })],
    created: [
      {
        Trigger: {
          Type: 'CONDITIONAL',
          State: 'ACTIVATED',
          Predicate: {
            Logical: 'ANY',
            Conditions: [{ LogicalOperator: 'EQUALS', JobName: SHARED, State: 'SUCCEEDED' }],
          },
        },
      },
    ],
    async destroy() {
      await glue().deleteTrigger({ Name: 'tf-after' })
      await triggerIs(glue, 'tf-after', undefined)
    },
  },
]

/** Waits as the provider does. */
function triggerIs(glue: Client, Name: string, state: string | undefined): Promise<true> {
  return eventually(`the trigger is ${state}`, async () => {
    const read = await seen(glue().getTrigger({ Name }))
    const now = typeof read === 'string' ? undefined : (read as { Trigger: { State: string } }).Trigger.State
    return now === state ? true : undefined
  })
}
