/**
 * Kills a real lake while statements write. Afterwards each of them has written all of its rows or none, its execution says
 * which, and nothing of those that failed is left: no object, no table, no partition. The same of queries' results.
 */
import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import { GetPartitionsCommand, GetTablesCommand } from '@aws-sdk/client-glue'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seededRandom } from '../../src/platform/random.ts'
import { eventually, startLake, type TestLake, temporaryDirectory } from '../support/lake.ts'

const ROUNDS = 5
const ROWS = 60_000
const PARTITIONS = 20

let directory: ReturnType<typeof temporaryDirectory>
let lake: TestLake
beforeEach(async () => {
  directory = temporaryDirectory()
  lake = await startLake(directory.path, ['--auth', 'open'])
  for (const Bucket of ['lake', 'results']) await lake.s3.send(new CreateBucketCommand({ Bucket }))
})
afterEach(async () => {
  await lake.kill()
  directory.remove()
})

async function start(QueryString: string): Promise<string | undefined> {
  const { QueryExecutionId } = await lake.athena.send(
    new StartQueryExecutionCommand({
      QueryString,
      QueryExecutionContext: { Database: 'd' },
      ResultConfiguration: { OutputLocation: 's3://results/' },
    }),
  )
  return QueryExecutionId
}

async function ended(QueryExecutionId: string | undefined): Promise<QueryExecution> {
  return eventually('the statement has ended', async () => {
    const { QueryExecution } = await lake.athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))
    return ['SUCCEEDED', 'FAILED'].includes(String(QueryExecution?.Status?.State)) ? QueryExecution : undefined
  })
}

async function rowsOf(sql: string): Promise<(string | undefined)[][]> {
  const { QueryExecutionId, Status } = await ended(await start(sql))
  expect(Status?.StateChangeReason).toBeUndefined()
  const { ResultSet } = await lake.athena.send(new GetQueryResultsCommand({ QueryExecutionId }))
  return (ResultSet?.Rows ?? []).slice(1).map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue))
}

async function expectWholeResult({ QueryExecutionId, Status, ResultConfiguration }: QueryExecution): Promise<void> {
  const { Contents = [] } = await lake.s3.send(
    new ListObjectsV2Command({ Bucket: 'results', Prefix: QueryExecutionId }),
  )
  const keys = Contents.map(({ Key }) => Key)
  if (Status?.State === 'FAILED') {
    expect(Status.StateChangeReason).toBe('The lake stopped before this query had ended. Start the query again.')
    return expect(keys).toEqual([])
  }
  expect(keys).toEqual([`${QueryExecutionId}.csv`, `${QueryExecutionId}.csv.metadata`])
  const Key = ResultConfiguration?.OutputLocation?.replace('s3://results/', '')
  const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket: 'results', Key }))
  expect((await Body?.transformToString())?.trimEnd().split('\n')).toHaveLength(ROWS + 1)
}

const source = (round: number) =>
  `SELECT x * 1000 + y AS n, ${round} AS round, x % ${PARTITIONS} AS p
   FROM UNNEST(sequence(1, ${ROWS / 1_000})) AS a (x), UNNEST(sequence(0, 999)) AS b (y)`

test('statements that are killed have written all of their rows or none, queries all of their result or nothing', async () => {
  await ended(await start('CREATE DATABASE d'))
  await ended(
    await start(
      "CREATE EXTERNAL TABLE kept (n bigint, round int) PARTITIONED BY (p bigint) STORED AS PARQUET LOCATION 's3://lake/kept/'",
    ),
  )
  const undisturbed = await ended(await start(`INSERT INTO kept ${source(-1)}`))
  expect(undisturbed.Status?.StateChangeReason).toBeUndefined()
  const tookMs = undisturbed.Statistics?.TotalExecutionTimeInMillis ?? 1_000
  const random = seededRandom(9)
  const outcomes: (string | undefined)[] = []
  let inserted = 1
  for (let round = 0; round < ROUNDS; round++) {
    const insert = await start(`INSERT INTO kept ${source(round)}`)
    const create = await start(
      `CREATE TABLE made_${round} WITH (partitioned_by = ARRAY['p'], external_location = 's3://lake/made_${round}/') AS ${source(round)}`,
    )
    const selected = await start(source(round))
    await new Promise((resolve) => setTimeout(resolve, random.unit() * tookMs))
    await lake.kill()
    lake = await startLake(directory.path, ['--auth', 'open'])

    const [wasInserted, wasMade] = [(await ended(insert)).Status?.State, (await ended(create)).Status?.State]
    outcomes.push(wasInserted, wasMade)
    await expectWholeResult(await ended(selected))
    if (wasInserted === 'SUCCEEDED') inserted++
    expect(await rowsOf('SELECT count(*), count(DISTINCT (n, round)) FROM kept')).toEqual([
      [String(inserted * ROWS), String(inserted * ROWS)],
    ])
    const { TableList = [] } = await lake.glue.send(new GetTablesCommand({ DatabaseName: 'd' }))
    const isMade = TableList.some(({ Name }) => Name === `made_${round}`)
    expect(isMade).toBe(wasMade === 'SUCCEEDED')
    const { KeyCount } = await lake.s3.send(new ListObjectsV2Command({ Bucket: 'lake', Prefix: `made_${round}/` }))
    expect(KeyCount).toBe(isMade ? PARTITIONS : 0)
    if (!isMade) continue
    expect(await rowsOf(`SELECT count(*), count(DISTINCT p) FROM made_${round}`)).toEqual([
      [String(ROWS), String(PARTITIONS)],
    ])
  }
  const { Partitions = [] } = await lake.glue.send(new GetPartitionsCommand({ DatabaseName: 'd', TableName: 'kept' }))
  expect(Partitions).toHaveLength(PARTITIONS)
  expect(outcomes).toContain('FAILED')
})
