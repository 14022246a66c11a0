import type { BatchGetPreparedStatementInput, BatchGetPreparedStatementOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { fromPrepared } from './prepared-statement-shape.ts'

/** Names that are not known come back as unprocessed; the others are answered. */
export const batchGetPreparedStatement: AthenaOperation<
  BatchGetPreparedStatementInput,
  BatchGetPreparedStatementOutput
> = async ({ PreparedStatementNames, WorkGroup }, { queries }) => {
  const workgroup = queries.workgroups.named(WorkGroup).name
  const found = PreparedStatementNames.map((name) => ({
    name,
    statement: queries.preparedStatements.find(workgroup, name),
  }))
  return {
    PreparedStatements: found.flatMap(({ statement }) => (statement === undefined ? [] : [fromPrepared(statement)])),
    UnprocessedPreparedStatementNames: found.flatMap(({ name, statement }) =>
      statement === undefined
        ? [
            {
              StatementName: name,
              ErrorCode: 'STATEMENT_NOT_FOUND',
              ErrorMessage: `PreparedStatement ${name} was not found in workGroup ${workgroup}`,
            },
          ]
        : [],
    ),
  }
}
