/** The operations of jobs, triggers and workflows over memory stores; scripts end when a test says so. */
import { Flows } from '../../../../src/automation/flows/flows.ts'
import { jobRunner } from '../../../../src/automation/flows/job-runner.ts'
import { openCrawlers } from '../../../../src/crawl/crawlers.ts'
import { isRefusal } from '../../../../src/platform/refusal.ts'
import { toGlueError } from '../../../../src/services/glue/errors.ts'
import { crawlEnd, crawlerRunner } from '../../../../src/services/glue/flows/crawler-runner.ts'
import type { FlowContext } from '../../../../src/services/glue/flows/flow-context.ts'
import { flowOperations } from '../../../../src/services/glue/flows/flow-operations.ts'
import { jobOperations } from '../../../../src/services/glue/jobs/job-operations.ts'
import { WireError } from '../../../../src/services/operation.ts'
import type { CreateJobRequest, GlueOperations } from '../../../../src/wire/model/glue.ts'
import { jobsWorld } from '../../../automation/jobs/jobs-world.ts'
import { rootCaller } from '../../../support/callers.ts'
import { MemoryCatalog } from '../../../support/memory-catalog.ts'
import { MemoryCrawlLog } from '../../../support/memory-crawl-log.ts'
import { MemoryCrawlerStore } from '../../../support/memory-crawler-store.ts'
import { MemoryFlowStore } from '../../../support/memory-flow-store.ts'
import { MemoryObjectStore } from '../../../support/memory-object-store.ts'

const operations = { ...jobOperations, ...flowOperations }
type Offered = keyof typeof operations

export const JOB: CreateJobRequest = {
  Name: 'report',
  Role: 'how-lake',
  Command: { Name: 'pythonshell', ScriptLocation: 's3://how.raw/scripts/refine.py', PythonVersion: '3.9' },
}

/** A job `refine` and a crawler `how-kinesis` are there. */
export async function glueAutomation() {
  let flows: Flows | undefined
  const world = await jobsWorld(
    {},
    { observer: { ended: ({ job, runId, state }) => flows?.ended('job', job, runId, { state }) } },
  )
  const { clock, store: jobStore, jobs, parts } = world
  const { ids, log } = parts
  const crawlerStore = new MemoryCrawlerStore(clock)
  const objects = new MemoryObjectStore(clock)
  await objects.createBucket('how.raw')
  const crawlers = await openCrawlers({
    catalog: new MemoryCatalog(clock),
    store: crawlerStore,
    objects,
    crawlLog: new MemoryCrawlLog(),
    observer: {
      started: () => undefined,
      ended: (name, run) => flows?.ended('crawler', name, run.id, { state: crawlEnd(run) }),
    },
    accountId: '000000000000',
    ...{ clock, ids, log },
  })
  await crawlerStore.createCrawler({
    name: 'how-kinesis',
    role: 'how-lake',
    databaseName: 'how-kinesis',
    targets: [{ path: 's3://how.raw/events', exclusions: [] }],
    catalogTargets: [],
    classifiers: [],
    recrawlBehavior: 'CRAWL_EVERYTHING',
    updateBehavior: 'UPDATE_IN_DATABASE',
    deleteBehavior: 'DEPRECATE_IN_DATABASE',
    tags: {},
  })
  const flowStore = new MemoryFlowStore(clock)
  const runners = { job: jobRunner(jobs), crawler: crawlerRunner(crawlers, crawlerStore) }
  flows = new Flows({ store: flowStore, runners, clock, ids, log })
  const context: FlowContext = {
    jobStore,
    jobs,
    crawlerStore,
    crawlers,
    crawlerRoles: { hasRole: async (name) => name !== 'nobody' },
    flowStore,
    flows,
    clock,
  }
  async function call<Name extends Offered>(
    name: Name,
    input: GlueOperations[Name]['input'],
  ): Promise<GlueOperations[Name]['output']> {
    try {
      return (await operations[name](input as never, context, rootCaller())) as GlueOperations[Name]['output']
    } catch (error) {
      throw isRefusal(error) ? (toGlueError(error) ?? error) : error
    }
  }
  return { call, world, context, crawlers }
}

export async function errorOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof WireError ? `${error.code}: ${error.message}` : `no wire error: ${String(error)}`
}
