/** What streams cost that nobody writes to. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Row, row } from '../support/report.ts'
import { residentMiB, startLake } from '../support/servers.ts'
import { createStream } from './streams.ts'

const STREAMS = 1_000
const AT_ONCE = 20

export async function idleStreams(): Promise<Row[]> {
  const directory = await mkdtemp(join(tmpdir(), 'lakelet-bench-'))
  const lake = await startLake({ directory })
  for (let stream = 0; stream < AT_ONCE; stream++) await createStream(lake.target, `first-${stream}`)
  const before = await residentMiB(lake.processId)
  for (let from = 0; from < STREAMS; from += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => createStream(lake.target, `idle-${from + index}`)))
  const after = await residentMiB(lake.processId)
  await lake.stop()
  const again = await startLake({ directory })
  const restarted = await residentMiB(again.processId)
  await again.stop()
  await rm(directory, { recursive: true, force: true })
  const remark = `at most 100; ${Math.round(after)} in all, ${Math.round(restarted)} after a restart`
  return [row(`${STREAMS} idle streams`, after - before, 'MiB', remark)]
}
