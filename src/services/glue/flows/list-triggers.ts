import type { ListTriggersRequest, ListTriggersResponse } from '../../../wire/model/glue.ts'
import { pageOf } from '../page.ts'
import type { FlowOperation } from './flow-context.ts'
import { foundTriggers } from './found-triggers.ts'

const TRIGGERS_PER_PAGE = 100

/** Names only; with Tags those that have all of them. */
export const listTriggers: FlowOperation<ListTriggersRequest, ListTriggersResponse> = async (
  { MaxResults = TRIGGERS_PER_PAGE, NextToken, DependentJobName, Tags = {} },
  { flowStore },
) => {
  const wanted = Object.entries(Tags)
  const names = foundTriggers(flowStore, DependentJobName)
    .filter(({ tags }) => wanted.every(([key, value]) => tags[key] === value))
    .map(({ name }) => name)
  const { items, nextToken } = pageOf(names, (name) => name, { token: NextToken, limit: MaxResults })
  return { TriggerNames: items, ...(nextToken !== undefined && { NextToken: nextToken }) }
}
