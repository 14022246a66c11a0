/**
 * What a bucket of ten million objects costs: to start, to list, to read and write, to keep. Another number, in
 * millions: LAKELET_BENCH_MILLIONS. LAKELET_BENCH_DIRECTORY: a lake that `fill` made before, which is used and changed.
 *
 * Latencies are those of one client that waits for each answer; where it says so, of eight. Every listing is checked for
 * the number of entries it should have: a page that is fast because it is wrong is no figure.
 */
import { createHash } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { adminCall, adminEvents } from '../../src/cli/admin-call.ts'
import type { ScrubEvent } from '../../src/objects/scrub-events.ts'
import { call, load, type PreparedRequest, prepare, type Target } from '../support/load.ts'
import { type Row, row } from '../support/report.ts'
import { processorMs, type RunningServer, residentMiB, startLake } from '../support/servers.ts'
import { BODY, BUCKET, DAYS, fill, keyOf, TEAMS } from './fill.ts'

const NO_BODY = Buffer.alloc(0)
const MIB = 1024 * 1024
/** Long work is followed this long, and its rate taken. */
const WATCH_MS = 20_000
/** Between two looks at its progress: how an ordinary request fares meanwhile. */
const PROBES = 10
const PROBE_EVERY_MS = 20

export async function run(): Promise<Row[]> {
  const objects = Number(process.env['LAKELET_BENCH_MILLIONS'] ?? 10) * 1_000_000
  const given = process.env['LAKELET_BENCH_DIRECTORY']
  const directory = given ?? (await mkdtemp(join(tmpdir(), 'lakelet-bench-')))
  try {
    const rows: Row[] = []
    if (given === undefined) {
      const startedAt = performance.now()
      await fill(directory, objects)
      rows.push(row('made by the bench itself', (performance.now() - startedAt) / 1000, 's', `${objects} objects`))
    }
    return [...rows, ...(await measureLake(directory, objects))]
  } finally {
    if (given === undefined) await rm(directory, { recursive: true, force: true })
  }
}

async function measureLake(directory: string, objects: number): Promise<Row[]> {
  const database = await stat(join(directory, 'lake.db'))
  const rows = [
    row('database, an object', database.size / objects, 'bytes', `${BODY.byteLength} of them the object's own`),
  ]
  let lake = await startLake({ directory })
  rows.push(row('start until it answers', lake.startMs, 'ms', 'aim 2,000'))
  rows.push(row('resident after start', await residentMiB(lake.processId), 'MiB'))
  rows.push(...(await listings(lake, objects)))
  rows.push(...(await singles(lake, objects)))
  rows.push(row('resident after that', await residentMiB(lake.processId), 'MiB'))
  rows.push(...(await afterKill(lake, directory)))
  lake = await startLake({ directory })
  try {
    rows.push(...(await longWork(lake, objects)))
    rows.push(row('resident at the end', await residentMiB(lake.processId), 'MiB'))
  } finally {
    await lake.stop()
  }
  return rows
}

interface Listing {
  readonly what: string
  readonly query: Record<string, string>
  readonly entries: number
}

function listingsOf(objects: number): Listing[] {
  const parts = objects / TEAMS / DAYS
  const list = { 'list-type': '2' }
  const page = Math.min(1000, objects)
  const middle = keyOf(TEAMS / 2, DAYS / 2, 0)
  const late = keyOf(TEAMS - 10, 0, 0)
  return [
    { what: 'first page', query: list, entries: page },
    { what: 'page in the middle', query: { ...list, 'start-after': middle }, entries: page },
    { what: 'page near the end', query: { ...list, 'start-after': late }, entries: page },
    { what: 'prefix of one day', query: { ...list, prefix: 'team=500/day=50/' }, entries: Math.min(1000, parts) },
    { what: 'prefix without keys', query: { ...list, prefix: 'team=500/day=5x' }, entries: 0 },
    { what: 'delimiter, 1,000 prefixes', query: { ...list, delimiter: '/' }, entries: TEAMS },
    {
      what: 'delimiter below a prefix, 100 prefixes',
      query: { ...list, delimiter: '/', prefix: 'team=999/' },
      entries: DAYS,
    },
    { what: 'delimiter, 10 prefixes', query: { ...list, delimiter: '/', 'max-keys': '10' }, entries: 10 },
    { what: 'versions, first page', query: { versions: '' }, entries: page },
    { what: 'versions in the middle', query: { versions: '', 'key-marker': middle }, entries: page },
    { what: 'versions, 1,000 prefixes', query: { versions: '', delimiter: '/' }, entries: TEAMS },
  ]
}

