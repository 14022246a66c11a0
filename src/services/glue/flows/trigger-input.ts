/** What CreateTrigger and UpdateTrigger take, checked: the wire's shape in, the domain's out. */
import type { FlowReader } from '../../../automation/flows/flow-store.ts'
import type { Action, Condition, Predicate, TriggerInput } from '../../../automation/flows/flow-types.ts'
import { startTrigger } from '../../../automation/flows/workflow-runs.ts'
import { checkArguments } from '../../../automation/jobs/script-arguments.ts'
import type {
  TriggerUpdate,
  Action as WireAction,
  Condition as WireCondition,
  Predicate as WirePredicate,
} from '../../../wire/model/glue.ts'
import { checkSchedule } from '../crawlers/crawler-input.ts'
import { entityNotFound, invalidInput } from '../errors.ts'
import { timeoutOf } from '../jobs/job-input.ts'
import { refuseMembers } from '../unsupported.ts'
import type { FlowContext } from './flow-context.ts'

const JOB_STATES = ['SUCCEEDED', 'STOPPED', 'TIMEOUT', 'FAILED'] as const
const CRAWL_STATES = ['SUCCEEDED', 'CANCELLED', 'FAILED'] as const
const ACTIONS_MAX = 100
const CONDITIONS_MAX = 500

/** The domain's form of what is there. */
export function changesOf(input: TriggerUpdate): Partial<TriggerInput> {
  refuseMembers(input, ['EventBatchingCondition'])
  checkSchedule(input.Schedule)
  return {
    ...(input.Description && { description: input.Description }),
    ...(input.Schedule && { schedule: input.Schedule }),
    ...(input.Actions && { actions: input.Actions.map(toAction) }),
    ...(input.Predicate && { predicate: toPredicate(input.Predicate) }),
  }
}

/** What must hold of a trigger as a whole. */
export function checkTrigger({ type, schedule, predicate, actions }: TriggerInput): void {
  if (actions.length === 0) throw invalidInput('Actions cannot be null or empty')
  if (actions.length > ACTIONS_MAX) throw invalidInput(`A trigger can have at most ${ACTIONS_MAX} actions.`)
  if (type === 'SCHEDULED' && schedule === undefined) throw invalidInput('Schedule is needed for a SCHEDULED trigger.')
  if (type !== 'SCHEDULED' && schedule !== undefined) throw invalidInput(`A ${type} trigger has no Schedule.`)
  if (type === 'CONDITIONAL' && predicate === undefined) throw invalidInput('Predicate cannot be null or empty')
  if (type !== 'CONDITIONAL' && predicate !== undefined) throw invalidInput(`A ${type} trigger has no Predicate.`)
}

/** That the workflow is there and has no other trigger that starts it. */
export function checkPlace(trigger: TriggerInput, reader: FlowReader): void {
  const { workflow, type, name } = trigger
  if (workflow === undefined) return
  if (reader.workflow(workflow) === undefined) throw entityNotFound(`Workflow ${workflow} is not found.`)
  const others = reader.triggers().filter((other) => other.workflow === workflow && other.name !== name)
  const start = startTrigger(others)
  if (type !== 'CONDITIONAL' && start !== undefined)
    throw invalidInput(`Workflow ${workflow} has a start trigger already: ${start.name}.`)
}

/** Jobs and crawlers must exist when they are named; of one that is deleted later the run says so. */
export async function checkNames({ actions, predicate }: TriggerInput, context: FlowContext): Promise<void> {
  for (const { kind, name } of [...actions, ...(predicate?.conditions ?? [])]) {
    if (kind === 'job' && (await context.jobStore.findJob(name)) === undefined)
      throw entityNotFound(`Job ${name} is not found.`)
    if (kind === 'crawler' && (await context.crawlerStore.findCrawler(name)) === undefined)
      throw entityNotFound(`Crawler entry with name ${name} does not exist`)
  }
}

function toAction(action: WireAction): Action {
  refuseMembers(action, ['SecurityConfiguration'])
  if (action.NotificationProperty?.NotifyDelayAfter !== undefined)
    throw invalidInput('NotificationProperty.NotifyDelayAfter is not offered by lakelet: leave it out.')
  const { kind, name } = named(action, 'An action')
  const { Arguments = {} } = action
  if (kind === 'crawler') {
    if (Object.keys(Arguments).length > 0 || action.Timeout)
      throw invalidInput('An action of a crawler has no Arguments and no Timeout.')
    return { kind, name }
  }
  checkArguments(Arguments)
  const timeoutMinutes = timeoutOf(action.Timeout)
  return { kind, name, arguments: Arguments, ...(timeoutMinutes !== undefined && { timeoutMinutes }) }
}

function toPredicate({ Logical = 'AND', Conditions = [] }: WirePredicate): Predicate {
  if (Conditions.length === 0) throw invalidInput('Predicate cannot be null or empty')
  if (Conditions.length > CONDITIONS_MAX)
    throw invalidInput(`A predicate can have at most ${CONDITIONS_MAX} conditions.`)
  return { logical: Logical, conditions: Conditions.map(toCondition) }
}

function toCondition(condition: WireCondition): Condition {
  const { kind, name } = named(condition, 'A condition')
  const { State, CrawlState } = condition
  if (kind === 'job') {
    const state = JOB_STATES.find((one) => one === State)
    if (state !== undefined) return { kind, name, state }
    throw invalidInput(`State of a condition of a job must be one of ${JOB_STATES.join(', ')}, not ${State ?? 'null'}.`)
  }
  const state = CRAWL_STATES.find((one) => one === CrawlState)
  if (state !== undefined) return { kind, name, state }
  throw invalidInput(
    `CrawlState of a condition of a crawler must be one of ${CRAWL_STATES.join(', ')}, not ${CrawlState ?? 'null'}.`,
  )
}

function named({ JobName, CrawlerName }: Pick<WireAction, 'JobName' | 'CrawlerName'>, what: string) {
  if (JobName && CrawlerName) throw invalidInput(`${what} names either JobName or CrawlerName, not both.`)
  if (JobName) return { kind: 'job', name: JobName } as const
  if (CrawlerName) return { kind: 'crawler', name: CrawlerName } as const
  throw invalidInput(`${what} must name a job (JobName) or a crawler (CrawlerName).`)
}
