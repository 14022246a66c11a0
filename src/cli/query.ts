/** Runs one statement through the Athena API and fetches its rows. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { AthenaClient, QueryExecution } from '@aws-sdk/client-athena'
import { Refusal } from '../platform/refusal.ts'

const POLL_MS_MIN = 10
const POLL_MS_MAX = 500
const ROWS_SHOWN_MAX = 1000
const WRITES: ReadonlySet<string> = new Set(['INSERT', 'CREATE_TABLE_AS_SELECT', 'UNLOAD'])

export interface QueryRequest {
  readonly sql: string
  readonly database: string | undefined
  readonly workgroup: string
  readonly output: string | undefined
  readonly signal: AbortSignal
}

export interface QueryOutcome {
  readonly id: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** null: SQL NULL. */
  readonly rows: readonly (readonly (string | null)[])[]
  /** Of a statement that writes: how many rows it has written. */
  readonly written?: number
  /** The result has more rows than were fetched. */
  readonly isCut: boolean
  readonly runMs: number
  readonly queuedMs: number
  readonly scannedBytes: number
  readonly location: string
}

/** SQL that fails is a Refusal ('queryFailed') with Athena's own text. Aborting stops the query and throws the reason. */
export async function runQuery(athena: AthenaClient, request: QueryRequest): Promise<QueryOutcome> {
  const sdk = await import('@aws-sdk/client-athena')
  const started = await athena.send(
    new sdk.StartQueryExecutionCommand({
      QueryString: request.sql,
      WorkGroup: request.workgroup,
      ...(request.database !== undefined && {
        QueryExecutionContext: { Database: request.database, Catalog: 'AwsDataCatalog' },
      }),
      ...(request.output !== undefined && { ResultConfiguration: { OutputLocation: request.output } }),
    }),
  )
  const id = started.QueryExecutionId as string
  const execution = await finished(athena, id, request.signal)
  request.signal.throwIfAborted()
  const state = execution.Status?.State
  if (state !== 'SUCCEEDED')
    throw new Refusal(
      'queryFailed',
      `The query ${state === 'CANCELLED' ? 'was cancelled' : 'failed'}: ${execution.Status?.StateChangeReason ?? 'no reason was given'}`,
    )
  const isSelect = execution.StatementType === 'DML'
  const isWrite = WRITES.has(execution.SubstatementType ?? '')
  let written: number | undefined
  const rows: (string | null)[][] = []
  let columns: { name: string; type: string }[] = []
  let token: string | undefined
  do {
    const page = await athena.send(new sdk.GetQueryResultsCommand({ QueryExecutionId: id, NextToken: token }))
    if (isWrite) written = page.UpdateCount
    columns = (page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map((column) => ({
      name: column.Name ?? '',
      type: column.Type ?? '',
    }))
    const data = (page.ResultSet?.Rows ?? []).map((row) => (row.Data ?? []).map((cell) => cell.VarCharValue ?? null))
    rows.push(...(isSelect && token === undefined ? data.slice(1) : data))
    token = page.NextToken
  } while (token !== undefined && rows.length < ROWS_SHOWN_MAX)
  return {
    id,
    columns,
    ...(written !== undefined && { written }),
    rows: rows.slice(0, ROWS_SHOWN_MAX),
    isCut: token !== undefined || rows.length > ROWS_SHOWN_MAX,
    runMs: execution.Statistics?.TotalExecutionTimeInMillis ?? 0,
    queuedMs: execution.Statistics?.QueryQueueTimeInMillis ?? 0,
    scannedBytes: execution.Statistics?.DataScannedInBytes ?? 0,
    location: execution.ResultConfiguration?.OutputLocation ?? '',
  }
}

async function finished(athena: AthenaClient, id: string, signal: AbortSignal): Promise<QueryExecution> {
  const sdk = await import('@aws-sdk/client-athena')
  let isStopped = false
  for (let pauseMs = POLL_MS_MIN; ; pauseMs = Math.min(pauseMs * 1.5, POLL_MS_MAX)) {
    const execution = (await athena.send(new sdk.GetQueryExecutionCommand({ QueryExecutionId: id }))).QueryExecution
    if (execution?.Status?.State !== 'QUEUED' && execution?.Status?.State !== 'RUNNING')
      return execution as QueryExecution
    if (signal.aborted && !isStopped) {
      isStopped = true
      await athena.send(new sdk.StopQueryExecutionCommand({ QueryExecutionId: id }))
    }
    await sleep(pauseMs)
  }
}