async function listings({ target, processId }: RunningServer, objects: number): Promise<Row[]> {
  const rows: Row[] = []
  for (const { what, query, entries } of listingsOf(objects)) {
    const request = await bodiless(target, 'GET', '', query)
    const text = (await call(target, request)).toString()
    const found = [...text.matchAll(/<(Contents|Version|CommonPrefixes)>/g)].length
    if (found !== entries) throw new Error(`${what}: ${found} entries instead of ${entries}`)
    const processor = await processorMs(processId)
    const { p50Ms, p99Ms, requests } = await load(target, [request], { connections: 1, seconds: 2 })
    const eachMs = ((await processorMs(processId)) - processor) / requests
    rows.push(row(`list: ${what}`, p50Ms, 'ms', `p99 ${p99Ms.toFixed(1)} ms; processor ${eachMs.toFixed(1)} ms`))
  }
  return rows
}

async function singles({ target, processId }: RunningServer, objects: number): Promise<Row[]> {
  const parts = objects / TEAMS / DAYS
  const spread = (index: number) =>
    keyOf((index * 397) % (TEAMS - 1), (index * 31) % DAYS, Math.floor((index * 7919) % parts))
  const fresh = (index: number) => `${spread(index)}.new`
  const cases = {
    'HEAD, all over the bucket': (index: number) => bodiless(target, 'HEAD', `/${spread(index)}`),
    'GET, all over the bucket': (index: number) => bodiless(target, 'GET', `/${spread(index)}`),
    'PUT of new keys': (index: number) => withBody(target, 'PUT', `/${fresh(index)}`, BODY),
    'PUT over keys there': (index: number) => withBody(target, 'PUT', `/${spread(index)}`, BODY),
    'DELETE of new keys': (index: number) => bodiless(target, 'DELETE', `/${fresh(index)}`),
  }
  const rows: Row[] = []
  for (const [what, make] of Object.entries(cases)) {
    const requests = await Promise.all(Array.from({ length: 8000 }, (_, index) => make(index)))
    const processor = await processorMs(processId)
    const one = await load(target, requests.slice(0, 1000), { connections: 1, seconds: 20, once: true })
    const eight = await load(target, requests.slice(1000), { connections: 8, seconds: 20, once: true })
    const eachMs = ((await processorMs(processId)) - processor) / (one.requests + eight.requests)
    if (one.errors + eight.errors > 0) throw new Error(`${what}: ${one.errors + eight.errors} were refused`)
    const remarks = [
      `p99 ${one.p99Ms.toFixed(1)} ms`,
      `${eight.perSecond.toFixed(0)}/s over 8 connections`,
      `processor ${eachMs.toFixed(2)} ms`,
    ]
    rows.push(row(what, one.p50Ms, 'ms', remarks.join('; ')))
  }
  const batches = await Promise.all(Array.from({ length: 20 }, (_, index) => deletion(target, index, parts)))
  const { p50Ms, errors } = await load(target, batches, { connections: 1, seconds: 60, once: true })
  if (errors > 0) throw new Error('DeleteObjects was refused')
  return [...rows, row('DeleteObjects of 1,000', p50Ms, 'ms', 'one client')]
}

/** A thousand keys: the objects of ten days of one team, or more days where a day has fewer. */
function deletion(target: Target, index: number, parts: number): Promise<PreparedRequest> {
  const keys = Array.from({ length: 1000 }, (_, at) =>
    keyOf(100 + index, Math.floor(at / parts) % DAYS, Math.floor(at % parts)),
  )
  const xml = `<Delete><Quiet>true</Quiet>${keys.map((key) => `<Object><Key>${key}</Key></Object>`).join('')}</Delete>`
  return withBody(target, 'POST', '', Buffer.from(xml), { delete: '' })
}

/** Killed while puts come in, as it would be by a power cut: what the log holds is taken over at the next start. */
async function afterKill(lake: RunningServer, directory: string): Promise<Row[]> {
  const { target } = lake
  const body = Buffer.alloc(16 * 1024, 'in the log ')
  const requests = await Promise.all(
    Array.from({ length: 2000 }, (_, index) => withBody(target, 'PUT', `/in-the-log/${index}`, body)),
  )
  await load(target, requests, { connections: 16, seconds: 30, once: true })
  const log = join(directory, 'lake.db-wal')
  const logBytes = (await stat(log)).size
  process.kill(lake.processId, 'SIGKILL')
  await sleep(500)
  const again = await startLake({ directory })
  await again.stop()
  const after = (await stat(log).catch(() => undefined))?.size ?? 0
  const remark = `a log of ${(logBytes / MIB).toFixed(0)} MiB taken over; after a stop it has ${(after / MIB).toFixed(0)}; aim 2,000`
  return [row('start after kill -9', again.startMs, 'ms', remark)]
}

interface LongWork {
  /** Things done so far. */
  done(): Promise<{ readonly count: number; readonly isRunning: boolean }>
}

