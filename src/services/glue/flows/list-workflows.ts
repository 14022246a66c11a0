import type { ListWorkflowsRequest, ListWorkflowsResponse } from '../../../wire/model/glue.ts'
import { pageOf } from '../page.ts'
import type { FlowOperation } from './flow-context.ts'

/** AWS's, and the most it takes. */
const WORKFLOWS_PER_PAGE = 25

/** Names only. */
export const listWorkflows: FlowOperation<ListWorkflowsRequest, ListWorkflowsResponse> = async (
  { MaxResults = WORKFLOWS_PER_PAGE, NextToken },
  { flowStore },
) => {
  const names = flowStore.workflows().map(({ name }) => name)
  const { items, nextToken } = pageOf(names, (name) => name, { token: NextToken, limit: MaxResults })
  return { Workflows: items, ...(nextToken !== undefined && { NextToken: nextToken }) }
}
