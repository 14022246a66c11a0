/** What the process itself costs: time until it answers, memory when idle, memory while 1 GB goes in and out. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { call, prepare } from '../support/load.ts'
import { type Row, row } from '../support/report.ts'
import { residentMiB, startLake } from '../support/servers.ts'

const OBJECT_BYTES = 1_000_000_000
const CHUNK = Buffer.alloc(1_000_000, 'lakelet ')

export async function run(): Promise<Row[]> {
  const lake = await startLake()
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const idle = await residentMiB(lake.processId)
  const rows = [
    row('start until it answers', lake.startMs, 'ms', 'under 1,000'),
    row('idle server, resident', idle, 'MiB', 'under 150'),
  ]

  const { target } = lake
  await call(
    target,
    await prepare(target, 's3', { method: 'PUT', path: '/bench-large', headers: {}, body: Buffer.alloc(0) }),
  )
  const s3 = new S3Client({ endpoint: target.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: target })
  const watch = watchMemory(lake.processId)
  const putAt = performance.now()
  const upload = new Upload({
    client: s3,
    params: { Bucket: 'bench-large', Key: 'large', Body: Readable.from(gigabyte()) },
    partSize: 16 * 1024 * 1024,
  })
  await upload.done()
  const putSeconds = (performance.now() - putAt) / 1000
  const putPeak = watch.peak()
  const getAt = performance.now()
  const answer = await s3.send(new GetObjectCommand({ Bucket: 'bench-large', Key: 'large' }))
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of answer.Body as Readable) {
    hash.update(chunk)
    bytes += chunk.length
  }
  const getSeconds = (performance.now() - getAt) / 1000
  const getPeak = watch.stop()
  const expected = createHash('sha256')
  for (const chunk of gigabyte()) expected.update(chunk)
  if (bytes !== OBJECT_BYTES || hash.digest('hex') !== expected.digest('hex'))
    throw new Error('the object came back different')
  await lake.stop()
  return [
    ...rows,
    row(
      '1 GB put (multipart, encrypted)',
      OBJECT_BYTES / putSeconds / 1e6,
      'MB/s',
      `resident at most ${putPeak.toFixed(0)} MiB`,
    ),
    row('1 GB get', OBJECT_BYTES / getSeconds / 1e6, 'MB/s', `resident at most ${getPeak.toFixed(0)} MiB`),
  ]
}

function* gigabyte(): Generator<Buffer> {
  for (let sent = 0; sent < OBJECT_BYTES; sent += CHUNK.length) yield CHUNK
}

function watchMemory(processId: number): { peak(): number; stop(): number } {
  let peak = 0
  const timer = setInterval(() => {
    void residentMiB(processId).then((now) => {
      peak = Math.max(peak, now)
    })
  }, 50)
  return {
    peak: () => peak,
    stop() {
      clearInterval(timer)
      return peak
    },
  }
}
