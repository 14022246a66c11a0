/**
 * What a crawl costs: one million objects in 2,000 partitions for the first time, again when nothing has changed, again
 * with one new partition; and ten gigabytes of gzip JSON, which must cost listing and sampling, not reading.
 *
 * Time is from StartCrawler's answer until GetCrawler says READY. While a crawl runs another request is made every 20 ms:
 * how long it waits says what the crawl leaves to others.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { CreateCrawlerCommand, GetCrawlerCommand, GlueClient, StartCrawlerCommand } from '@aws-sdk/client-glue'
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { lines } from '../support/records.ts'
import { type Row, row } from '../support/report.ts'
import { processorMs, type RunningServer, residentMiB, startLake } from '../support/servers.ts'
import { DAYS, fill, MANY } from './fill.ts'

const MANY_OBJECTS = 1_000_000
const BIG = 'bench-crawl-big'
const BIG_OBJECTS = 160
const BIG_RAW_BYTES = 10_000_000_000
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
})
const LOOK_EVERY_MS = 100
const PROBE_EVERY_MS = 20

export async function run(): Promise<Row[]> {
  const given = process.env['LAKELET_BENCH_DIRECTORY']
  const directory = given ?? (await mkdtemp(join(tmpdir(), 'lakelet-bench-')))
  try {
    const startedAt = performance.now()
    if (given === undefined) await fill(directory, MANY_OBJECTS)
    const filledS = (performance.now() - startedAt) / 1000
    return [row('made by the bench itself', filledS, 's', `${MANY_OBJECTS} objects`), ...(await measure(directory))]
  } finally {
    if (given === undefined) await rm(directory, { recursive: true, force: true })
  }
}

interface Clients {
  readonly glue: GlueClient
  readonly iam: IAMClient
  readonly s3: S3Client
}

async function measure(directory: string): Promise<Row[]> {
  const lake = await startLake({ directory })
  try {
    const clients = clientsOf(lake)
    const role = `bench-${process.pid}`
    await clients.iam.send(new CreateRoleCommand({ RoleName: role, AssumeRolePolicyDocument: TRUST }))
    const many = await crawlerOf(clients, `many-${process.pid}`, { role, path: `${MANY}/events/` })
    const rows = [
      ...rowsOf('first crawl', await crawl(lake, clients, many), `${MANY_OBJECTS} objects, ${DAYS} partitions; aim 60`),
      ...rowsOf('crawl again, nothing changed', await crawl(lake, clients, many), 'aim 15'),
    ]
    await clients.s3.send(
      new PutObjectCommand({
        Bucket: MANY,
        Key: 'events/landing-date=2030-01-01/part-0.json',
        Body: '{"event_id":"x"}\n',
      }),
    )
    rows.push(...rowsOf('crawl again, one new partition', await crawl(lake, clients, many), ''))
    await putBig(clients.s3)
    const big = await crawlerOf(clients, `big-${process.pid}`, { role, path: `${BIG}/events/` })
    const what = `${BIG_RAW_BYTES / 1e9} GB of JSON in ${BIG_OBJECTS} objects, gzip`
    rows.push(...rowsOf('crawl of large objects', await crawl(lake, clients, big), what))
    return rows
  } finally {
    await lake.stop()
  }
}

function clientsOf({ target }: RunningServer): Clients {
  const credentials = { accessKeyId: target.accessKeyId, secretAccessKey: target.secretAccessKey }
  const options = { endpoint: target.endpoint, region: 'us-east-1', credentials }
  return {
    glue: new GlueClient(options),
    iam: new IAMClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
  }
}

async function crawlerOf(
  { glue }: Clients,
  name: string,
  { role, path }: { role: string; path: string },
): Promise<string> {
  await glue.send(
    new CreateCrawlerCommand({ Name: name, Role: role, DatabaseName: name, Targets: { S3Targets: [{ Path: path }] } }),
  )
  return name
}

interface Cost {
  readonly seconds: number
  readonly processorS: number
  readonly residentMiB: number
  readonly waitsMs: readonly number[]
}

async function crawl({ processId, target }: RunningServer, { glue }: Clients, name: string): Promise<Cost> {
  const processor = await processorMs(processId)
  await glue.send(new StartCrawlerCommand({ Name: name }))
  const startedAt = performance.now()
  const probes = probing(`${target.endpoint}/_lakelet/health`)
  let resident = 0
  for (;;) {
    await sleep(LOOK_EVERY_MS)
    resident = Math.max(resident, await residentMiB(processId))
    const { Crawler } = await glue.send(new GetCrawlerCommand({ Name: name }))
    if (Crawler?.State !== 'READY') continue
    const seconds = (performance.now() - startedAt) / 1000
    const { Status, ErrorMessage } = Crawler.LastCrawl ?? {}
    if (Status !== 'SUCCEEDED') throw new Error(`${name}: ${Status} ${ErrorMessage}`)
    const processorS = ((await processorMs(processId)) - processor) / 1000
    return { seconds, processorS, residentMiB: resident, waitsMs: await probes.stop() }
  }
}

function probing(url: string) {
  const waitsMs: number[] = []
  let isOver = false
  const probed = (async () => {
    while (!isOver) {
      const startedAt = performance.now()
      await (await fetch(url)).arrayBuffer()
      waitsMs.push(performance.now() - startedAt)
      await sleep(PROBE_EVERY_MS)
    }
  })()
  return {
    async stop(): Promise<number[]> {
      isOver = true
      await probed
      return waitsMs.sort((a, b) => a - b)
    },
  }
}

function rowsOf(what: string, { seconds, processorS, residentMiB: resident, waitsMs }: Cost, remark: string): Row[] {
  const share = (part: number) => (waitsMs[Math.floor((waitsMs.length - 1) * part)] ?? Number.NaN).toFixed(0)
  const others = `others wait ${share(0.5)} ms, p99 ${share(0.99)}, at most ${share(1)}`
  return [
    row(what, seconds, 's', `${remark}${remark && '; '}processor ${processorS.toFixed(1)} s; ${others}`),
    row(`${what}: resident at most`, resident, 'MiB', 'aim 400 MB'),
  ]
}

/** The same compressed bytes under many keys: what is in them does not matter to what a crawl reads of them. */
async function putBig(s3: S3Client): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: BIG }))
  const chunk: string[] = []
  let bytes = 0
  for (const line of lines(Number.POSITIVE_INFINITY)) {
    chunk.push(line)
    bytes += line.length
    if (bytes >= BIG_RAW_BYTES / BIG_OBJECTS) break
  }
  const body = gzipSync(chunk.join(''), { level: 1 })
  for (let object = 0; object < BIG_OBJECTS; object++) {
    const day = String((object % 10) + 1).padStart(2, '0')
    await s3.send(new PutObjectCommand({ Bucket: BIG, Key: `events/dt=2026-01-${day}/${object}.gz`, Body: body }))
  }
}
