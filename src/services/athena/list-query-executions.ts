import { PRIMARY } from '../../query/workgroups.ts'
import type { ListQueryExecutionsInput, ListQueryExecutionsOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { numberToken, pageOf } from './page.ts'

const PAGE_MAX = 50

/** Newest first, of one workgroup. */
export const listQueryExecutions: AthenaOperation<ListQueryExecutionsInput, ListQueryExecutionsOutput> = async (
  input,
  { queries },
) => {
  const before = numberToken(input.NextToken)
  const page = pageOf(
    (limit) => queries.executionPage(input.WorkGroup ?? PRIMARY, before, limit),
    input.MaxResults ?? PAGE_MAX,
    (last) => last.number,
  )
  return { QueryExecutionIds: page.items.map((item) => item.id), NextToken: page.nextToken }
}
