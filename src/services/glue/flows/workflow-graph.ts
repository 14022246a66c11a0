/**
 * The drawing of a workflow: a node for each trigger, job and crawler, an edge from a trigger to each that it starts, and
 * from each that a trigger waits for to it. Of a run the nodes carry what ran.
 */
import { createHash } from 'node:crypto'
import type { Action, Trigger, WorkflowRun } from '../../../automation/flows/flow-types.ts'
import { isSame } from '../../../automation/flows/workflow-runs.ts'
import { CRAWLER_LOG_GROUP } from '../../../crawl/run-log.ts'
import type { Crawl, JobRun, Node, WorkflowGraph } from '../../../wire/model/glue.ts'
import { fromRun } from '../jobs/job-shape.ts'
import type { FlowContext } from './flow-context.ts'
import { fromTrigger } from './flow-shape.ts'

type Named = Pick<Action, 'kind' | 'name'>

/** The same as long as the workflow has it. */
export function nodeId(workflow: string, kind: 'trigger' | Action['kind'], name: string): string {
  return `wnode_${createHash('sha256')
    .update(JSON.stringify([workflow, kind, name]))
    .digest('hex')}`
}

/** Jobs and crawlers that triggers start or wait for, each once. */
export function actionsOf(triggers: readonly Trigger[]): readonly Named[] {
  const all = triggers.flatMap(({ actions, predicate }): Named[] => [...actions, ...(predicate?.conditions ?? [])])
  return all.filter((one, index) => all.findIndex((other) => isSame(one, other)) === index)
}

export async function workflowGraph(
  workflow: string,
  triggers: readonly Trigger[],
  run: WorkflowRun | undefined,
  context: FlowContext,
): Promise<WorkflowGraph> {
  const idOf = ({ kind, name }: Named) => nodeId(workflow, kind, name)
  const nodes: Node[] = triggers.map((trigger) => ({
    Type: 'TRIGGER',
    Name: trigger.name,
    UniqueId: nodeId(workflow, 'trigger', trigger.name),
    TriggerDetails: { Trigger: fromTrigger(trigger) },
  }))
  for (const action of actionsOf(triggers)) {
    const named = { Name: action.name, UniqueId: idOf(action) }
    nodes.push(
      action.kind === 'job'
        ? { ...named, Type: 'JOB', JobDetails: { JobRuns: await jobRunsOf(action, run, context) } }
        : { ...named, Type: 'CRAWLER', CrawlerDetails: { Crawls: await crawlsOf(action, run, context) } },
    )
  }
  const edges = triggers.flatMap(({ name, actions, predicate }) => {
    const id = nodeId(workflow, 'trigger', name)
    const into = (predicate?.conditions ?? []).map((condition) => ({ SourceId: idOf(condition), DestinationId: id }))
    return [...into, ...actions.map((action) => ({ SourceId: id, DestinationId: idOf(action) }))]
  })
  return { Nodes: nodes, Edges: edges }
}

async function jobRunsOf(
  action: Named,
  run: WorkflowRun | undefined,
  { jobStore, clock }: FlowContext,
): Promise<readonly JobRun[]> {
  const found = await Promise.all(stepsOf(action, run).map(({ runId }) => jobStore.findRun(action.name, runId)))
  return found.flatMap((one) => (one === undefined ? [] : fromRun(one, clock.nowMs())))
}

async function crawlsOf(
  action: Named,
  run: WorkflowRun | undefined,
  { crawlerStore }: FlowContext,
): Promise<readonly Crawl[]> {
  const steps = stepsOf(action, run)
  if (steps.length === 0) return []
  const crawler = await crawlerStore.findCrawler(action.name)
  const known = [...(crawler?.currentRun ? [crawler.currentRun] : []), ...(await crawlerStore.runs(action.name))]
  return steps.flatMap(({ runId }) => {
    const crawl = known.find(({ id }) => id === runId)
    if (crawl === undefined) return []
    return {
      State: crawl.status,
      StartedOn: new Date(crawl.startedAtMs),
      ...(crawl.endedAtMs !== undefined && { CompletedOn: new Date(crawl.endedAtMs) }),
      ...(crawl.errorMessage !== undefined && { ErrorMessage: crawl.errorMessage }),
      LogGroup: CRAWLER_LOG_GROUP,
      LogStream: action.name,
    }
  })
}

function stepsOf(action: Named, run: WorkflowRun | undefined) {
  return run?.steps.filter((step) => isSame(step.action, action)) ?? []
}
