/**
 * How fast records are acknowledged (durably), how fast they reach objects, and what that costs, beside what people use in
 * this place today, in the same run: moto_server, ministack, and a collector with its queue on disk.
 * Expected before measuring: gzip and JSON bound; two cores shared with the client.
 *
 * `LAKELET_BENCH_SECONDS`: of each steady load, 60. `LAKELET_BENCH_JOURNAL_GB`: of the journal that is recovered, 1.
 */
import { type LoadResult, load } from '../support/load.ts'
import { type Row, row } from '../support/report.ts'
import { processorMs, type RunningServer, startLake, startMinistack, startMoto } from '../support/servers.ts'
import { logRequests, type RunningCollector, startCollector } from './collector.ts'
import { idleStreams } from './idle.ts'
import { recovery } from './recovery.ts'
import { shapes } from './shapes.ts'
import { batchRequests, createStream, figuresOf, RECORDS_PER_BATCH, singleRequests } from './streams.ts'

const SECONDS = 8
const STEADY_SECONDS = Number(process.env['LAKELET_BENCH_SECONDS'] ?? 60)
/** Before anything is counted, for every server: code is compiled while it runs. */
const WARM_UP_SECONDS = 3
const CONNECTIONS = 16

interface Rates {
  readonly batchesPerSecond: number
  readonly putsPerSecond: number
}

export async function run(): Promise<Row[]> {
  const rows: Row[] = []
  const lake = await startLake()
  const ours = await rates(lake, rows, 'lakelet')
  rows.push(...(await steadyDrain(lake)))
  await lake.stop()
  for (const [name, start] of Object.entries({ moto_server: startMoto, ministack: startMinistack })) {
    const other = await start()
    if (other === undefined) rows.push(row(name, 'cannot be had here: no baseline', ''))
    else {
      rows.push(...(await beside(ours, other, name)))
      await other.stop()
    }
  }
  rows.push(...(await besideCollector(ours)))
  rows.push(...(await shapes(STEADY_SECONDS)), ...(await idleStreams()), ...(await recovery()))
  return rows
}

async function beside(ours: Rates, other: RunningServer, name: string): Promise<Row[]> {
  const rows: Row[] = []
  const theirs = await rates(other, rows, name)
  const times = (what: string, one: number, another: number) =>
    rows.push(row(`${what}, times ${name}`, one / another, '×', 'at least 8'))
  times('PutRecordBatch', ours.batchesPerSecond, theirs.batchesPerSecond)
  times('PutRecord', ours.putsPerSecond, theirs.putsPerSecond)
  return rows
}

async function rates(server: RunningServer, rows: Row[], name: string): Promise<Rates> {
  const { target } = server
  await createStream(target, 'batch')
  await createStream(target, 'single')
  const batches = await batchRequests(target, 'batch')
  await load(target, batches, { connections: CONNECTIONS, seconds: WARM_UP_SECONDS })
  const batch = await costed(server, () => load(target, batches, { connections: CONNECTIONS, seconds: SECONDS }))
  const singles = await singleRequests(target, 'single')
  await load(target, singles, { connections: CONNECTIONS, seconds: WARM_UP_SECONDS })
  const single = await costed(server, () => load(target, singles, { connections: CONNECTIONS, seconds: SECONDS }))
  rows.push(row(`${name}: PutRecordBatch ${RECORDS_PER_BATCH} × 1 KiB`, batch.perSecond, 'calls/s', remark(batch)))
  rows.push(
    row(
      `${name}: PutRecord 1 KiB`,
      single.perSecond,
      'calls/s',
      `${remark(single)}${name === 'lakelet' ? '; at least 6,000' : ''}`,
    ),
  )
  return { batchesPerSecond: batch.perSecond, putsPerSecond: single.perSecond }
}

interface CostedLoad extends LoadResult {
  /** Processor time of a call, which other work on the machine disturbs less than it does the rate. */
  readonly serverMs: number
  readonly clientMs: number
}

async function costed({ processId }: RunningServer, run: () => Promise<LoadResult>): Promise<CostedLoad> {
  const serverBefore = await processorMs(processId)
  const clientBefore = process.cpuUsage()
  const result = await run()
  const { user, system } = process.cpuUsage(clientBefore)
  return {
    ...result,
    serverMs: ((await processorMs(processId)) - serverBefore) / result.requests,
    clientMs: (user + system) / 1000 / result.requests,
  }
}

function remark({ p50Ms, p99Ms, errors, serverMs, clientMs }: CostedLoad): string {
  const cost = `processor time a call ${serverMs.toFixed(2)} ms, client ${clientMs.toFixed(2)} ms`
  return `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, ${errors} refused; ${cost}`
}

/** Load until the backlog neither grows nor shrinks much, then what is delivered while it goes on, over its time. */
async function steadyDrain(server: RunningServer): Promise<Row[]> {
  const { target } = server
  await createStream(target, 'steady')
  const batches = await batchRequests(target, 'steady')
  await load(target, batches, { connections: CONNECTIONS, seconds: SECONDS })
  const before = await figuresOf(target, 'steady')
  const startedAt = performance.now()
  const second = await costed(server, () =>
    load(target, batches, { connections: CONNECTIONS, seconds: STEADY_SECONDS }),
  )
  const seconds = (performance.now() - startedAt) / 1000
  const after = await figuresOf(target, 'steady')
  const delivered = after.deliveredBytes - before.deliveredBytes
  const backlog = `backlog from ${mb(before.bufferedBytes)} to ${mb(after.bufferedBytes)} MB`
  const accepted = `while ${Math.round(second.perSecond)} calls/s are accepted`
  return [
    row(
      `records reaching gzip objects, steadily for ${STEADY_SECONDS} s`,
      delivered / seconds / 1e6,
      'MB/s',
      `at least 80; ${accepted}, ${backlog}; ${remark(second)}`,
    ),
  ]
}

async function besideCollector(ours: Rates): Promise<Row[]> {
  const collector = await startCollector()
  if (collector === undefined) return [row('collector', 'cannot be built here: no baseline', '')]
  const rows = await collected(collector, ours)
  await collector.stop()
  return rows
}

async function collected(collector: RunningCollector, ours: Rates): Promise<Row[]> {
  const { target } = collector
  const batches = logRequests(target.endpoint)
  await load(target, batches, { connections: CONNECTIONS, seconds: SECONDS })
  const before = collector.writtenBytes
  const startedAt = performance.now()
  const result = await costed(collector, () =>
    load(target, batches, { connections: CONNECTIONS, seconds: STEADY_SECONDS }),
  )
  const written = collector.writtenBytes - before
  const seconds = (performance.now() - startedAt) / 1000
  return [
    row(`collector: ${RECORDS_PER_BATCH} × 1 KiB`, result.perSecond, 'calls/s', remark(result)),
    row('collector: records reaching gzip files, steadily', written / seconds / 1e6, 'MB/s'),
    row('PutRecordBatch, times the collector', ours.batchesPerSecond / result.perSecond, '×'),
  ]
}

function mb(bytes: number): number {
  return Math.round(bytes / 1e6)
}
