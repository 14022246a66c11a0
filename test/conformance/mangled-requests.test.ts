/**
 * Requests for every operation, spoilt in every way, over the raw socket: no crash, no hang, no 500. A share of them
 * runs always; `npm run fuzz` sends 100,000. LAKELET_FUZZ_SEED repeats a run.
 */
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Sha256 } from '@aws-crypto/sha256-js'
import { CreateBucketCommand, CreateMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { byteEdits, edited, mutated, mutations, serialised } from '../support/fuzz/mangling.ts'
import {
  FUZZ_BUCKET,
  FUZZ_KEY,
  modelledRequest,
  type PlainRequest,
  UPLOAD_MARK,
} from '../support/fuzz/modelled-request.ts'
import { startLake, type TestLake, temporaryDirectory } from '../support/lake.ts'

const REQUESTS = Number(process.env['LAKELET_FUZZ_REQUESTS'] ?? 6_000)
const SEED = Number(process.env['LAKELET_FUZZ_SEED'] ?? Date.now() % 2 ** 31)
const AT_ONCE = 64
/** A server that waits for the rest of a request says nothing: then the client ends, and the server must, too. */
const QUIET_MS = 250
const HUNG_MS = 30_000
const COMPLAINTS_MAX = 20
const ANSWERS = /^HTTP\/1\.1 (\d{3})/gm
const RSS_GROWTH_MAX = 300 * 1024 * 1024

const folders = [temporaryDirectory(), temporaryDirectory()] as const
let verifying: TestLake
let open: TestLake
beforeAll(async () => {
  verifying = await startLake(folders[0].path)
  open = await startLake(folders[1].path, ['--auth', 'open'])
})
afterAll(async () => {
  for (const lake of [verifying, open]) await lake.stop()
  for (const folder of folders) folder.remove()
})

const call = fc.record({ request: modelledRequest(), mutations })
const connection = fc.record({
  isOpen: fc.boolean(),
  calls: fc.array(call, { minLength: 1, maxLength: 3 }),
  edits: byteEdits(2),
  pieces: fc.integer({ min: 1, max: 3 }),
  isCut: fc.integer({ min: 0, max: 19 }).map((die) => die === 0),
})

test(`${REQUESTS} mangled requests (seed ${SEED}): no crash, no hang, no 500`, { timeout: 3_600_000 }, async () => {
  const startedAt = performance.now()
  const statuses = new Map<string, number>()
  const complaints: string[] = []
  let requests = 0
  let rssEarly = 0
  for (let batch = 0; requests < REQUESTS && complaints.length < COMPLAINTS_MAX; batch++) {
    const uploads = new Map<TestLake, string>()
    for (const lake of [open, verifying]) uploads.set(lake, await prepared(lake))
    const connections = fc.sample(connection, { seed: SEED + batch, numRuns: AT_ONCE })
    await Promise.all(
      connections.map(async ({ isOpen, calls, edits, pieces, isCut }) => {
        const lake = isOpen ? open : verifying
        const parts = await Promise.all(calls.map((one) => bytesOf(mutated(one), lake, uploads.get(lake) ?? '')))
        const bytes = edits.reduce<Buffer>(edited, Buffer.concat(parts))
        requests += calls.length
        const { said, hangs } = await answered(lake, bytes, { pieces, isCut })
        for (const [, status = ''] of said.matchAll(ANSWERS)) statuses.set(status, (statuses.get(status) ?? 0) + 1)
        const complaint = hangs ? 'hangs' : complaintAbout(said)
        if (complaint !== undefined) complaints.push(`${complaint} to ${shown(bytes)}`)
      }),
    )
    for (const lake of [open, verifying]) if (lake.hasEnded()) throw new Error(`the lake has ended: ${lake.says()}`)
    if (rssEarly === 0 && requests > REQUESTS / 5) rssEarly = rssOf(open) + rssOf(verifying)
  }

  expect([...failuresIn(open), ...failuresIn(verifying)], 'what the lake noted as its own failure').toEqual([])
  expect(complaints).toEqual([])
  for (const lake of [open, verifying]) expect((await fetch(`${lake.endpoint}/_lakelet/health`)).status).toBe(200)
  const grown = rssOf(open) + rssOf(verifying) - rssEarly
  expect(grown).toBeLessThan(RSS_GROWTH_MAX)
  const tally = [...statuses].sort().map(([status, count]) => `${status}: ${count}`)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
  console.log(
    `${requests} requests in ${seconds} s, seed ${SEED}, memory ${(grown / 2 ** 20).toFixed(0)} MiB more (${tally.join(', ')})`,
  )
})

/** A bucket, an object and an open upload, whatever was deleted meanwhile; the upload's id. */
async function prepared({ s3 }: TestLake): Promise<string> {
  await s3.send(new CreateBucketCommand({ Bucket: FUZZ_BUCKET }))
  await s3.send(new PutObjectCommand({ Bucket: FUZZ_BUCKET, Key: FUZZ_KEY, Body: 'hello' }))
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: FUZZ_BUCKET, Key: FUZZ_KEY }))
  return UploadId ?? ''
}

