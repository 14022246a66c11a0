import type { GetWorkflowRunsRequest, GetWorkflowRunsResponse } from '../../../wire/model/glue.ts'
import { decodeToken, encodeToken } from '../page.ts'
import type { FlowOperation } from './flow-context.ts'
import { workflowNamed, workflowRunNamed } from './flow-named.ts'
import { fromWorkflowRun } from './flow-shape.ts'
import { workflowGraph } from './workflow-graph.ts'

const RUNS_PER_PAGE = 100

/** Newest first. A token names the last run given. */
export const getWorkflowRuns: FlowOperation<GetWorkflowRunsRequest, GetWorkflowRunsResponse> = async (
  { Name, IncludeGraph, MaxResults = RUNS_PER_PAGE, NextToken },
  context,
) => {
  const { flowStore } = context
  workflowNamed(flowStore, Name)
  const before = NextToken ? decodeToken(NextToken)[0] : undefined
  if (before !== undefined) workflowRunNamed(flowStore, Name, before)
  const found = flowStore.runs(Name, { limit: MaxResults + 1, ...(before !== undefined && { before }) })
  const page = found.slice(0, MaxResults)
  const last = page.at(-1)
  const runs = []
  for (const run of page) {
    const graph = IncludeGraph ? await workflowGraph(Name, run.triggers, run, context) : undefined
    runs.push(fromWorkflowRun(run, graph))
  }
  return {
    Runs: runs,
    ...(last !== undefined && found.length > page.length && { NextToken: encodeToken([last.id]) }),
  }
}
