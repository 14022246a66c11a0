import type { GetPreparedStatementInput, GetPreparedStatementOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { fromPrepared } from './prepared-statement-shape.ts'

export const getPreparedStatement: AthenaOperation<GetPreparedStatementInput, GetPreparedStatementOutput> = async (
  { StatementName, WorkGroup },
  { queries },
) => {
  const workgroup = queries.workgroups.named(WorkGroup).name
  return { PreparedStatement: fromPrepared(queries.preparedStatements.named(workgroup, StatementName)) }
}
