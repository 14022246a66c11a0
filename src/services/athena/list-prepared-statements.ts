import type { ListPreparedStatementsInput, ListPreparedStatementsOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { pageOf, textToken } from './page.ts'

const PAGE_MAX = 50

/** Sorted by name. */
export const listPreparedStatements: AthenaOperation<
  ListPreparedStatementsInput,
  ListPreparedStatementsOutput
> = async ({ WorkGroup, NextToken, MaxResults }, { queries }) => {
  const workgroup = queries.workgroups.named(WorkGroup).name
  const after = textToken(NextToken)
  const page = pageOf(
    (limit) => queries.preparedStatements.page(workgroup, after, limit),
    MaxResults ?? PAGE_MAX,
    (last) => last.name,
  )
  return {
    PreparedStatements: page.items.map(({ name, modifiedAtMs }) => ({
      StatementName: name,
      LastModifiedTime: new Date(modifiedAtMs),
    })),
    NextToken: page.nextToken,
  }
}
