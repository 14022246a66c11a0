/**
 * How fast records are acknowledged (durably) and how fast they reach objects, beside moto_server in the same run.
 * Expected before measuring: gzip and JSON bound; two cores shared with the client.
 */

import { call, json, type LoadResult, load, type PreparedRequest, prepare, type Target } from '../support/load.ts'
import { simulatedRecords } from '../support/records.ts'
import { type Row, row } from '../support/report.ts'
import { processorMs, type RunningServer, startLake, startMoto } from '../support/servers.ts'

const SECONDS = 8
/** Before anything is counted, for either server: code is compiled while it runs. */
const WARM_UP_SECONDS = 3
const BATCH = { records: 500, connections: 16 }
const SINGLE = { connections: 16 }

interface Rates {
  readonly batchesPerSecond: number
  readonly putsPerSecond: number
}

export async function run(): Promise<Row[]> {
  const rows: Row[] = []
  const lake = await startLake()
  const ours = await rates(lake, rows, 'lakelet')
  rows.push(...(await steadyRate(lake)))
  await lake.stop()
  const moto = await startMoto()
  if (moto === undefined) {
    rows.push(row('moto_server', 'not installed: no baseline', ''))
    return rows
  }
  const theirs = await rates(moto, rows, 'moto_server')
  await moto.stop()
  rows.push(
    row('PutRecordBatch, times moto_server', ours.batchesPerSecond / theirs.batchesPerSecond, '×', 'at least 5'),
  )
  rows.push(row('PutRecord, times moto_server', ours.putsPerSecond / theirs.putsPerSecond, '×', 'at least 10'))
  return rows
}

async function rates(server: RunningServer, rows: Row[], name: string): Promise<Rates> {
  const { target } = server
  await createStream(target, 'batch')
  await createStream(target, 'single')
  const batches = await batchRequests(target, 'batch')
  await load(target, batches, { connections: BATCH.connections, seconds: WARM_UP_SECONDS })
  const batch = await costed(server, () => load(target, batches, { connections: BATCH.connections, seconds: SECONDS }))
  const singles = await Promise.all(
    simulatedRecords(64).map((record) =>
      json(target, 'firehose', 'Firehose_20150804.PutRecord', {
        DeliveryStreamName: 'single',
        Record: { Data: record.toString('base64') },
      }),
    ),
  )
  await load(target, singles, { connections: SINGLE.connections, seconds: WARM_UP_SECONDS })
  const single = await costed(server, () =>
    load(target, singles, { connections: SINGLE.connections, seconds: SECONDS }),
  )
  rows.push(row(`${name}: PutRecordBatch 500 × 1 KiB`, batch.perSecond, 'calls/s', remark(batch)))
  rows.push(row(`${name}: PutRecord 1 KiB`, single.perSecond, 'calls/s', remark(single)))
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

/** Load until the backlog neither grows nor shrinks much, then what was delivered in the second half, over its time. */
async function steadyRate(server: RunningServer): Promise<Row[]> {
  const { target } = server
  await createStream(target, 'steady')
  const batches = await batchRequests(target, 'steady')
  await load(target, batches, { connections: BATCH.connections, seconds: SECONDS })
  const before = await deliveredBytes(target, 'steady')
  const startedAt = performance.now()
  const second = await load(target, batches, { connections: BATCH.connections, seconds: SECONDS * 2 })
  const seconds = (performance.now() - startedAt) / 1000
  const delivered = (await deliveredBytes(target, 'steady')) - before
  return [
    row(
      'records reaching objects, steady',
      delivered / seconds / 1e6,
      'MB/s',
      `while ${Math.round(second.perSecond)} calls/s are accepted, ${second.errors} told to slow down`,
    ),
  ]
}

async function deliveredBytes(target: Target, name: string): Promise<number> {
  const path = '/_lakelet/streams'
  const answer = await call(
    target,
    await prepare(target, 'lakelet', { method: 'GET', path, headers: {}, body: Buffer.alloc(0) }),
  )
  const { streams } = JSON.parse(answer.toString()) as { streams: { name: string; deliveredBytes: number }[] }
  return streams.find((figures) => figures.name === name)?.deliveredBytes ?? 0
}

async function createStream(target: Target, name: string): Promise<void> {
  await call(
    target,
    await prepare(target, 's3', { method: 'PUT', path: '/bench-lake', headers: {}, body: Buffer.alloc(0) }),
  )
  const role =
    'Action=CreateRole&Version=2010-05-08&RoleName=bench&AssumeRolePolicyDocument=' +
    encodeURIComponent(
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"firehose.amazonaws.com"},"Action":"sts:AssumeRole"}}',
    )
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  await call(
    target,
    await prepare(target, 'iam', { method: 'POST', path: '/', headers: form, body: Buffer.from(role) }),
  ).catch(ignoreExisting)
  const identity = await call(
    target,
    await prepare(target, 'sts', {
      method: 'POST',
      path: '/',
      headers: form,
      body: Buffer.from('Action=GetCallerIdentity&Version=2011-06-15'),
    }),
  )
  const account = /<Account>(\d+)</.exec(identity.toString())?.[1]
  await call(
    target,
    await json(target, 'firehose', 'Firehose_20150804.CreateDeliveryStream', {
      DeliveryStreamName: name,
      DeliveryStreamType: 'DirectPut',
      ExtendedS3DestinationConfiguration: {
        RoleARN: `arn:aws:iam::${account}:role/bench`,
        BucketARN: 'arn:aws:s3:::bench-lake',
        BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
        CompressionFormat: 'GZIP',
      },
    }),
  )
  await new Promise((resolve) => setTimeout(resolve, 500))
}

/** The role is made once for several streams. */
function ignoreExisting(error: unknown): void {
  if (!String(error).includes('EntityAlreadyExists')) throw error
}

function batchRequests(target: Target, name: string): Promise<PreparedRequest[]> {
  const records = simulatedRecords(BATCH.records * 8)
  return Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      json(target, 'firehose', 'Firehose_20150804.PutRecordBatch', {
        DeliveryStreamName: name,
        Records: records
          .slice(index * BATCH.records, (index + 1) * BATCH.records)
          .map((record) => ({ Data: record.toString('base64') })),
      }),
    ),
  )
}
