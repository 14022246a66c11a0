/**
 * Typical queries over gzip JSON events, by a lake that has never seen the files (each query gets a lake started anew on
 * the same data) and again by one that has, beside DuckDB alone with the same columns declared on the same files.
 */
import { type Row, row } from '../../support/report.ts'
import { startLake } from '../../support/servers.ts'
import { DATA, DATABASE, LakeClient, median, sum } from '../client.ts'
import { DuckDbAlone, listed } from '../duckdb.ts'
import type { TrinoTimes } from '../trino.ts'
import { EVENT_COLUMNS, type EventFile, eventFiles, typeOfEvent } from './files.ts'
import { EVENT_QUERIES } from './queries.ts'

const WARM_REPEATS = 3

/** Puts the events into a lake, as a table. */
export async function loadEvents(lake: LakeClient, gigabytes: number): Promise<readonly EventFile[]> {
  const files = await eventFiles(gigabytes)
  for (const { path, landingDate, name } of files)
    await lake.putFile(`events/landing-date=${landingDate}/${name}`, path)
  const columns = EVENT_COLUMNS.map((name) => `${name} ${typeOfEvent(name)}`)
  await lake.execute(
    `CREATE EXTERNAL TABLE ${DATABASE}.events (${columns.join(', ')}) PARTITIONED BY (\`landing-date\` string)
     ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://${DATA}/events/'`,
  )
  await lake.execute(`MSCK REPAIR TABLE ${DATABASE}.events`)
  return files
}

/** `directory` is the data of a lake that has the events and runs no more. */
export async function* runEvents(directory: string, files: readonly EventFile[]): AsyncGenerator<Row> {
  const duckdb = await alone(files)
  const cold = { ours: [] as number[], theirs: [] as number[] }
  for (const { name, sql } of EVENT_QUERIES) {
    const lake = await startLake({ directory })
    try {
      const client = new LakeClient(lake.target)
      // The engine's process is there before anyone asks for events.
      await client.execute('SELECT 1')
      const first = (await client.execute(sql)).engineMs
      const alone = await duckdb.time(sql)
      cold.ours.push(first)
      cold.theirs.push(alone)
      const warm: number[] = []
      for (let repeat = 0; repeat < WARM_REPEATS; repeat++) warm.push((await client.execute(sql)).engineMs)
      const remark = `${first.toFixed(0)} ms to ${alone.toFixed(0)} ms; again: ${median(warm).toFixed(0)} ms`
      yield row(`events, ${name}: engine time, cold, times DuckDB alone`, first / alone, '×', remark)
    } finally {
      await lake.stop()
    }
  }
  const remark = `${sum(cold.ours).toFixed(0)} ms to ${sum(cold.theirs).toFixed(0)} ms`
  yield row('events: all, cold, times DuckDB alone', sum(cold.ours) / sum(cold.theirs), '×', remark)
}

/** Each query for the first time, but after one that loads and compiles what all need. */
export async function* eventsByTrino(trino: TrinoTimes): AsyncGenerator<Row> {
  await trino.time('SELECT count(*) FROM events')
  for (const { name, sql } of EVENT_QUERIES) yield row(`events, ${name}: Trino`, await trino.time(sql), 'ms')
}

async function alone(files: readonly EventFile[]): Promise<DuckDbAlone> {
  const duckdb = await DuckDbAlone.open()
  const declared = EVENT_COLUMNS.map((name) => `${name}: '${typeOfEvent(name) === 'boolean' ? 'BOOLEAN' : 'VARCHAR'}'`)
  const reader = (paths: readonly string[]) =>
    `read_json(${listed(paths)}, format = 'newline_delimited', columns = {${declared.join(', ')}})`
  const dates = [...new Set(files.map((file) => file.landingDate))]
  const parts = dates.map((date) => {
    const paths = files.filter((file) => file.landingDate === date).map((file) => file.path)
    return `SELECT *, '${date}' AS "landing-date" FROM ${reader(paths)}`
  })
  await duckdb.run(`CREATE VIEW events AS ${parts.join(' UNION ALL ')}`)
  return duckdb
}
