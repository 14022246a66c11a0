/** What the operations of triggers and workflows may use. */
import type { FlowStore } from '../../../automation/flows/flow-store.ts'
import type { Flows } from '../../../automation/flows/flows.ts'
import type { Operation } from '../../operation.ts'
import type { CrawlerContext } from '../crawlers/crawler-context.ts'
import type { JobContext } from '../jobs/job-context.ts'

export interface FlowContext extends CrawlerContext, JobContext {
  readonly flowStore: FlowStore
  readonly flows: Pick<
    Flows,
    'startTrigger' | 'stopTrigger' | 'follow' | 'forget' | 'startRun' | 'stopRun' | 'resumeRun'
  >
}

export type FlowOperation<Input, Output> = Operation<Input, Output, FlowContext>
