/** Stopped in order while clients are busy; and data directories that this lakelet must not touch. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PutRecordBatchCommand } from '@aws-sdk/client-firehose'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import Database from 'libsql'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runSql } from '../support/athena.ts'
import { deliveredLines, makeStream, STREAM } from '../support/first-stream.ts'
import { eventually, startLake, startRefused, type TestLake, temporaryDirectory } from '../support/lake.ts'

/** Longer than the grace given to requests under way, with room for a busy machine. */
const STOP_WITHIN_MS = 25_000
const MEGABYTE = 1024 * 1024

let directory: ReturnType<typeof temporaryDirectory>
let lake: TestLake | undefined
beforeEach(() => {
  directory = temporaryDirectory()
})
afterEach(async () => {
  await lake?.kill()
  directory.remove()
})

test('SIGTERM under load: ends with 0 within its bound, and everything acknowledged is there afterwards', async () => {
  const stopping = await startLake(directory.path)
  lake = stopping
  await makeStream(stopping, { SizeInMBs: 1, IntervalInSeconds: 1 })
  await stopping.s3.send(new CreateBucketCommand({ Bucket: 'how.results' }))
  const records = new Set<string>()
  const objects = new Map<string, string>()
  const clients = [0, 1, 2].flatMap((client) => [
    untilRefused(stopping, async (step) => {
      const ids = Array.from({ length: 100 }, (_, record) => `${client}-${step}-${record}`)
      const Records = ids.map((id) => ({ Data: Buffer.from(`${JSON.stringify({ id, filler: 'x'.repeat(500) })}\n`) }))
      const answer = await stopping.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: STREAM, Records }))
      answer.RequestResponses?.forEach(({ RecordId }, index) => {
        if (RecordId !== undefined) records.add(ids[index] as string)
      })
    }),
    untilRefused(stopping, async (step) => {
      const Key = `load/${client}-${step}`
      await stopping.s3.send(new PutObjectCommand({ Bucket: 'how.results', Key, Body: Buffer.alloc(MEGABYTE, Key) }))
      objects.set(Key, Key)
    }),
  ])
  clients.push(
    untilRefused(
      stopping,
      async () => void (await runSql(stopping, 'SELECT count(*) FROM UNNEST(sequence(1, 10000)) AS t (n)')),
    ),
  )
  await new Promise((resolve) => setTimeout(resolve, 1500))

  const startedAt = performance.now()
  expect(await stopping.stop()).toBe(0)
  expect(performance.now() - startedAt).toBeLessThan(STOP_WITHIN_MS)
  await Promise.all(clients)
  expect(existsSync(join(directory.path, 'address.json'))).toBe(false)

  const again = await startLake(directory.path)
  lake = again
  for (const [Key, text] of objects) {
    const { Body } = await again.s3.send(new GetObjectCommand({ Bucket: 'how.results', Key }))
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(Buffer.alloc(MEGABYTE, text))).toBe(true)
  }
  expect(records.size).toBeGreaterThan(0)
  const lines = await eventually('every acknowledged record is delivered', async () => {
    const delivered = await deliveredLines(again)
    const ids = new Set(delivered.map((line) => (JSON.parse(line) as { id: string }).id))
    return [...records].every((id) => ids.has(id)) ? delivered : undefined
  })
  const ids = lines.map((line) => (JSON.parse(line) as { id: string }).id)
  expect(new Set(ids).size, 'no record twice').toBe(ids.length)
})

test('a second SIGTERM does not wait', async () => {
  const stopping = await startLake(directory.path)
  lake = stopping
  const [first] = await Promise.all([stopping.stop(), stopping.stop()])
  expect([0, 130]).toContain(first)
})

test('a data directory of a newer version is refused in plain words and left as it is', async () => {
  lake = await startLake(directory.path)
  await lake.s3.send(new CreateBucketCommand({ Bucket: 'kept' }))
  await lake.stop()
  const file = join(directory.path, 'lake.db')
  const database = new Database(file)
  database.exec('UPDATE lakelet_component SET version = version + 100')
  database.close()
  const before = readFileSync(file)
  const { status, says } = await startRefused(directory.path, ['--port', '0'])
  expect(status).toBe(1)
  expect(says).toMatch(/written by a newer lakelet/)
  expect(says).toContain('--data')
  expect(says).not.toMatch(/\n {4}at /)
  expect(readFileSync(file).equals(before)).toBe(true)

  const restored = new Database(file)
  restored.exec('UPDATE lakelet_component SET version = version - 100')
  restored.close()
  lake = await startLake(directory.path)
  await lake.s3.send(new PutObjectCommand({ Bucket: 'kept', Key: 'k', Body: 'x' }))
})

test.each([
  ['a file where the folder should be', (path: string) => writeFileSync(path, 'x')],
  ['a database that is none', (path: string) => ruinedDatabase(path)],
])('%s: says so in one sentence, and touches nothing', async (_what, make) => {
  const path = join(directory.path, 'data')
  make(path)
  const { status, says } = await startRefused(path, ['--port', '0'])
  expect(status).toBe(1)
  expect(says).toContain('data')
  expect(says).not.toMatch(/\n {4}at /)
})

test('keys that are damaged are refused, not made anew: old objects would be lost', async () => {
  lake = await startLake(directory.path)
  await lake.s3.send(new CreateBucketCommand({ Bucket: 'kept' }))
  await lake.s3.send(new PutObjectCommand({ Bucket: 'kept', Key: 'k', Body: 'secret' }))
  await lake.stop()
  cpSync(join(directory.path, 'keys'), join(directory.path, 'keys.saved'), { recursive: true })
  for (const name of readdirSync(join(directory.path, 'keys'))) {
    const key = join(directory.path, 'keys', name)
    writeFileSync(key, readFileSync(key).subarray(0, Math.floor(statSync(key).size / 2)))
    const { status, says } = await startRefused(directory.path, ['--port', '0'])
    expect([name, status]).toEqual([name, 1])
    expect(says).not.toMatch(/\n {4}at /)
    if (name !== 'root.json') {
      rmSync(key)
      const withoutKey = await startRefused(directory.path, ['--port', '0'])
      expect([name, withoutKey.status]).toEqual([name, 1])
    }
    cpSync(join(directory.path, 'keys.saved', name), key)
  }
  lake = await startLake(directory.path)
  const { Body } = await lake.s3.send(new GetObjectCommand({ Bucket: 'kept', Key: 'k' }))
  expect(await Body?.transformToString()).toBe('secret')
})

function ruinedDatabase(path: string): void {
  mkdirSync(path)
  writeFileSync(join(path, 'lake.db'), 'this is no database, and long enough to be looked at '.repeat(100))
}

/** Repeats `step` until the lake refuses or is gone; what that last step sent was not acknowledged. */
async function untilRefused(stopping: TestLake, step: (number: number) => Promise<void>): Promise<void> {
  for (let number = 0; stopping.isUp(); number++) {
    try {
      await step(number)
    } catch {
      // The lake was told to stop: no more is acknowledged.
      return
    }
  }
}
