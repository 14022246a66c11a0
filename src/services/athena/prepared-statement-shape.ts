import type { PreparedStatement as Prepared } from '../../query/prepared-statements.ts'
import type { PreparedStatement } from '../../wire/model/athena.ts'

export function fromPrepared(statement: Prepared): PreparedStatement {
  return {
    StatementName: statement.name,
    QueryStatement: statement.sql,
    WorkGroupName: statement.workgroup,
    ...(statement.description !== undefined && { Description: statement.description }),
    LastModifiedTime: new Date(statement.modifiedAtMs),
  }
}