async function longWork(lake: RunningServer, objects: number): Promise<Row[]> {
  const { target, processId } = lake
  const connection = { ...target, region: 'us-east-1' }
  const rule = (id: string, prefix: string, days: number) =>
    `<Rule><ID>${id}</ID><Filter><Prefix>${prefix}</Prefix></Filter><Status>Enabled</Status><Expiration><Days>${days}</Days></Expiration></Rule>`
  const setRules = async (rules: string) => {
    const body = Buffer.from(`<LifecycleConfiguration>${rules}</LifecycleConfiguration>`)
    await call(target, await withBody(target, 'PUT', '', body, { lifecycle: '' }))
  }
  const probe = await bodiless(target, 'GET', `/${keyOf(1, 1, 0)}`)
  const rows: Row[] = []
  const follow = async (what: string, unit: string, work: LongWork) => {
    const processor = await processorMs(processId)
    const startedAt = performance.now()
    let state = await work.done()
    const first = state.count
    const latencies: number[] = []
    while (state.isRunning && performance.now() - startedAt < WATCH_MS) {
      for (let turn = 0; turn < PROBES; turn++) {
        latencies.push((await load(target, [probe], { connections: 1, seconds: 1, once: true })).p50Ms)
        await sleep(PROBE_EVERY_MS)
      }
      state = await work.done()
    }
    const count = state.count - first
    const seconds = (performance.now() - startedAt) / 1000
    const busy = ((await processorMs(processId)) - processor) / 10 / seconds
    latencies.sort((a, b) => a - b)
    const at = (share: number) => (latencies[Math.floor(latencies.length * share)] ?? Number.NaN).toFixed(1)
    const remarks = [
      `${count} in ${seconds.toFixed(1)} s${state.isRunning ? ', not to its end' : ''}`,
      `processor ${busy.toFixed(0)} %`,
      `a GET meanwhile p50 ${at(0.5)}, p90 ${at(0.9)} ms`,
    ]
    rows.push(row(what, count / seconds, `${unit}/s`, remarks.join('; ')))
    return state
  }
  const lifecycle = (of: 'seen' | 'expired'): LongWork => ({
    async done() {
      const progress = await adminCall<Record<'seen' | 'expired', number> & { isRunning: boolean }>(
        connection,
        'GET',
        '/_lakelet/lifecycle/run',
      )
      return { count: progress[of], isRunning: progress.isRunning }
    },
  })

  await setRules(rule('expires', `team=${TEAMS - 1}/`, 2))
  await adminCall(connection, 'POST', '/_lakelet/lifecycle/run')
  const expiry = await follow('lifecycle run, objects expired', 'objects', lifecycle('expired'))
  if (!expiry.isRunning && expiry.count < objects / TEAMS) throw new Error('the lifecycle run left something')

  await setRules(rule('waits', '', 3650))
  await untilDone(lifecycle('seen'))
  await adminCall(connection, 'POST', '/_lakelet/lifecycle/run')
  await follow('lifecycle run, nothing due', 'versions', lifecycle('seen'))

  const ended = new AbortController()
  let read = 0
  const scrub = (async () => {
    const events = adminEvents<ScrubEvent>(
      connection,
      { method: 'POST', path: '/_lakelet/scrub', query: { bucket: BUCKET } },
      ended.signal,
    )
    for await (const event of events) if (event.event === 'progress') read = event.figures.versions
  })().catch((error: unknown) => {
    if (!ended.signal.aborted) throw error
  })
  while (read === 0) await sleep(100)
  await follow('scrub of the bucket', 'versions', { done: async () => ({ count: read, isRunning: true }) })
  ended.abort()
  await scrub

  await adminCall(connection, 'POST', '/_lakelet/keys/rotate')
  await follow('key rotation', 'keys', {
    async done() {
      const { rewrapped, isRunning } = await adminCall<{ rewrapped: number; isRunning: boolean }>(
        connection,
        'GET',
        '/_lakelet/keys/rotate',
      )
      return { count: rewrapped, isRunning }
    },
  })
  return rows
}

async function untilDone(work: LongWork): Promise<void> {
  while ((await work.done()).isRunning) await sleep(200)
}

function bodiless(target: Target, method: string, key: string, query: Record<string, string> = {}) {
  return prepare(target, 's3', { method, path: pathOf(key), query, headers: {}, body: NO_BODY })
}

function withBody(target: Target, method: string, key: string, body: Buffer, query: Record<string, string> = {}) {
  const headers = { 'content-md5': createHash('md5').update(body).digest('base64') }
  return prepare(target, 's3', { method, path: pathOf(key), query, headers, body })
}

/** `key` begins with a slash, or is the bucket itself. */
function pathOf(key: string): string {
  return `/${BUCKET}${key.split('/').map(encodeURIComponent).join('/')}`
}
