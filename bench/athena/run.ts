/**
 * Athena's speed: TPC-H and web events against DuckDB alone on the same files, beside a real Trino where one is given, and
 * what a trivial query costs from end to end.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Row, row } from '../support/report.ts'
import { residentMiB, startLake } from '../support/servers.ts'
import { LakeClient, median } from './client.ts'
import { eventsByTrino, loadEvents, runEvents } from './events/run.ts'
import { ATHENA_DEFAULTS, type AthenaOptions } from './options.ts'
import { runTpch } from './tpch/run.ts'
import { HEAP, startTrinoBeside } from './trino.ts'

const TRIVIAL_REPEATS = 31

export async function run(options: AthenaOptions = ATHENA_DEFAULTS): Promise<Row[]> {
  const directory = await mkdtemp(join(tmpdir(), 'lakelet-bench-'))
  try {
    return await runIn(directory, options)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function runIn(directory: string, options: AthenaOptions): Promise<Row[]> {
  const { scaleFactor, eventsGigabytes, trinoFolder } = options
  const server = await startLake({ directory })
  const lake = new LakeClient(server.target)
  const rows: Row[] = []
  let events: Parameters<typeof runEvents>
  try {
    await lake.makeDatabase()
    const trino = trinoFolder === undefined ? undefined : await startTrinoBeside(server, trinoFolder)
    rows.push(
      trino === undefined
        ? row('Trino', 'skipped', '', '--trino FOLDER says where a Trino server is; npm run test:trino gets one')
        : row('Trino', 'one node', '', `heap ${HEAP}; from the call until all rows are there`),
    )
    try {
      rows.push(...(await trivial(lake)))
      rows.push(...(await runTpch(lake, scaleFactor, trino)))
      const files = await loadEvents(lake, eventsGigabytes)
      events = [directory, files, trino === undefined ? new Map() : await eventsByTrino(trino)]
    } finally {
      await trino?.stop()
    }
    rows.push(row('lake, resident afterwards', await residentMiB(server.processId), 'MiB'))
  } finally {
    await server.stop()
  }
  return [...rows, ...(await runEvents(...events))]
}

async function trivial(lake: LakeClient): Promise<readonly Row[]> {
  const times: number[] = []
  for (let repeat = 0; repeat < TRIVIAL_REPEATS; repeat++) times.push((await lake.execute('SELECT 1')).endToEndMs)
  const slow = [...times].sort((a, b) => a - b)[Math.floor(TRIVIAL_REPEATS * 0.9)] ?? Number.NaN
  return [row('trivial query end to end, median', median(times), 'ms', `p90 ${slow.toFixed(0)} ms; under 60`)]
}
