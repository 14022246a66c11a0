/** The only place that knows Glue's names for the domain's refusals. Texts as AWS words them (C1 of the behaviour sheet). */
import type { FlowRefusal } from '../../automation/flows/flow-store.ts'
import type { JobRefusal } from '../../automation/jobs/job-store.ts'
import type { CatalogRefusal } from '../../catalog/catalog.ts'
import type { CrawlerRefusal } from '../../catalog/crawler-store.ts'
import type { Refusal } from '../../platform/refusal.ts'
import { WireError } from '../operation.ts'

type GlueRefusal = CatalogRefusal | CrawlerRefusal | JobRefusal | FlowRefusal

const NAMES: Readonly<Record<GlueRefusal, string>> = {
  databaseNotFound: 'EntityNotFoundException',
  databaseExists: 'AlreadyExistsException',
  tableNotFound: 'EntityNotFoundException',
  tableExists: 'AlreadyExistsException',
  tableVersionNotFound: 'EntityNotFoundException',
  tableVersionCurrent: 'InvalidInputException',
  versionMismatch: 'ConcurrentModificationException',
  partitionNotFound: 'EntityNotFoundException',
  partitionExists: 'AlreadyExistsException',
  partitionValuesMismatch: 'InvalidInputException',
  partitionIndexNotFound: 'EntityNotFoundException',
  partitionIndexExists: 'AlreadyExistsException',
  tooManyPartitionIndexes: 'ResourceNumberLimitExceededException',
  invalidPartitionIndex: 'InvalidInputException',
  partitionKeyIndexed: 'InvalidInputException',
  functionNotFound: 'EntityNotFoundException',
  functionExists: 'AlreadyExistsException',
  classifierNotFound: 'EntityNotFoundException',
  classifierExists: 'AlreadyExistsException',
  crawlerNotFound: 'EntityNotFoundException',
  crawlerExists: 'AlreadyExistsException',
  crawlerRunning: 'CrawlerRunningException',
  crawlerNotRunning: 'CrawlerNotRunningException',
  crawlerStopping: 'CrawlerStoppingException',
  tooManyCrawlersRunning: 'ResourceNumberLimitExceededException',
  noSchedule: 'NoScheduleException',
  scheduleRunning: 'SchedulerRunningException',
  scheduleNotRunning: 'SchedulerNotRunningException',
  jobNotFound: 'EntityNotFoundException',
  jobExists: 'AlreadyExistsException',
  jobHasRuns: 'InvalidInputException',
  jobRunNotFound: 'EntityNotFoundException',
  jobRunEnded: 'InvalidInputException',
  tooManyJobRuns: 'ConcurrentRunsExceededException',
  tooManyWaitingRuns: 'ResourceNumberLimitExceededException',
  jobsOff: 'InvalidInputException',
  triggerNotFound: 'EntityNotFoundException',
  triggerState: 'InvalidInputException',
  workflowNotFound: 'EntityNotFoundException',
  workflowRunNotFound: 'EntityNotFoundException',
  workflowRunState: 'IllegalWorkflowStateException',
  noStartTrigger: 'InvalidInputException',
  tooManyWorkflowRuns: 'ConcurrentRunsExceededException',
  tooManyOpenRuns: 'ResourceNumberLimitExceededException',
}

export function errorName(code: CatalogRefusal): string {
  return NAMES[code]
}

export function toGlueError(refusal: Refusal): WireError | undefined {
  const name = Object.hasOwn(NAMES, refusal.code) ? NAMES[refusal.code as GlueRefusal] : undefined
  if (name !== undefined) return new WireError(name, refusal.message, { cause: refusal })
  // A stored partition value that does not fit its key's type: the catalog's state is at fault, not the request.
  if (refusal.code === 'partitionValueMismatch') return new WireError('InvalidStateException', refusal.message)
  return refusal.code === 'invalidInput' || refusal.code === 'invalidPartitionExpression'
    ? invalidInput(refusal.message)
    : undefined
}

export function invalidInput(message: string): WireError {
  return new WireError('InvalidInputException', message)
}

export function alreadyExists(message: string): WireError {
  return new WireError('AlreadyExistsException', message)
}

export function entityNotFound(message: string): WireError {
  return new WireError('EntityNotFoundException', message)
}
