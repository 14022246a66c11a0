/** Runs SQL through the Athena API of a test lake, as any driver does: start, ask until it has ended, fetch. */
import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import { eventually, type TestLake } from './lake.ts'

export interface QueryOutcome {
  readonly execution: QueryExecution
  /** Of the first page without its header line; empty unless the query succeeded. */
  readonly rows: readonly (readonly (string | undefined)[])[]
  /** StateChangeReason of a query that failed, or what StartQueryExecution was refused with. */
  readonly reason: string | undefined
}

const ENDED = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED'])

export async function runSql(
  lake: TestLake,
  sql: string,
  options: { database?: string; output?: string; withinMs?: number } = {},
): Promise<QueryOutcome> {
  const { database, output = 's3://how.results/', withinMs } = options
  const started = await lake.athena
    .send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        ...(database !== undefined && { QueryExecutionContext: { Database: database } }),
        ResultConfiguration: { OutputLocation: output },
      }),
    )
    .catch((refusal: Error) => refusal)
  if (started instanceof Error) return { execution: {}, rows: [], reason: started.message }
  const { QueryExecutionId } = started
  const execution = await eventually(
    `the end of ${sql.slice(0, 100)}`,
    async () => {
      const { QueryExecution } = await lake.athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))
      return ENDED.has(QueryExecution?.Status?.State ?? '') ? QueryExecution : undefined
    },
    withinMs,
  )
  if (execution.Status?.State !== 'SUCCEEDED') {
    return { execution, rows: [], reason: execution.Status?.StateChangeReason ?? '(no reason given)' }
  }
  const { ResultSet } = await lake.athena.send(new GetQueryResultsCommand({ QueryExecutionId }))
  const lines = (ResultSet?.Rows ?? []).map((row) => (row.Data ?? []).map((cell) => cell.VarCharValue))
  return { execution, rows: execution.StatementType === 'DML' ? lines.slice(1) : lines, reason: undefined }
}
