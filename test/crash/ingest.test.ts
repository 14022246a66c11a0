/** Kills a real lake while records stream in, again and again, then counts every one of them. */
import { PutRecordBatchCommand } from '@aws-sdk/client-firehose'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seededRandom } from '../../src/platform/random.ts'
import { deliveredLines, makeStream, STREAM } from '../support/first-stream.ts'
import { eventually, startLake, type TestLake, temporaryDirectory } from '../support/lake.ts'

const KILLS = 20
const RECORDS_PER_BATCH = 100

let directory: ReturnType<typeof temporaryDirectory>
beforeEach(() => {
  directory = temporaryDirectory()
})
afterEach(() => directory.remove())

test('killed twenty times during ingest, the lake has every acknowledged record exactly once', {
  timeout: 300_000,
}, async () => {
  const random = seededRandom(20)
  const sent = new Set<string>()
  const acknowledged = new Set<string>()
  let lake = await startLake(directory.path)
  await makeStream(lake, { SizeInMBs: 1, IntervalInSeconds: 1 })
  for (let kill = 0; kill < KILLS; kill++) {
    const dying = lake
    const producers = [0, 1, 2].map((producer) => produceUntilDead(dying, `${kill}-${producer}`, sent, acknowledged))
    await new Promise((resolve) => setTimeout(resolve, 30 + random.unit() * 700))
    await dying.kill()
    await Promise.all(producers)
    lake = await startLake(directory.path)
  }
  const lines = await eventually(
    `all of ${acknowledged.size} acknowledged records are delivered`,
    async () => {
      const delivered = await deliveredLines(lake)
      const ids = idsOf(delivered)
      return [...acknowledged].every((id) => ids.has(id)) ? delivered : undefined
    },
    60_000,
  )
  await lake.stop()
  const ids = lines.map((line) => (JSON.parse(line) as { id: string }).id)
  expect(acknowledged.size).toBeGreaterThan(KILLS * RECORDS_PER_BATCH)
  expect(new Set(ids).size, 'no record twice').toBe(ids.length)
  expect(
    ids.filter((id) => !sent.has(id)),
    'nothing that was never sent',
  ).toEqual([])
})

function idsOf(lines: readonly string[]): Set<string> {
  return new Set(lines.map((line) => (JSON.parse(line) as { id: string }).id))
}

/** Sends until a call fails because the lake is gone. Records of that last call may or may not be in. */
async function produceUntilDead(
  lake: TestLake,
  name: string,
  sent: Set<string>,
  acknowledged: Set<string>,
): Promise<void> {
  for (let batch = 0; ; batch++) {
    const ids = Array.from({ length: RECORDS_PER_BATCH }, (_, record) => `${name}-${batch}-${record}`)
    for (const id of ids) sent.add(id)
    try {
      const answer = await lake.firehose.send(
        new PutRecordBatchCommand({
          DeliveryStreamName: STREAM,
          Records: ids.map((id) => ({ Data: Buffer.from(`${JSON.stringify({ id, filler: 'x'.repeat(900) })}\n`) })),
        }),
      )
      answer.RequestResponses?.forEach((response, index) => {
        if (response.RecordId !== undefined) acknowledged.add(ids[index] as string)
      })
    } catch {
      // The lake was killed under this call: exactly what the test is about.
      return
    }
  }
}
