/**
 * Sends eight web events to a delivery stream in one PutRecordBatch, sends again what the answer marks as failed, and
 * says how many were acknowledged.
 *
 *   node producer.mjs [STREAM]
 *
 * Endpoint and keys are the AWS SDK's own affair: eval "$(lakelet env)" sets them.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose'

const PAGES = ['/home', '/product_a', '/cart', '/home', '/product_b', '/cart', '/payment', '/confirmation']
const ATTEMPTS_MAX = 5

const stream = process.argv[2] ?? 'egd-how'
const firehose = new FirehoseClient({})

const lines = PAGES.map((page, second) => ({
  event_id: randomUUID(),
  event_timestamp: `2026-01-01 12:00:0${second}.000000`,
  event_type: 'pageview',
  page_url_path: page,
})).map((event) => Buffer.from(`${JSON.stringify(event)}\n`))

let waiting = lines
for (let attempt = 1; waiting.length > 0 && attempt <= ATTEMPTS_MAX; attempt++) {
  if (attempt > 1) await sleep(100 * 2 ** attempt)
  const { RequestResponses = [] } = await firehose.send(
    new PutRecordBatchCommand({ DeliveryStreamName: stream, Records: waiting.map((Data) => ({ Data })) }),
  )
  waiting = waiting.filter((_, index) => RequestResponses[index]?.ErrorCode !== undefined)
}

console.log(`${lines.length - waiting.length} events acknowledged by ${stream}`)
process.exitCode = waiting.length === 0 ? 0 : 1
