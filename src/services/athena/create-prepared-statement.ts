import type { CreatePreparedStatementInput, CreatePreparedStatementOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'

export const createPreparedStatement: AthenaOperation<
  CreatePreparedStatementInput,
  CreatePreparedStatementOutput
> = async ({ StatementName, WorkGroup, QueryStatement, Description }, { queries }) => {
  const workgroup = queries.workgroups.named(WorkGroup).name
  await queries.preparedStatements.create(
    {
      name: StatementName,
      workgroup,
      sql: QueryStatement,
      ...(Description !== undefined && { description: Description }),
    },
    { orReplace: false },
  )
  return {}
}
