/** A stream with processors: steps, partitions with buffers of their own, error output, the backup. */
import { expect, test } from 'vitest'
import { MEBIBYTE, type S3Destination } from '../../src/delivery/destination.ts'
import type { Outcome, Processor } from '../../src/delivery/processing/record.ts'
import { DeliveryWorld, destinationWith, payloads, STREAM } from '../simulation/delivery-world.ts'
import { settle } from '../support/fake-clock.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND

/** Only that there are steps counts here: what they do is each test's own. */
const PROCESSED: Partial<S3Destination> = {
  processing: [{ kind: 'appendDelimiter', delimiter: '\n' }],
}
const PARTITIONED: Partial<S3Destination> = {
  processing: [{ kind: 'extractMetadata', query: '{p: .p}' }],
  partitioning: { retryMs: 0 },
  prefix: 'p=!{partitionKeyFromQuery:p}/',
  errorOutputPrefix: 'failed/!{firehose:error-output-type}/',
  buffering: { bytesMax: 64 * MEBIBYTE, intervalMs: MINUTE },
}

const backup = destinationWith({ bucket: 'backup', buffering: { bytesMax: MEBIBYTE, intervalMs: MINUTE } })

function processing(
  process: (text: string) => Partial<Record<'data' | 'partition' | 'error', string>>,
): () => Processor {
  return () => ({
    async process(records): Promise<Outcome> {
      const outcome = { records: [] as Outcome['records'][number][], failed: [] as Outcome['failed'][number][] }
      for (const { data, source } of records) {
        const { data: made, partition, error } = process(Buffer.from(data).toString())
        if (error !== undefined) {
          outcome.failed.push({
            outputType: 'processing-failed',
            entry: {
              arrivalTimestamp: source.arrivalMs,
              errorCode: error,
              rawData: Buffer.from(source.data).toString('base64'),
            },
          })
        }
        if (made === undefined) continue
        const partitionKeys = partition === undefined ? {} : { fromQuery: { p: partition } }
        outcome.records.push({ data: Buffer.from(made), source, partitionKeys })
      }
      return outcome
    },
    close: async () => undefined,
  })
}

const asTheyAre = processing((text) => ({ data: text, partition: text[0] ?? '' }))

async function accept(world: DeliveryWorld, ...texts: string[]): Promise<void> {
  await world.streams.accept(STREAM, payloads(...texts))
}

function objectsOf(world: DeliveryWorld, bucket = 'lake'): [folder: string, body: string][] {
  return world.objects.versions
    .filter((version) => version.bucket === bucket)
    .map(({ key, body }) => [key.slice(0, key.lastIndexOf('/') + 1), body.toString()])
}

test('what processors make of records is buffered by the hints of the destination, not step by step', async () => {
  const world = await DeliveryWorld.open({ makeProcessor: processing((text) => ({ data: text.toUpperCase() })) })
  await world.createStream({ ...PROCESSED, buffering: { bytesMax: 1_000, intervalMs: MINUTE } })
  await accept(world, 'a')
  await world.clock.advance(20 * SECOND)
  await accept(world, 'b', 'c')
  await world.clock.advance(39 * SECOND)
  expect(world.bodies()).toEqual([])
  await world.clock.advance(SECOND)
  expect(world.bodies()).toEqual(['ABC'])
})

test('a buffer that reaches its size goes out at once', async () => {
  const world = await DeliveryWorld.open({ makeProcessor: processing((text) => ({ data: text.repeat(3) })) })
  await world.createStream({ ...PROCESSED, buffering: { bytesMax: 6, intervalMs: MINUTE } })
  await accept(world, 'ab')
  await world.clock.advance(SECOND)
  expect(world.bodies()).toEqual(['ababab'])
})

test('each partition has a buffer and objects of its own, begun with its first record', async () => {
  const world = await DeliveryWorld.open({ makeProcessor: asTheyAre })
  await world.createStream(PARTITIONED)
  await accept(world, 'x1', 'y1')
  await world.clock.advance(30 * SECOND)
  await accept(world, 'x2', 'z1')
  await world.clock.advance(30 * SECOND)
  expect(objectsOf(world)).toEqual([
    ['p=x/', 'x1x2'],
    ['p=y/', 'y1'],
  ])
  await world.clock.advance(30 * SECOND)
  expect(objectsOf(world).slice(2)).toEqual([['p=z/', 'z1']])
})

