import type { StartQueryExecutionInput, StartQueryExecutionOutput } from '../../wire/model/athena.ts'
import type { AthenaOperation } from './context.ts'
import { dataAccess } from './data-access.ts'
import { refuseMembers } from './errors.ts'
import { toResultSettings } from './result-configuration.ts'

/** Answering means the execution is on stable storage. */
export const startQueryExecution: AthenaOperation<StartQueryExecutionInput, StartQueryExecutionOutput> = async (
  input,
  context,
  caller,
) => {
  refuseMembers(input, ['EngineConfiguration'])
  const { Catalog, Database } = input.QueryExecutionContext ?? {}
  const access = dataAccess(caller, context)
  const reuse = input.ResultReuseConfiguration?.ResultReuseByAgeConfiguration
  const id = await context.queries.executions.start({
    sql: input.QueryString,
    clientRequestToken: input.ClientRequestToken,
    ...(Catalog !== undefined && { catalog: Catalog }),
    ...(Database !== undefined && { database: unquoted(Database) }),
    ...toResultSettings(input.ResultConfiguration),
    ...(input.WorkGroup !== undefined && { workgroup: input.WorkGroup }),
    ...(input.ExecutionParameters !== undefined && { parameters: input.ExecutionParameters }),
    ...(reuse !== undefined && { reuse: { enabled: reuse.Enabled, maxAgeMinutes: reuse.MaxAgeInMinutes } }),
    callerArn: caller.arn,
    ...(access !== undefined && { access }),
  })
  return { QueryExecutionId: id }
}

/** AWS SDK for pandas sends `` `name` `` with its DDL, which Athena takes. */
function unquoted(name: string): string {
  return /^`([^`]+)`$/.exec(name)?.[1] ?? name
}
