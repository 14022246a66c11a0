import type { UpdatePreparedStatementInput, UpdatePreparedStatementOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'

export const updatePreparedStatement: AthenaOperation<
  UpdatePreparedStatementInput,
  UpdatePreparedStatementOutput
> = async ({ StatementName, WorkGroup, QueryStatement, Description }, { queries }) => {
  await queries.preparedStatements.update({
    name: StatementName,
    workgroup: queries.workgroups.named(WorkGroup).name,
    sql: QueryStatement,
    ...(Description !== undefined && { description: Description }),
  })
  return {}
}