async function bytesOf(request: PlainRequest, lake: TestLake, upload: string): Promise<Buffer> {
  const target = request.target.replaceAll(UPLOAD_MARK, upload)
  return serialised({ ...request, target, headers: await signedHeaders({ ...request, target }, lake) })
}

/** Signed as far as a signer makes sense of it; headers that come twice stay twice. */
async function signedHeaders(request: PlainRequest, lake: TestLake): Promise<PlainRequest['headers']> {
  const { host, hostname } = new URL(lake.endpoint)
  const [path = '/', ...query] = request.target.split('?')
  const signer = new SignatureV4({
    service: request.service,
    region: 'us-east-1',
    credentials: lake.credentials,
    sha256: Sha256,
    uriEscapePath: request.service !== 's3',
    applyChecksum: request.service === 's3',
  })
  const { headers } = await signer.sign({
    method: request.method,
    protocol: 'http:',
    hostname,
    path,
    query: Object.fromEntries(new URLSearchParams(query.join('?'))),
    headers: { ...Object.fromEntries(request.headers), host },
    body: request.body,
  })
  const own = new Set(request.headers.map(([name]) => name))
  return [...request.headers, ...Object.entries(headers).filter(([name]) => !own.has(name))]
}

/** Everything that came back until the connection was closed, and whether the lake had to be left. */
function answered(
  lake: TestLake,
  bytes: Buffer,
  { pieces, isCut }: { pieces: number; isCut: boolean },
): Promise<{ said: string; hangs: boolean }> {
  const socket = connect({ port: Number(new URL(lake.endpoint).port), host: '127.0.0.1' })
  const size = Math.ceil(bytes.byteLength / pieces)
  for (let piece = 0; piece < pieces; piece++) socket.write(bytes.subarray(piece * size, (piece + 1) * size))
  return new Promise((resolve) => {
    let [said, hangs] = ['', false]
    const quiet = setTimeout(() => (isCut ? socket.destroy() : socket.end()), QUIET_MS)
    const hung = setTimeout(() => {
      hangs = true
      socket.destroy()
    }, HUNG_MS)
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1')
      quiet.refresh()
    })
    // A reset is one way to be refused.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(quiet)
      clearTimeout(hung)
      resolve({ said, hangs })
    })
  })
}

function complaintAbout(said: string): string | undefined {
  if (said !== '' && !said.startsWith('HTTP/1.1 ')) return 'is no answer'
  const failed = /^HTTP\/1\.1 (?!501)5\d\d.*$/m.exec(said) ?? /<Code>InternalError<|InternalFailure/.exec(said)
  if (failed !== null) return `answers ${failed[0]}`
  return /\n +at .*\.[jt]s:\d+/.test(said) ? 'tells of its insides' : undefined
}

const failuresIn = (lake: TestLake) =>
  readFileSync(join(lake.directory, 'lakelet.log'), 'utf8')
    .split('\n')
    .filter((line) => /"level":"error"|"RequestFailed"|"ResponseFailed"/.test(line))
    .slice(0, 5)

/** Told by Linux alone. */
function rssOf({ pid }: TestLake): number {
  if (process.platform !== 'linux') return 0
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
}

const shown = (bytes: Buffer) => JSON.stringify(bytes.toString('latin1').slice(0, 4000))
