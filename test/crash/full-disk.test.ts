/**
 * The disk of a lake fills up: what does not fit is refused in clear words, what was acknowledged stays, reading goes
 * on, and with room everything works again without a restart.
 */
import { createHash } from 'node:crypto'
import { DescribeDeliveryStreamCommand, PutRecordBatchCommand } from '@aws-sdk/client-firehose'
import { CreateDatabaseCommand } from '@aws-sdk/client-glue'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/platform/random.ts'
import { runSql } from '../support/athena.ts'
import { BUCKET, deliveredLines, makeStream, STREAM } from '../support/first-stream.ts'
import { titled } from '../support/installed.ts'
import { eventually, startLake, type TestLake } from '../support/lake.ts'
import { noSmallDisk, type SmallDisk, smallDisk } from '../support/small-disk.ts'

const MEGABYTE = 1024 * 1024
const DISK_MEGABYTES = 48

describe.skipIf(noSmallDisk !== undefined)(titled('a full disk', noSmallDisk), () => {
  let disk: SmallDisk
  let lake: TestLake
  const start = () => startLake(`${disk.path}/lake`)
  beforeEach(async () => {
    disk = smallDisk(DISK_MEGABYTES)
    lake = await start()
  })
  afterEach(async () => {
    await lake.kill()
    disk.remove()
  })

  test('objects: refused with InsufficientStorage, none half there, the rest readable, and room is room again', async () => {
    const Bucket = 'tight'
    await lake.s3.send(new CreateBucketCommand({ Bucket }))
    const stored = new Map<string, string>()
    disk.fillUpTo(12 * MEGABYTE)
    const refusals = await putUntilRefused(Bucket, stored)
    expect(stored.size).toBeGreaterThan(5)
    expect(new Set(refusals)).toEqual(new Set(['InsufficientStorage']))

    await expectStored(Bucket, stored)
    expect((await fetch(`${lake.endpoint}/_lakelet/health`)).status).toBe(200)

    disk.makeRoom()
    await lake.s3.send(new PutObjectCommand({ Bucket, Key: 'afterwards', Body: 'there is room' }))
    await lake.kill()
    lake = await start()
    stored.set('afterwards', digest('there is room'))
    await expectStored(Bucket, stored)
  })

  test('deleting objects makes room', async () => {
    const Bucket = 'tight'
    await lake.s3.send(new CreateBucketCommand({ Bucket }))
    const stored = new Map<string, string>()
    disk.fillUpTo(12 * MEGABYTE)
    await putUntilRefused(Bucket, stored)
    for (const Key of [...stored.keys()].slice(0, 5)) {
      await lake.s3.send(new DeleteObjectCommand({ Bucket, Key }))
      stored.delete(Key)
    }
    const Body = Buffer.alloc(3 * MEGABYTE, 'again')
    await eventually('there is room again', async () => {
      const put = new PutObjectCommand({ Bucket, Key: 'again', Body })
      return lake.s3.send(put).then(
        () => true,
        () => undefined,
      )
    })
    stored.set('again', digest(Body))
    await expectStored(Bucket, stored)
  })

  test('records: refused for later, every acknowledged one delivered once there is room, exactly once', async () => {
    await makeStream(lake, { SizeInMBs: 1, IntervalInSeconds: 1 })
    disk.fillUpTo(8 * MEGABYTE)
    const acknowledged = new Set<string>()
    const refusals: string[] = []
    for (let batch = 0; refusals.length < 5 && batch < 300; batch++) {
      const ids = Array.from({ length: 100 }, (_, record) => `${batch}-${record}`)
      try {
        const { RequestResponses } = await lake.firehose.send(
          new PutRecordBatchCommand({ DeliveryStreamName: STREAM, Records: ids.map(record) }),
        )
        RequestResponses?.forEach(({ RecordId, ErrorCode }, index) => {
          if (RecordId !== undefined) acknowledged.add(ids[index] as string)
          else refusals.push(ErrorCode ?? '')
        })
      } catch (error) {
        refusals.push((error as Error).name)
      }
    }
    expect(new Set(refusals)).toEqual(new Set(['ServiceUnavailableException']))
    expect((await fetch(`${lake.endpoint}/_lakelet/health`)).status).toBe(200)
    const { DeliveryStreamDescription } = await lake.firehose.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: STREAM }),
    )
    expect(DeliveryStreamDescription?.DeliveryStreamStatus).toBe('ACTIVE')

    disk.makeRoom()
    await expectDelivered(acknowledged)
    const again = await lake.firehose.send(
      new PutRecordBatchCommand({ DeliveryStreamName: STREAM, Records: ['again'].map(record) }),
    )
    expect(again.FailedPutCount).toBe(0)
    await expectDelivered(new Set([...acknowledged, 'again']))
  })

  test('killed while full and started while full, it says why it cannot start or starts; with room nothing is lost', async () => {
    await lake.s3.send(new CreateBucketCommand({ Bucket: 'tight' }))
    const stored = new Map<string, string>()
    disk.fillUpTo(10 * MEGABYTE)
    await putUntilRefused('tight', stored)
    disk.fillUpTo(0)
    await lake.kill()
    const started = await start().catch((refusal: Error) => refusal)
    if (started instanceof Error) expect(started.message).toMatch(/room|space|disk/i)
    else {
      lake = started
      await expectStored('tight', stored)
      await lake.kill()
    }
    disk.makeRoom()
    lake = await start()
    await expectStored('tight', stored)
  })

  test('a query on a full disk fails with a reason, and works again when there is room', async () => {
    await lake.s3.send(new CreateBucketCommand({ Bucket: 'how.results' }))
    disk.fillUpTo(0)
    const full = await runSql(lake, 'SELECT 1')
    expect(full.reason).toMatch(/room|space|disk/i)
    disk.makeRoom()
    expect((await runSql(lake, 'SELECT 1')).rows).toEqual([['1']])
  })

  test('told to stop while full, it stops well', async () => {
    await makeStream(lake, { SizeInMBs: 1, IntervalInSeconds: 60 })
    await lake.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: STREAM, Records: ['before'].map(record) }))
    disk.fillUpTo(0)
    for (let call = 0; call < 3; call++) {
      await lake.s3
        .send(new PutObjectCommand({ Bucket: BUCKET, Key: 'no', Body: 'x'.repeat(9000) }))
        .catch(() => undefined)
    }
    expect(await lake.stop()).toBe(0)
    disk.makeRoom()
    lake = await start()
    expect((await lake.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))).KeyCount ?? 0).toBeLessThanOrEqual(1)
  })

  test('filling up and emptying again and again under load of every kind, it stays up and loses nothing', async () => {
    const random = seededRandom(3)
    await makeStream(lake, { SizeInMBs: 1, IntervalInSeconds: 1 })
    await lake.s3.send(new CreateBucketCommand({ Bucket: 'tight' }))
    await lake.s3.send(new CreateBucketCommand({ Bucket: 'how.results' }))
    const stored = new Map<string, string>()
    const acknowledged = new Set<string>()
    let isOver = false
    const each = async (step: (number: number) => Promise<unknown>) => {
      // Refusals are what a full disk gives; the books below hold what was acknowledged.
      for (let number = 0; !isOver; number++)
        await step(number).catch(() => new Promise((soon) => setTimeout(soon, 20)))
    }
    const clients = [
      each(async (number) => {
        const Body = Buffer.alloc(100_000, `${number} `)
        await lake.s3.send(new PutObjectCommand({ Bucket: 'tight', Key: `${number % 40}`, Body }))
        stored.set(`${number % 40}`, digest(Body))
      }),
      each(async (number) => {
        const ids = Array.from({ length: 20 }, (_, index) => `${number}-${index}`)
        const Records = ids.map(record)
        const answer = await lake.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: STREAM, Records }))
        answer.RequestResponses?.forEach(({ RecordId }, index) => {
          if (RecordId !== undefined) acknowledged.add(ids[index] as string)
        })
        await new Promise((soon) => setTimeout(soon, 50))
      }),
      each((number) =>
        runSql(lake, `SELECT n, '${'x'.repeat(100)}' FROM UNNEST(sequence(1, ${(number % 10) * 500 + 1})) AS t (n)`),
      ),
      each((number) => lake.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: `d${number}` } }))),
      each(() => runSql(lake, 'SHOW DATABASES')),
    ]
    for (let turn = 0; turn < 12; turn++) {
      disk.fillUpTo(random.unit() < 0.4 ? 0 : random.unit() * 300_000)
      await new Promise((soon) => setTimeout(soon, 200 + random.unit() * 500))
      disk.makeRoom()
      await new Promise((soon) => setTimeout(soon, 150 + random.unit() * 300))
    }
    isOver = true
    await Promise.all(clients)
    expect(lake.hasEnded(), 'the process is up').toBe(false)
    expect(acknowledged.size).toBeGreaterThan(0)
    await expectStored('tight', stored)
    await expectDelivered(acknowledged)
    expect((await runSql(lake, 'SELECT 1')).rows).toEqual([['1']])
    await lake.kill()
    lake = await start()
    await expectStored('tight', stored)
    await expectDelivered(acknowledged)
  })

  /** Names of the refusals of five puts in a row that did not fit. */
  async function putUntilRefused(Bucket: string, stored: Map<string, string>): Promise<string[]> {
    const refusals: string[] = []
    for (let number = 0; refusals.length < 5; number++) {
      const Body = Buffer.alloc(MEGABYTE, `${number} `)
      try {
        await lake.s3.send(new PutObjectCommand({ Bucket, Key: `${number}`, Body }))
        stored.set(`${number}`, digest(Body))
      } catch (error) {
        refusals.push((error as Error).name)
      }
    }
    return refusals
  }

  /** Exactly these objects are there, each with its bytes. */
  async function expectStored(Bucket: string, stored: ReadonlyMap<string, string>): Promise<void> {
    const { Contents = [] } = await lake.s3.send(new ListObjectsV2Command({ Bucket }))
    expect(Contents.map(({ Key }) => Key).sort()).toEqual([...stored.keys()].sort())
    for (const [Key, expected] of stored) {
      const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket, Key }))
      expect(digest((await Body?.transformToByteArray()) ?? '')).toBe(expected)
    }
  }

  async function expectDelivered(ids: ReadonlySet<string>): Promise<void> {
    const lines = await eventually('every acknowledged record is delivered', async () => {
      const delivered = await deliveredLines(lake)
      return delivered.length >= ids.size ? delivered : undefined
    })
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id).sort()).toEqual([...ids].sort())
  }
})

/** Text that gzip cannot make much smaller. */
function record(id: string) {
  const filler = createHash('sha512').update(id).digest('base64').repeat(1)
  const more = Array.from({ length: 10 }, (_, index) => createHash('sha512').update(`${id}${index}`).digest('base64'))
  return { Data: Buffer.from(`${JSON.stringify({ id, filler: filler + more.join('') })}\n`) }
}

const digest = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')
