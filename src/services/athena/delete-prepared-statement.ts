import type { DeletePreparedStatementInput, DeletePreparedStatementOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'

export const deletePreparedStatement: AthenaOperation<
  DeletePreparedStatementInput,
  DeletePreparedStatementOutput
> = async ({ StatementName, WorkGroup }, { queries }) => {
  await queries.preparedStatements.delete(queries.workgroups.named(WorkGroup).name, StatementName)
  return {}
}
