/**
 * Many small queries at once: fifty are under way all the time, over a table of one small Parquet file. One client starts
 * them and asks after all of them together, so that it takes little of the processor that they need.
 */
import { type Row, row } from '../support/report.ts'
import { residentMiB } from '../support/servers.ts'
import { DATABASE, type LakeClient, median } from './client.ts'

const UNDER_WAY = 50
const SECONDS = 15
const ASK_AFTER_MS = 50

export async function* concurrent(lake: LakeClient, processId: number): AsyncGenerator<Row> {
  await lake.execute(`CREATE TABLE ${DATABASE}.small WITH (format = 'PARQUET') AS
    SELECT x AS id, x % 10 AS kind, 'name ' || CAST(x AS varchar) AS name FROM UNNEST(sequence(1, 1000)) AS t(x)`)
  const before = await residentMiB(processId)
  const startedAt = performance.now()
  const running = new Set<string>()
  const times: number[] = []
  let number = 0
  const start = async (): Promise<void> => {
    const filter = `id > ${number++ % 1000}`
    const sql = `SELECT kind, count(*), max(name) FROM ${DATABASE}.small WHERE ${filter} GROUP BY kind ORDER BY kind`
    running.add(await lake.start(sql))
  }
  while (performance.now() < startedAt + SECONDS * 1000) {
    await Promise.all(Array.from({ length: UNDER_WAY - running.size }, start))
    await new Promise((resolve) => setTimeout(resolve, ASK_AFTER_MS))
    for (const [id, tookMs] of await lake.ended([...running])) {
      running.delete(id)
      times.push(tookMs)
    }
  }
  const seconds = (performance.now() - startedAt) / 1000
  yield row(`small queries, ${UNDER_WAY} under way`, times.length / seconds, 'queries/s', 'aim: 100')
  yield row('each of them, median', median(times), 'ms')
  yield row('resident before and after', `${before.toFixed(0)} and ${(await residentMiB(processId)).toFixed(0)}`, 'MiB')
}
