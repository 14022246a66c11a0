/** Prepared statements as far as one caller may use them: SQL is no way round the rights that the operations need. */
import { type DataAccess, refuseDenied } from './data-access.ts'
import type { PreparedStatements } from './prepared-statements.ts'

/** What running statements use of them. */
export type QueryStatements = Pick<PreparedStatements, 'create' | 'delete' | 'named'>

type Rights = NonNullable<DataAccess['preparedStatements']>

export function guardedStatements(statements: QueryStatements, mayDo: Rights): QueryStatements {
  return {
    async create(input, options) {
      refuseDenied(mayDo('CreatePreparedStatement', input.workgroup))
      return statements.create(input, options)
    },
    async delete(workgroup, name) {
      refuseDenied(mayDo('DeletePreparedStatement', workgroup))
      return statements.delete(workgroup, name)
    },
    named(workgroup, name) {
      refuseDenied(mayDo('GetPreparedStatement', workgroup))
      return statements.named(workgroup, name)
    },
  }
}
