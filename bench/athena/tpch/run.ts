/**
 * The 22 queries of TPC-H over Parquet, and over gzip JSON: every answer is compared with DuckDB's, and times with those
 * of DuckDB alone on the same files, taken in turns.
 */

import { printScan, type ScanNode } from '../../../src/engine/duckdb/scan.ts'
import { type Row, row } from '../../support/report.ts'
import { DATA, DATABASE, type LakeClient, median, sum } from '../client.ts'
import { DuckDbAlone, listed } from '../duckdb.ts'
import type { TrinoTimes } from '../trino.ts'
import { parquetFacts } from './facts.ts'
import { type Format, type TpchFiles, tpchFiles } from './files.ts'
import { toDuckDb } from './front-end.ts'
import { EXACT_AVERAGE, isSameCell, QUERIES, type TpchQuery } from './queries.ts'
import { type Columns, duckDbType, TABLE_NAMES, TABLES, type TableName } from './tables.ts'

const REPEATS = 3
const FRONT_END_REPEATS = 50
const OUTSIDE_MS_MAX = 25
const ENGINE_RATIO_MAX = 1.15

const STORED: Readonly<Record<Format, string>> = {
  parquet: 'STORED AS PARQUET',
  json: "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'",
}

export async function* runTpch(lake: LakeClient, scaleFactor: number, format: Format): AsyncGenerator<Row> {
  const files = await tpchFiles(scaleFactor)
  for (const table of TABLE_NAMES) await lake.execute(`DROP TABLE IF EXISTS ${DATABASE}.${table}`)
  await loadTables(lake, files, format)
  // Unpacking and reading JSON is most of each query: once is enough to know.
  yield* measure(lake, files, format, format === 'json' ? 1 : REPEATS)
}

/** The same queries, after all others: a Trino goes on compiling after it has answered. */
export async function* tpchByTrino(trino: TrinoTimes): AsyncGenerator<Row> {
  const medians: number[] = []
  for (const { name, sql } of QUERIES) {
    const times: number[] = []
    for (let repeat = 0; repeat < REPEATS; repeat++) times.push(await trino.time(sql))
    medians.push(median(times))
    yield row(`TPC-H parquet ${name}: Trino`, median(times), 'ms')
  }
  yield row('TPC-H parquet: Trino in all', sum(medians), 'ms', 'to be compared with end to end')
}

async function loadTables(lake: LakeClient, files: TpchFiles, format: Format): Promise<void> {
  for (const table of TABLE_NAMES) {
    const prefix = `tpch/${format}/${table}`
    for (const path of await files.of(table, format))
      await lake.putFile(`${prefix}/${path.slice(path.lastIndexOf('/') + 1)}`, path)
    const columns = Object.entries(TABLES[table]).map(([name, type]) => `${name} ${type}`)
    await lake.execute(
      `CREATE EXTERNAL TABLE ${DATABASE}.${table} (${columns.join(', ')}) ${STORED[format]} LOCATION 's3://${DATA}/${prefix}/'`,
    )
  }
}

async function alone(files: TpchFiles, format: Format): Promise<DuckDbAlone> {
  const duckdb = await DuckDbAlone.open()
  for (const table of TABLE_NAMES) {
    const paths = listed(await files.of(table, format))
    await duckdb.run(
      `CREATE VIEW ${table} AS FROM ${format === 'parquet' ? `read_parquet(${paths})` : json(table, paths)}`,
    )
  }
  return duckdb
}

function json(table: TableName, paths: string): string {
  const columns = Object.entries(TABLES[table]).map(([name, type]) => `${name}: '${duckDbType(type)}'`)
  return `read_json(${paths}, format = 'newline_delimited', columns = {${columns.join(', ')}})`
}

async function* measure(lake: LakeClient, files: TpchFiles, format: Format, repeats: number): AsyncGenerator<Row> {
  const duckdb = await alone(files, format)
  const exact = await alone(files, 'parquet')
  await exact.run(EXACT_AVERAGE)
  const totals = { engine: 0, endToEnd: 0, duckdb: 0 }
  const outside: number[] = []
  let right = 0
  for (const query of QUERIES) {
    const times = { engine: [] as number[], endToEnd: [] as number[], duckdb: [] as number[] }
    // The first run finds out what must be known of the files.
    const first = await lake.execute(query.sql)
    const wrong = await difference(query, await lake.rows(first), exact)
    if (wrong === undefined) right++
    for (let repeat = 0; repeat < repeats; repeat++) {
      const measured = await lake.execute(query.sql)
      times.engine.push(measured.engineMs)
      times.endToEnd.push(measured.endToEndMs)
      outside.push(measured.outsideMs)
      times.duckdb.push(await duckdb.time(query.duckDbSql))
    }
    const [ours, theirs] = [median(times.engine), median(times.duckdb)]
    totals.engine += ours
    totals.endToEnd += median(times.endToEnd)
    totals.duckdb += theirs
    const remark = wrong ?? `${ours.toFixed(0)} ms to ${theirs.toFixed(0)} ms`
    yield row(`TPC-H ${format} ${query.name}: engine time, times DuckDB alone`, ours / theirs, '×', remark)
  }
  yield row(`TPC-H ${format}: right answers`, `${right}`, 'of 22')
  const aim = format === 'parquet' ? `; at most ${ENGINE_RATIO_MAX}` : ''
  yield row(
    `TPC-H ${format}: engine time in all, times DuckDB alone`,
    totals.engine / totals.duckdb,
    '×',
    `${totals.engine.toFixed(0)} ms to ${totals.duckdb.toFixed(0)} ms${aim}; end to end ${totals.endToEnd.toFixed(0)} ms`,
  )
  yield row(
    `TPC-H ${format}: outside the engine, median`,
    median(outside),
    'ms',
    `the call that starts it, and what it takes beside DuckDB's own work; at most ${OUTSIDE_MS_MAX}`,
  )
}

/** What is wrong with an answer, if anything. */
async function difference(
  { duckDbSql }: TpchQuery,
  ours: readonly (readonly (string | null)[])[],
  exact: DuckDbAlone,
): Promise<string | undefined> {
  const theirs = await exact.rows(duckDbSql)
  if (ours.length !== theirs.length) return `WRONG: ${ours.length} rows instead of ${theirs.length}`
  const at = ours.findIndex((cells, index) => !cells.every((cell, column) => isSameCell(cell, theirs[index]?.[column])))
  return at < 0 ? undefined : `WRONG: row ${at + 1} is ${ours[at]} instead of ${theirs[at]}`
}

/** Parse, analyse and print, in this process once it is warm: each query's least time, and the median of those. */
export function frontEnd(): Row {
  const scan = (node: ScanNode) => {
    const table = TABLES[node.table as TableName] as Columns
    return printScan(node, parquetFacts.source(table), () => parquetFacts.of(table))
  }
  for (let repeat = 0; repeat < FRONT_END_REPEATS; repeat++) for (const { sql } of QUERIES) toDuckDb(sql, scan)
  const times = QUERIES.map(({ sql }) => {
    const each: number[] = []
    for (let repeat = 0; repeat < FRONT_END_REPEATS; repeat++) {
      const startedAt = performance.now()
      toDuckDb(sql, scan)
      each.push(performance.now() - startedAt)
    }
    return Math.min(...each)
  })
  const remark = `largest ${Math.max(...times).toFixed(2)} ms, all 22 ${sum(times).toFixed(1)} ms; under 1 ms`
  return row('TPC-H: parse, analyse and print, median of 22', median(times), 'ms', remark)
}