test('records that fail are lines of an error object under the error prefix, dropped ones are nowhere', async () => {
  const world = await DeliveryWorld.open({
    makeProcessor: processing((text) => (text === 'bad' ? { error: 'Lambda.ProcessingFailedStatus' } : {})),
  })
  await world.createStream(PARTITIONED)
  await accept(world, 'dropped', 'bad', 'bad')
  await world.drain()
  const line = { arrivalTimestamp: expect.any(Number), errorCode: 'Lambda.ProcessingFailedStatus', rawData: 'YmFk' }
  const [[folder, body] = ['', '']] = objectsOf(world)
  expect(objectsOf(world)).toHaveLength(1)
  expect(folder).toBe('failed/processing-failed/')
  expect(
    body
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text)),
  ).toEqual([line, line])
})

test('a record without a value for its partition fails by itself', async () => {
  const world = await DeliveryWorld.open({ makeProcessor: asTheyAre })
  await world.createStream(PARTITIONED)
  await accept(world, 'x1', '', 'x2')
  await world.drain()
  expect(objectsOf(world).map(([folder, body]) => [folder, body.includes('partition key p has no value')])).toEqual([
    ['p=x/', false],
    ['failed/processing-failed/', true],
  ])
})

test('the 501st active partition is refused, and taken once others were delivered', async () => {
  const world = await DeliveryWorld.open({ makeProcessor: processing((text) => ({ data: text, partition: text })) })
  await world.createStream(PARTITIONED)
  await accept(world, ...Array.from({ length: 500 }, (_, index) => `${index}`))
  await world.clock.advance(10 * SECOND)
  await accept(world, 'one too many', '7')
  await world.drain()
  const folders = objectsOf(world).map(([folder]) => folder)
  expect(folders.filter((folder) => folder.startsWith('p='))).toHaveLength(500)
  expect(folders.filter((folder) => !folder.startsWith('p='))).toEqual(['failed/activePartitionExceeded/'])
  expect(objectsOf(world).find(([folder]) => folder === 'p=7/')?.[1]).toBe('77')
  await accept(world, 'one too many')
  await world.drain()
  expect(objectsOf(world).at(-1)).toEqual(['p=one too many/', 'one too many'])
}, 30_000)

test('the backup has every record as it came, and a backup that cannot be written holds nothing else up', async () => {
  const world = await DeliveryWorld.open({ makeProcessor: processing((text) => ({ data: text.toUpperCase() })) })
  await world.createStream({ ...PROCESSED, backup })
  await accept(world, 'a', 'b')
  await world.clock.advance(2 * MINUTE)
  expect(world.bodies()).toEqual(['AB'])
  world.objects.buckets.add('backup')
  await world.drain()
  expect(objectsOf(world, 'backup').map(([, body]) => body)).toEqual(['ab'])
})

test('a processor that fails is asked again, and meanwhile what it was given is safe in the journal', async () => {
  let attempts = 0
  const makeProcessor = () => ({
    ...asTheyAre(),
    process: async (records: Parameters<Processor['process']>[0]) => {
      attempts += 1
      if (attempts < 4) throw new Error('out of sorts')
      return { records, failed: [] }
    },
  })
  const world = await DeliveryWorld.open({ makeProcessor })
  await world.createStream(PROCESSED)
  await accept(world, 'a')
  await world.clock.advance(2 * SECOND)
  expect(world.streams.progress()[0]).toMatchObject({ bufferedRecords: 1, lastError: 'out of sorts' })
  world.crash()
  await world.reopen()
  await world.drain()
  expect(world.bodies()).toEqual(['a'])
})

test('switched off, processors see nothing more: what waits for them goes out as it is', async () => {
  const makeProcessor = () => ({ process: () => Promise.reject(new Error('never')), close: async () => undefined })
  const world = await DeliveryWorld.open({ makeProcessor })
  await world.createStream(PROCESSED)
  await accept(world, 'a')
  await world.clock.advance(5 * SECOND)
  await world.streams.updateDestination(STREAM, '1', ({ processing: _off, ...rest }) => rest)
  await world.drain()
  expect(world.bodies()).toEqual(['a'])
})

test('closing a lake does not wait for a function that takes its time, and loses nothing', async () => {
  const makeProcessor = () => ({
    process: (_records: unknown, signal: AbortSignal) =>
      new Promise<Outcome>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    close: async () => undefined,
  })
  const world = await DeliveryWorld.open({ makeProcessor })
  await world.createStream(PROCESSED)
  await accept(world, 'a')
  await world.clock.advance(2 * SECOND)
  await world.streams.close()
  await settle()
  await world.reopen()
  expect(world.streams.progress()[0]?.bufferedRecords).toBe(1)
})
