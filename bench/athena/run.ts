/**
 * Athena over 1 GB raw of gzip JSON events against DuckDB alone on the same files with the same columns declared, and
 * what a trivial query costs from end to end.
 *
 * Data: the simulator's events, seed 7, about 6.5 MB raw an object, ten partitions, put through S3's own API.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { AthenaClient, GetQueryExecutionCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { DuckDBInstance } from '@duckdb/node-api'
import { lines } from '../support/records.ts'
import { type Row, row } from '../support/report.ts'
import { startLake } from '../support/servers.ts'

const RAW_BYTES = 1_000_000_000
const OBJECTS = 160
const PARTITIONS = 10
const REPEATS = 3

const QUERIES = {
  'count(*)': { athena: 'SELECT count(*) FROM events', duckdb: 'SELECT count(*) FROM events' },
  'group by': {
    athena: 'SELECT page_url_path, count(*) AS n FROM events GROUP BY page_url_path ORDER BY n DESC',
    duckdb: 'SELECT page_url_path, count(*) AS n FROM events GROUP BY page_url_path ORDER BY n DESC',
  },
  'top 10 and distinct': {
    athena:
      'SELECT user_custom_id, count(*) AS n, count(DISTINCT page_url) AS d FROM events GROUP BY user_custom_id ORDER BY n DESC LIMIT 10',
    duckdb:
      'SELECT user_custom_id, count(*) AS n, count(DISTINCT page_url) AS d FROM events GROUP BY user_custom_id ORDER BY n DESC LIMIT 10',
  },
  'one partition of ten': {
    athena: "SELECT count(*), count(DISTINCT geo_country) FROM events WHERE dt = '2026-01-03'",
    duckdb: 'SELECT count(*), count(DISTINCT geo_country) FROM part',
  },
} as const

export async function run(): Promise<Row[]> {
  const lake = await startLake()
  const folder = await mkdtemp(join(tmpdir(), 'lakelet-bench-files-'))
  try {
    const credentials = { accessKeyId: lake.target.accessKeyId, secretAccessKey: lake.target.secretAccessKey }
    const options = { endpoint: lake.target.endpoint, region: 'us-east-1', credentials }
    const s3 = new S3Client({ ...options, forcePathStyle: true })
    const athena = new AthenaClient(options)
    for (const Bucket of ['bench-events', 'bench-results']) await s3.send(new CreateBucketCommand({ Bucket }))
    const { columns, files } = await makeData(s3, folder)
    await execute(athena, 'CREATE DATABASE bench')
    await execute(
      athena,
      `CREATE EXTERNAL TABLE bench.events (${columns.map((name) => `${name} ${name === 'device_is_mobile' ? 'boolean' : 'string'}`).join(', ')})
       PARTITIONED BY (dt string) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://bench-events/events/'`,
    )
    await execute(athena, 'MSCK REPAIR TABLE bench.events')

    const rows: Row[] = []
    const alone = await duckdbAlone(columns, files)
    for (const [name, { athena: sql, duckdb }] of Object.entries(QUERIES)) {
      const engine: number[] = []
      const direct: number[] = []
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        engine.push(await execute(athena, sql))
        direct.push(await alone(duckdb))
      }
      const warm = (times: readonly number[]) => Math.min(...times.slice(1))
      for (const [which, ours, theirs] of [
        ['first', engine[0] ?? Number.NaN, direct[0] ?? Number.NaN],
        ['warm', warm(engine), warm(direct)],
      ] as const) {
        const remark = `${ours.toFixed(0)} ms to ${theirs.toFixed(0)} ms; at most 1.3`
        rows.push(row(`${name}, ${which}: engine time, times DuckDB alone`, ours / theirs, '×', remark))
      }
    }
    const trivial: number[] = []
    for (let repeat = 0; repeat < 30; repeat++) {
      const startedAt = performance.now()
      await execute(athena, 'SELECT 1')
      trivial.push(performance.now() - startedAt)
    }
    trivial.sort((a, b) => a - b)
    rows.push(
      row(
        'trivial query end to end, median',
        trivial[15] ?? Number.NaN,
        'ms',
        `p90 ${(trivial[27] ?? Number.NaN).toFixed(0)} ms; under 60`,
      ),
    )
    return rows
  } finally {
    await lake.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function makeData(s3: S3Client, folder: string): Promise<{ columns: string[]; files: string[][] }> {
  const objectBytes = RAW_BYTES / OBJECTS
  const files: string[][] = Array.from({ length: PARTITIONS }, () => [])
  const source = lines(Number.POSITIVE_INFINITY)
  let columns: string[] = []
  for (let object = 0; object < OBJECTS; object++) {
    const chunk: string[] = []
    for (let bytes = 0; bytes < objectBytes; ) {
      const line = source.next().value as string
      chunk.push(line)
      bytes += line.length
    }
    columns = Object.keys(JSON.parse(chunk[0] ?? '{}'))
    const body = gzipSync(chunk.join(''), { level: 1 })
    const partition = object % PARTITIONS
    const path = join(folder, `${object}.json.gz`)
    await writeFile(path, body)
    files[partition]?.push(path)
    const day = String(partition + 1).padStart(2, '0')
    await s3.send(
      new PutObjectCommand({ Bucket: 'bench-events', Key: `events/dt=2026-01-${day}/${object}.gz`, Body: body }),
    )
  }
  return { columns, files }
}

/** Engine time in milliseconds, as Athena's own statistics have it. */
async function execute(athena: AthenaClient, sql: string): Promise<number> {
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      QueryExecutionContext: { Database: 'bench' },
      ResultConfiguration: { OutputLocation: 's3://bench-results/' },
    }),
  )
  for (;;) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))
    const state = QueryExecution?.Status?.State
    if (state === 'SUCCEEDED') return QueryExecution?.Statistics?.EngineExecutionTimeInMillis ?? Number.NaN
    if (state === 'FAILED' || state === 'CANCELLED')
      throw new Error(`${sql}: ${QueryExecution?.Status?.StateChangeReason}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function duckdbAlone(
  columns: readonly string[],
  files: readonly (readonly string[])[],
): Promise<(sql: string) => Promise<number>> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const declared = columns.map((name) => `${name}: '${name === 'device_is_mobile' ? 'BOOLEAN' : 'VARCHAR'}'`).join(', ')
  const reader = (paths: readonly string[]) =>
    `read_json([${paths.map((path) => `'${path}'`).join(', ')}], format = 'newline_delimited', columns = {${declared}})`
  await connection.run(`CREATE VIEW events AS SELECT * FROM ${reader(files.flat())}`)
  await connection.run(`CREATE VIEW part AS SELECT * FROM ${reader(files[2] ?? [])}`)
  return async (sql) => {
    const startedAt = performance.now()
    await (await connection.run(sql)).getRows()
    return performance.now() - startedAt
  }
}
