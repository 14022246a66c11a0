/** Triggers, workflows and runs as Glue gives them. */
import type { Action, Condition, Step, Trigger, Workflow, WorkflowRun } from '../../../automation/flows/flow-types.ts'
import type {
  Action as WireAction,
  Condition as WireCondition,
  Trigger as WireTrigger,
  Workflow as WireWorkflow,
  WorkflowRun as WireWorkflowRun,
  WorkflowGraph,
  WorkflowRunStatistics,
} from '../../../wire/model/glue.ts'

export function fromTrigger(trigger: Trigger): WireTrigger {
  const { workflow, description, schedule, predicate } = trigger
  return {
    Name: trigger.name,
    ...(workflow !== undefined && { WorkflowName: workflow }),
    Type: trigger.type,
    State: trigger.state,
    ...(description !== undefined && { Description: description }),
    ...(schedule !== undefined && { Schedule: schedule }),
    Actions: trigger.actions.map(fromAction),
    ...(predicate !== undefined && {
      Predicate: { Logical: predicate.logical, Conditions: predicate.conditions.map(fromCondition) },
    }),
  }
}

export function fromWorkflow(
  workflow: Workflow,
  more: { readonly lastRun: WorkflowRun | undefined; readonly graph: WorkflowGraph | undefined },
): WireWorkflow {
  return {
    Name: workflow.name,
    ...(workflow.description !== undefined && { Description: workflow.description }),
    DefaultRunProperties: workflow.defaultRunProperties,
    CreatedOn: new Date(workflow.createdAtMs),
    LastModifiedOn: new Date(workflow.updatedAtMs),
    ...(more.lastRun !== undefined && { LastRun: fromWorkflowRun(more.lastRun) }),
    ...(more.graph !== undefined && { Graph: more.graph }),
    ...(workflow.maxConcurrentRuns !== undefined && { MaxConcurrentRuns: workflow.maxConcurrentRuns }),
  }
}

export function fromWorkflowRun(run: WorkflowRun, graph?: WorkflowGraph): WireWorkflowRun {
  return {
    Name: run.workflow,
    WorkflowRunId: run.id,
    ...(run.previousRunId !== undefined && { PreviousRunId: run.previousRunId }),
    WorkflowRunProperties: run.properties,
    StartedOn: new Date(run.startedAtMs),
    ...(run.endedAtMs !== undefined && { CompletedOn: new Date(run.endedAtMs) }),
    Status: run.status,
    Statistics: statisticsOf(run),
    ...(graph !== undefined && { Graph: graph }),
  }
}

/** TotalActions: of all triggers, those that have not fired included. */
export function statisticsOf({ triggers, steps }: WorkflowRun): Required<WorkflowRunStatistics> {
  const count = (...states: Step['state'][]) => steps.filter(({ state }) => states.includes(state)).length
  return {
    TotalActions: triggers.reduce((sum, { actions }) => sum + actions.length, 0),
    TimeoutActions: count('TIMEOUT'),
    FailedActions: count('FAILED'),
    StoppedActions: count('STOPPED', 'CANCELLED'),
    SucceededActions: count('SUCCEEDED'),
    RunningActions: count('RUNNING'),
    ErroredActions: count('ERRORED'),
    WaitingActions: 0,
  }
}

function fromAction(action: Action): WireAction {
  if (action.kind === 'crawler') return { CrawlerName: action.name }
  return {
    JobName: action.name,
    ...(Object.keys(action.arguments).length > 0 && { Arguments: action.arguments }),
    ...(action.timeoutMinutes !== undefined && { Timeout: action.timeoutMinutes }),
  }
}

function fromCondition({ kind, name, state }: Condition): WireCondition {
  const named = kind === 'job' ? { JobName: name, State: state } : { CrawlerName: name, CrawlState: state }
  return { LogicalOperator: 'EQUALS', ...named } as WireCondition
}
