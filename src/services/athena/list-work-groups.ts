import type { ListWorkGroupsInput, ListWorkGroupsOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { pageOf, textToken } from './page.ts'
import { fromWorkgroupSummary } from './workgroup-shape.ts'

const PAGE_MAX = 50

/** Sorted by name. */
export const listWorkGroups: AthenaOperation<ListWorkGroupsInput, ListWorkGroupsOutput> = async (
  { NextToken, MaxResults },
  { queries },
) => {
  const after = textToken(NextToken)
  const page = pageOf(
    (limit) => queries.workgroups.page(after, limit),
    MaxResults ?? PAGE_MAX,
    (last) => last.name,
  )
  return { WorkGroups: page.items.map(fromWorkgroupSummary), NextToken: page.nextToken }
}
