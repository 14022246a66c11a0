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
import { concurrent } from './concurrent.ts'
import type { EventFile } from './events/files.ts'
import { eventsByTrino, loadEvents, runEvents } from './events/run.ts'
import { ATHENA_DEFAULTS, type AthenaOptions } from './options.ts'
import { frontEnd, runTpch, tpchByTrino } from './tpch/run.ts'
import { HEAP, startTrinoBeside, type TrinoTimes } from './trino.ts'

const TRIVIAL_REPEATS = 31

/** Rows as they are measured: all of them take the better part of an hour. */
export async function* run(options: AthenaOptions = ATHENA_DEFAULTS): AsyncGenerator<Row> {
  const directory = await mkdtemp(join(tmpdir(), 'lakelet-bench-'))
  try {
    yield* runIn(directory, options)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function* runIn(directory: string, options: AthenaOptions): AsyncGenerator<Row> {
  const { scaleFactor, eventsGigabytes, trinoFolder } = options
  yield frontEnd()
  const server = await startLake({ directory })
  const lake = new LakeClient(server.target)
  let files: readonly EventFile[]
  try {
    await lake.makeDatabase()
    yield await trivial(lake)
    yield* concurrent(lake, server.processId)
    yield* runTpch(lake, scaleFactor, 'parquet')
    files = await loadEvents(lake, eventsGigabytes)
    yield row('lake, resident afterwards', await residentMiB(server.processId), 'MiB')
  } finally {
    await server.stop()
  }
  yield* runEvents(directory, files)
  const again = await startLake({ directory })
  try {
    if (trinoFolder === undefined)
      yield row('Trino', 'skipped', '', '--trino FOLDER says where a Trino server is; npm run test:trino gets one')
    else yield* beside(await startTrinoBeside(again, trinoFolder))
    yield* runTpch(new LakeClient(again.target), scaleFactor, 'json')
  } finally {
    await again.stop()
  }
}

async function* beside(trino: TrinoTimes): AsyncGenerator<Row> {
  yield row('Trino', 'one node', '', `heap ${HEAP}; from the call until all rows are there`)
  try {
    yield* tpchByTrino(trino)
    yield* eventsByTrino(trino)
  } finally {
    await trino.stop()
  }
}

async function trivial(lake: LakeClient): Promise<Row> {
  const times: number[] = []
  for (let repeat = 0; repeat < TRIVIAL_REPEATS; repeat++) times.push((await lake.execute('SELECT 1')).endToEndMs)
  const slow = [...times].sort((a, b) => a - b)[Math.floor(TRIVIAL_REPEATS * 0.9)] ?? Number.NaN
  return row('trivial query end to end, median', median(times), 'ms', `p90 ${slow.toFixed(0)} ms; under 60`)
}
