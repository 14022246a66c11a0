/**
 * Metadata extraction with jq, as the compiled lake runs it: records of 1 KiB, steps of 1,000. Rates are also given by
 * processor time, of which a busy neighbour takes little. `LAKELET_JQ_SOAK_S=600` adds a soak with poison in it.
 */
import type { JqExtractor } from '../../src/delivery/processing/jq/jq-extractor.ts'
import type { StreamRecord } from '../../src/delivery/processing/record.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { type Row, row } from '../support/report.ts'

const COMPILED = new URL('../../dist/delivery/processing/jq/jq-extractor.js', import.meta.url)
const STEP_RECORDS = 1_000
const STEPS = 60
const never = new AbortController().signal

const QUERIES = [
  ['two keys, 50 values', '{customer_id:.customer_id,year:(.ts|strftime("%Y"))}', (index: number) => index % 50],
  ['two keys, every record its own', '{customer_id:.customer_id,year:(.ts|strftime("%Y"))}', (index: number) => index],
  [
    'two keys, of the whole record',
    '. as $r|{customer_id:$r.customer_id,n:($r|length)}',
    (index: number) => index % 50,
  ],
] as const

export async function run(): Promise<Row[]> {
  const { JqExtractor: Extractor } = (await import(COMPILED.href)) as { JqExtractor: typeof JqExtractor }
  const rows: Row[] = []

  const residentBefore = process.memoryUsage().rss
  const one = new Extractor({ clock: systemClock, threadsMax: 1 })
  for (const [what, query] of [
    ['first record: a thread, jq, a query', '{k:.customer_id}'],
    ['first record of another query', '{k:.n}'],
  ] as const) {
    const startedAt = performance.now()
    const cpu = process.cpuUsage()
    await extract(one, query, [record(0)])
    const { user, system } = process.cpuUsage(cpu)
    rows.push(row(what, performance.now() - startedAt, 'ms', `${((user + system) / 1000).toFixed(0)} ms of processor`))
  }
  rows.push(row('resident with one thread', (process.memoryUsage().rss - residentBefore) / 2 ** 20, 'MiB', 'more'))
  await one.close()

  for (const threadsMax of [1, 2]) {
    const extractor = new Extractor({ clock: systemClock, threadsMax })
    for (const [what, query, customer] of QUERIES) rows.push(await rate(extractor, threadsMax, what, query, customer))
    await extractor.close()
  }
  const seconds = Number(process.env.LAKELET_JQ_SOAK_S ?? 0)
  if (seconds > 0) rows.push(...(await soak(new Extractor({ clock: systemClock, recordMsMax: 1_000 }), seconds)))
  return rows
}

async function rate(
  extractor: JqExtractor,
  threads: number,
  what: string,
  query: string,
  customer: (index: number) => number,
): Promise<Row> {
  const steps = Array.from({ length: STEPS }, (_, step) =>
    Array.from({ length: STEP_RECORDS }, (_, index) => record(customer(step * STEP_RECORDS + index))),
  )
  for (const step of steps.slice(0, 5)) await extract(extractor, query, step)
  const cpu = process.cpuUsage()
  const loop = performance.eventLoopUtilization()
  const startedAt = performance.now()
  // Two streams at once, as many threads could work for.
  const half = STEPS / 2
  const walk = async (from: number, to: number) => {
    for (const step of steps.slice(from, to)) await extract(extractor, query, step)
  }
  await Promise.all([walk(0, half), walk(half, STEPS)])
  const seconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const cpuSeconds = (user + system) / 1e6
  const records = STEPS * STEP_RECORDS
  const megabytes = steps.flat().reduce((sum, { data }) => sum + data.length, 0) / 1e6
  const main = performance.eventLoopUtilization(loop).active / 1000
  return row(
    `${what}; ${threads} thread${threads > 1 ? 's' : ''}`,
    megabytes / seconds,
    'MB/s',
    `${Math.round(records / seconds).toLocaleString('en')} records/s; of one processor ${(megabytes / cpuSeconds).toFixed(0)} MB/s, ` +
      `${Math.round(records / cpuSeconds).toLocaleString('en')} records/s; main thread ${((main / cpuSeconds) * 100).toFixed(0)} % of it`,
  )
}

/** Step after step, with records that are not JSON, that jq fails at and, once in a while, that never end. */
async function soak(extractor: JqExtractor, seconds: number): Promise<Row[]> {
  const query = '. as $r|{customer_id:$r.customer_id,k:(if .n == "loop" then (def f: f; f) else .n end)}'
  const endsAt = performance.now() + seconds * 1000
  let records = 0
  let wrong = 0
  let residentEarly = 0
  let steps = 0
  for (; performance.now() < endsAt; steps++) {
    const step = Array.from({ length: STEP_RECORDS }, (_, index) => record(steps + index))
    step[10] = stream('not JSON')
    step[20] = stream('{"customer_id":"c","n":[]}')
    const isEndless = steps % 500 === 499
    if (isEndless) step[30] = stream('{"customer_id":"c","n":"loop"}')
    const { records: extracted, failed } = await extract(extractor, query, step)
    const isRight =
      failed.length === (isEndless ? 3 : 2) &&
      extracted.every(({ partitionKeys }, index) => index < 30 || partitionKeys?.fromQuery?.customer_id !== undefined)
    if (!isRight) wrong++
    records += STEP_RECORDS
    if (steps === 100) residentEarly = process.memoryUsage().rss
  }
  const resident = process.memoryUsage().rss
  await extractor.close()
  return [
    row('soak', records, 'records', `${steps} steps in ${seconds} s, ${wrong} of them wrong`),
    row('resident after it', resident / 2 ** 20, 'MiB', `${(residentEarly / 2 ** 20).toFixed(0)} after 100 steps`),
  ]
}

function extract(extractor: JqExtractor, query: string, records: readonly StreamRecord[]) {
  return extractor.extractMetadata({ kind: 'extractMetadata', query }).process(records, never)
}

function record(customer: number): StreamRecord {
  const fields = Array.from({ length: 34 }, (_, index) => [`field_${index}`, `value ${index} lorem`])
  return stream(
    JSON.stringify({
      customer_id: `c-${String(customer).padStart(6, '0')}`,
      ts: 1_600_000_000 + customer,
      n: 12,
      ...Object.fromEntries(fields),
    }),
  )
}

function stream(text: string): StreamRecord {
  const data = Buffer.from(text)
  return { data, source: { data, arrivalMs: 0 } }
}
