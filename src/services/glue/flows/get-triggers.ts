import type { GetTriggersRequest, GetTriggersResponse } from '../../../wire/model/glue.ts'
import { pageOf } from '../page.ts'
import type { FlowOperation } from './flow-context.ts'
import { fromTrigger } from './flow-shape.ts'
import { foundTriggers } from './found-triggers.ts'

const TRIGGERS_PER_PAGE = 100

export const getTriggers: FlowOperation<GetTriggersRequest, GetTriggersResponse> = async (
  { MaxResults = TRIGGERS_PER_PAGE, NextToken, DependentJobName },
  { flowStore },
) => {
  const found = foundTriggers(flowStore, DependentJobName)
  const { items, nextToken } = pageOf(found, ({ name }) => name, { token: NextToken, limit: MaxResults })
  return { Triggers: items.map(fromTrigger), ...(nextToken !== undefined && { NextToken: nextToken }) }
}
