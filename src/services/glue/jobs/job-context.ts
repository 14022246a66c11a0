/** What the job operations may use. */
import type { JobStore } from '../../../automation/jobs/job-store.ts'
import type { Jobs } from '../../../automation/jobs/jobs.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Operation } from '../../operation.ts'
import type { CrawlerRoles } from '../crawlers/crawler-context.ts'

export interface JobContext {
  readonly jobStore: JobStore
  readonly jobs: Pick<Jobs, 'start' | 'stop'>
  /** Who knows which roles exist. */
  readonly crawlerRoles: CrawlerRoles
  readonly clock: Clock
}

export type JobOperation<Input, Output> = Operation<Input, Output, JobContext>
