/** What the benchmarks of Athena do with a lake, over its APIs. */
import { readFile } from 'node:fs/promises'
import {
  AthenaClient,
  BatchGetQueryExecutionCommand,
  GetQueryExecutionCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { Target } from '../support/load.ts'

const RESULTS = 'bench-results'
export const DATA = 'bench-data'
export const DATABASE = 'bench'
const POLL_MS_MIN = 2
/** Of the time that has gone: a call costs milliseconds of the processor that the query needs. */
const POLL_SHARE = 0.5

export interface Measured {
  /** EngineExecutionTimeInMillis: finding and opening files and planning included. */
  readonly engineMs: number
  /** The call that starts it, and what the execution then took; not how late that was seen. */
  readonly endToEndMs: number
  /** Of that, all in which DuckDB did not run. */
  readonly outsideMs: number
  readonly resultKey: string
}

export type Cells = readonly (string | null)[]

export class LakeClient {
  readonly #athena: AthenaClient
  readonly #s3: S3Client

  constructor({ endpoint, accessKeyId, secretAccessKey }: Target) {
    const options = { endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } }
    this.#athena = new AthenaClient(options)
    this.#s3 = new S3Client({ ...options, forcePathStyle: true })
  }

  async makeDatabase(): Promise<void> {
    for (const Bucket of [DATA, RESULTS]) await this.#s3.send(new CreateBucketCommand({ Bucket }))
    await this.execute(`CREATE DATABASE ${DATABASE}`)
  }

  async putFile(key: string, path: string): Promise<void> {
    await this.#s3.send(new PutObjectCommand({ Bucket: DATA, Key: key, Body: await readFile(path) }))
  }

  async execute(sql: string): Promise<Measured> {
    const startedAt = performance.now()
    const QueryExecutionId = await this.start(sql)
    const calledMs = performance.now() - startedAt
    for (;;) {
      const { QueryExecution } = await this.#athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))
      const { State, StateChangeReason } = QueryExecution?.Status ?? {}
      if (State === 'SUCCEEDED') {
        const statistics = QueryExecution?.Statistics
        const engineMs = statistics?.EngineExecutionTimeInMillis ?? 0
        const executionMs = engineMs - (statistics?.QueryPlanningTimeInMillis ?? 0)
        const endToEndMs = calledMs + (statistics?.TotalExecutionTimeInMillis ?? 0)
        return { engineMs, endToEndMs, outsideMs: endToEndMs - executionMs, resultKey: `${QueryExecutionId}.csv` }
      }
      if (State === 'FAILED' || State === 'CANCELLED') throw new Error(`${StateChangeReason}\n  in ${sql}`)
      const waitMs = Math.max(POLL_MS_MIN, (performance.now() - startedAt) * POLL_SHARE)
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }

  async start(sql: string): Promise<string> {
    const { QueryExecutionId = '' } = await this.#athena.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        QueryExecutionContext: { Database: DATABASE },
        ResultConfiguration: { OutputLocation: `s3://${RESULTS}/` },
      }),
    )
    return QueryExecutionId
  }

  /** Those of these executions that have ended, with how long each took in all. */
  async ended(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>()
    const { QueryExecutions = [] } = await this.#athena.send(
      new BatchGetQueryExecutionCommand({ QueryExecutionIds: [...ids] }),
    )
    for (const { QueryExecutionId = '', Status, Statistics } of QueryExecutions) {
      if (Status?.State === 'FAILED') throw new Error(Status.StateChangeReason)
      if (Status?.State === 'SUCCEEDED') found.set(QueryExecutionId, Statistics?.TotalExecutionTimeInMillis ?? 0)
    }
    return found
  }

  /** Rows of a query's result object, without its header. */
  async rows({ resultKey }: Measured): Promise<readonly Cells[]> {
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: RESULTS, Key: resultKey }))
    return csvRows((await Body?.transformToString()) ?? '').slice(1)
  }
}

/** Every value is quoted, NULL is bare. */
function csvRows(text: string): Cells[] {
  const rows: Cells[] = []
  let row: (string | null)[] = []
  for (const [, quoted, end] of text.matchAll(/("(?:[^"]|"")*")?(,|\n)/g)) {
    row.push(quoted === undefined ? null : quoted.slice(1, -1).replaceAll('""', '"'))
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
