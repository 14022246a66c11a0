/** `lakelet backup` and `lakelet restore`: a real lake is copied while producers and writers are at work, and restored. */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PutRecordBatchCommand } from '@aws-sdk/client-firehose'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCli } from '../support/cli.ts'
import { BUCKET, deliveredLines, makeStream, STREAM } from '../support/first-stream.ts'
import { eventually, startLake, type TestLake, temporaryDirectory } from '../support/lake.ts'

const MIB = 1024 * 1024
let folder: ReturnType<typeof temporaryDirectory>
beforeEach(() => {
  folder = temporaryDirectory()
})
afterEach(() => folder.remove())

const at = (...names: string[]) => join(folder.path, ...names)
const bodyOf = (key: string, bytes: number) => Buffer.alloc(bytes, `${key} `)
const OBJECTS: Readonly<Record<string, number>> = { empty: 0, inline: 5_000, file: 300_000, larger: 3 * MIB }

test('a lake that is copied at work comes back with every object whole and every record once', {
  timeout: 180_000,
}, async () => {
  const lake = await startLake(at('lake'))
  await makeStream(lake, { SizeInMBs: 1, IntervalInSeconds: 1 })
  for (const [key, bytes] of Object.entries(OBJECTS)) await put(lake, key, bodyOf(key, bytes))
  await putInParts(lake)

  const sent = new Set<string>()
  const acknowledged = new Set<string>()
  let isOver = false
  const producers = [0, 1].map((producer) =>
    produce(lake, `p${producer}`, { sent, acknowledged, isOver: () => isOver }),
  )
  const writer = (async () => {
    for (let round = 0; !isOver; round++) {
      await put(lake, 'churned', bodyOf(`round ${round}`, 100_000))
      await lake.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'churned' }))
    }
  })()
  await eventually('records are on their way', async () => (acknowledged.size > 2_000 ? true : undefined))
  const before = new Set(acknowledged)
  expect(await runCli(['backup', at('copy'), '--data', at('lake')])).toMatchObject({ status: 0 })
  isOver = true
  await Promise.all([...producers, writer])
  await lake.kill()

  expect(await runCli(['restore', at('copy'), '--data', at('restored')])).toMatchObject({ status: 0 })
  const restored = await startLake(at('restored'))
  for (const [key, bytes] of Object.entries(OBJECTS)) {
    expect((await get(restored, key)).equals(bodyOf(key, bytes)), key).toBe(true)
  }
  expect((await get(restored, 'parts')).byteLength).toBe(5 * MIB + 3)
  const lines = await eventually(
    `all of ${before.size} records acknowledged before the backup are there`,
    async () => {
      const delivered = await deliveredLines(restored)
      const ids = new Set(delivered.map(idOf))
      return [...before].every((id) => ids.has(id)) ? delivered : undefined
    },
    60_000,
  )
  expect(new Set(lines.map(idOf)).size, 'no record twice').toBe(lines.length)
  expect(lines.map(idOf).filter((id) => !sent.has(id))).toEqual([])
  expect(await runCli(['scrub', '--data', at('restored')])).toMatchObject({ status: 0 })
  await restored.stop()
})

test('a backup that is there is not written over, and a damaged or unfinished one is not restored', {
  timeout: 120_000,
}, async () => {
  const lake = await startLake(at('lake'))
  await makeStream(lake, { SizeInMBs: 1, IntervalInSeconds: 60 })
  await put(lake, 'file', bodyOf('file', 300_000))
  const backup = (to: string) => runCli(['backup', to, '--data', at('lake')])
  const restore = (from: string, to: string) => runCli(['restore', from, '--data', to])
  expect(await backup(at('copy'))).toMatchObject({ status: 0 })
  expect(await backup(at('copy'))).toMatchObject({ status: 1, stderr: expect.stringContaining('a backup already') })
  expect(await backup(at('lake', 'inside'))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('inside the data directory'),
  })
  expect(await restore(at('copy'), at('lake'))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('not empty'),
  })
  await lake.stop()

  const [object = ''] = readdirSync(at('copy', 'objects'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\d+\/\d+\/\d+$/.test(name),
  )
  rmSync(at('copy', 'objects', object))
  expect(await restore(at('copy'), at('new'))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('is missing'),
  })
  writeFileSync(at('copy', 'keys', 'master'), `${'0'.repeat(64)}\n`)
  expect(await restore(at('copy'), at('new'))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('is not what was backed up'),
  })
  rmSync(at('copy', 'manifest.json'))
  expect(await restore(at('copy'), at('new'))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('is no backup'),
  })
  expect(existsSync(at('new')), 'nothing is half restored').toBe(false)
})

const idOf = (line: string) => (JSON.parse(line) as { id: string }).id
const put = (lake: TestLake, Key: string, Body: Buffer) =>
  lake.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }))

async function get(lake: TestLake, Key: string): Promise<Buffer> {
  const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))
  return Buffer.from((await Body?.transformToByteArray()) ?? [])
}

async function putInParts({ s3 }: TestLake): Promise<void> {
  const upload = { Bucket: BUCKET, Key: 'parts' }
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(upload))
  const Parts = []
  for (const [index, bytes] of [5 * MIB, 3].entries()) {
    const PartNumber = index + 1
    const { ETag } = await s3.send(
      new UploadPartCommand({ ...upload, UploadId, PartNumber, Body: Buffer.alloc(bytes, 'p') }),
    )
    Parts.push({ PartNumber, ETag })
  }
  await s3.send(new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload: { Parts } }))
}

async function produce(
  lake: TestLake,
  name: string,
  { sent, acknowledged, isOver }: { sent: Set<string>; acknowledged: Set<string>; isOver: () => boolean },
): Promise<void> {
  for (let batch = 0; !isOver(); batch++) {
    const ids = Array.from({ length: 100 }, (_, record) => `${name}-${batch}-${record}`)
    for (const id of ids) sent.add(id)
    const Records = ids.map((id) => ({ Data: Buffer.from(`${JSON.stringify({ id, filler: 'x'.repeat(900) })}\n`) }))
    const answer = await lake.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: STREAM, Records }))
    answer.RequestResponses?.forEach((response, index) => {
      if (response.RecordId !== undefined) acknowledged.add(ids[index] as string)
    })
  }
}
