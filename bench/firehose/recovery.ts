/**
 * How long a lake takes to start on a large journal. The journal is written by the journal's own code, not over the wire:
 * a lake takes in 4 GiB at most that it has not delivered. `LAKELET_BENCH_JOURNAL_GB=10` for the size of the aim.
 */
import { mkdtemp, readdir, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Journal } from '../../src/delivery/journal/journal.ts'
import { nodeFileSystem } from '../../src/platform/file-system.ts'
import { call } from '../support/load.ts'
import { simulatedRecords } from '../support/records.ts'
import { type Row, row } from '../support/report.ts'
import { residentMiB, startLake } from '../support/servers.ts'
import { batchRequests, createStream, RECORDS_PER_BATCH } from './streams.ts'

const GIGABYTES = Number(process.env['LAKELET_BENCH_JOURNAL_GB'] ?? 1)
const STREAMS = 10
/** Beside the journal itself. */
const ROOM_BYTES = 5e9

export async function recovery(): Promise<Row[]> {
  const what = `start on a journal of ${GIGABYTES} GB`
  const directory = await mkdtemp(join(tmpdir(), 'lakelet-bench-'))
  try {
    const { bavail, bsize } = await statfs(directory)
    if (bavail * bsize < GIGABYTES * 1e9 + ROOM_BYTES) return [row(what, 'no room on this disk', '')]
    await makeStreams(directory)
    await fill(join(directory, 'journal'))
    const lake = await startLake({ directory })
    const resident = await residentMiB(lake.processId)
    await lake.stop()
    const remark = `in ${STREAMS} streams; 10 GB in at most 60 s; resident ${Math.round(resident)} MiB then`
    return [row(what, lake.startMs / 1000, 's', remark)]
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Their bucket is not there, so that nothing goes out. */
async function makeStreams(directory: string): Promise<void> {
  const lake = await startLake({ directory })
  const { target } = lake
  for (let stream = 0; stream < STREAMS; stream++) {
    await createStream(target, `s${stream}`, {}, 'bench-missing')
    const [first] = await batchRequests(target, `s${stream}`)
    if (first !== undefined) await call(target, first)
  }
  await lake.stop()
}

async function fill(journals: string): Promise<void> {
  const records = simulatedRecords(RECORDS_PER_BATCH)
  const bytes = records.reduce((sum, record) => sum + record.byteLength, 0)
  for (const name of await readdir(journals)) {
    const journal = await Journal.open<object>({ directory: join(journals, name), files: nodeFileSystem })
    for (let left = (GIGABYTES * 1e9) / STREAMS; left > 0; left -= 16 * bytes)
      await Promise.all(Array.from({ length: 16 }, () => journal.append(records, Date.now())))
    await journal.close()
  }
}
