import { PRIMARY } from '../../query/workgroups.ts'
import type { ListNamedQueriesInput, ListNamedQueriesOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { numberToken, pageOf } from './page.ts'

const PAGE_MAX = 50

export const listNamedQueries: AthenaOperation<ListNamedQueriesInput, ListNamedQueriesOutput> = async (
  { NextToken, MaxResults, WorkGroup },
  { queries },
) => {
  const workgroup = queries.workgroups.named(WorkGroup ?? PRIMARY).name
  const after = numberToken(NextToken)
  const page = pageOf(
    (limit) => queries.namedQueries.page(workgroup, after, limit),
    MaxResults ?? PAGE_MAX,
    (last) => last.number,
  )
  return { NamedQueryIds: page.items.map((item) => item.id), NextToken: page.nextToken }
}
