import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { DeliveryWorld, payloads, STREAM, until } from '../simulation/delivery-world.ts'
import { settle } from '../support/fake-clock.ts'

const SECOND = 1_000

test('nothing is delivered before the interval is over, and everything to the second when it is', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream({ buffering: { bytesMax: 1_000, intervalMs: 60 * SECOND } })
  await accept(world, 'a', 'b')
  await world.clock.advance(30 * SECOND)
  await accept(world, 'c')
  await world.clock.advance(30 * SECOND - 1)
  expect(world.bodies()).toEqual([])
  await world.clock.advance(1)
  expect(world.bodies()).toEqual(['abc'])
})

test('an interval without records makes no object', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream()
  await world.clock.advance(3_600 * SECOND)
  expect(world.objects.puts).toBe(0)
})

test('a batch that reaches its size is delivered at once, and exceeds it by one record at most', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream({ buffering: { bytesMax: 10, intervalMs: 60 * SECOND } })
  await accept(world, 'aaaa', 'bbbb', 'cccc', 'dddd', 'eeee')
  await settle()
  expect(world.bodies()).toEqual(['aaaabbbbcccc'])
  await world.clock.advance(60 * SECOND)
  expect(world.bodies()).toEqual(['aaaabbbbcccc', 'ddddeeee'])
})

test('records are joined exactly as they came, empty ones and line ends included', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream()
  await accept(world, '{"a":1}', '', '\n', '{"a":2}\n')
  await world.clock.advance(60 * SECOND)
  expect(world.bodies()).toEqual(['{"a":1}\n{"a":2}\n'])
})

test('with an interval of 0 every record goes at once, and those that come meanwhile go together', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream({ buffering: { bytesMax: 1_000, intervalMs: 0 } })
  await accept(world, 'a')
  await settle()
  expect(world.bodies()).toEqual(['a'])
  await Promise.all([accept(world, 'b'), accept(world, 'c'), accept(world, 'd')])
  await world.clock.advance(1)
  expect(world.bodies().join('')).toBe('abcd')
})

test('gzip objects hold the same bytes, and say that they are gzip', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream({ compression: 'GZIP' })
  await accept(world, 'one\n', 'two\n')
  await world.clock.advance(60 * SECOND)
  await until(() => world.objects.versions.length === 1)
  const [version] = world.objects.versions
  expect(gunzipSync(version?.body ?? Buffer.alloc(0)).toString()).toBe('one\ntwo\n')
  expect(version?.key).toMatch(/\.gz$/)
  expect(version?.options.metadata).toEqual({ contentType: 'application/octet-stream', contentEncoding: 'gzip' })
})

test('the key tells the arrival of the oldest record, not the time of delivery', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream({ buffering: { bytesMax: 1_000, intervalMs: 900 * SECOND } })
  world.clock.jumpTo(Date.UTC(2026, 0, 15, 23, 59, 0))
  await accept(world, 'before midnight')
  await world.clock.advance(900 * SECOND)
  expect(world.objects.keys()[0]).toMatch(/^2026\/01\/15\/23\/clicks-1-2026-01-15-23-59-00-/)
})

test('a wall clock that is set back does not hold records for longer than the interval', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream()
  await accept(world, 'a')
  await world.restart()
  world.clock.jumpTo(world.clock.nowMs() - 3_600 * SECOND)
  world.crash()
  await world.reopen()
  await world.clock.advance(60 * SECOND)
  expect(world.bodies()).toEqual(['a'])
})

test('records that seem old because the wall clock was set forward are delivered with the next one', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream()
  await accept(world, 'a')
  world.clock.jumpTo(world.clock.nowMs() + 3_600 * SECOND)
  await accept(world, 'b')
  await settle()
  expect(world.bodies()).toEqual(['ab'])
})

test('a wall clock that jumps back and forth neither holds records nor loses, repeats or mixes them up', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream({ buffering: { bytesMax: 1_000, intervalMs: 60 * SECOND } })
  const YEAR = 365 * 86_400 * SECOND
  for (const jump of [-3_600 * SECOND, 7_200 * SECOND, -YEAR, YEAR, 50 * YEAR]) {
    const before = world.bodies().length
    await accept(world, 'a')
    world.clock.jumpBy(jump)
    await accept(world, 'b')
    await world.clock.advance(60 * SECOND)
    expect(world.bodies().slice(before).join('')).toBe('ab')
    expect(progress(world).bufferedRecords).toBe(0)
  }
  expect(new Set(world.objects.keys()).size).toBe(world.objects.versions.length)
})

test('while its role is removed a stream takes records and delivers none, and nothing is lost', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream()
  await accept(world, 'before, ')
  world.roles = () => false
  await accept(world, 'after')
  await world.clock.advance(3_600 * SECOND)
  expect(world.bodies()).toEqual([])
  expect(progress(world).lastError).toContain('There is no role')
  const update = world.streams.updateDestination(STREAM, '1', (current) => ({ ...current, prefix: 'new/' }))
  await expect(update).rejects.toMatchObject({ code: 'roleNotAssumable' })
  await world.restart()
  world.roles = () => true
  await world.drain()
  expect(world.bodies()).toEqual(['before, after'])
})

test('an acknowledged record survives a crash at once after the answer, and is delivered when its interval ends', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream({ buffering: { bytesMax: 1_000, intervalMs: 60 * SECOND } })
  await accept(world, 'kept')
  await world.clock.advance(40 * SECOND)
  world.crash()
  await world.reopen()
  await world.clock.advance(19 * SECOND)
  expect(world.bodies()).toEqual([])
  await world.clock.advance(1 * SECOND)
  expect(world.bodies()).toEqual(['kept'])
})

test('dying between delivery and release makes no second object and no second version', async () => {
  for (let turns = 0; turns < 150; turns++) {
    const world = await DeliveryWorld.open({ seed: turns })
    await world.createStream({ buffering: { bytesMax: 3, intervalMs: 60 * SECOND } })
    await accept(world, 'abc')
    for (let turn = 0; turn < turns; turn++) await undefined
    world.crash()
    await world.reopen()
    await world.clock.advance(60 * SECOND)
    expect(world.bodies()).toEqual(['abc'])
  }
})

test('while the bucket is missing records wait, and they are delivered once it is there', async () => {
  const world = await DeliveryWorld.open()
  world.objects.buckets.delete('lake')
  await world.createStream({ buffering: { bytesMax: 1_000, intervalMs: 10 * SECOND } })
  await accept(world, 'early')
  await world.clock.advance(3_600 * SECOND)
  expect(world.bodies()).toEqual([])
  expect(progress(world)).toMatchObject({ bufferedRecords: 1, lastError: 'There is no bucket lake.' })
  expect(world.objects.puts).toBeGreaterThan(10)
  expect(world.objects.puts).toBeLessThan(150)

  await accept(world, 'late')
  world.objects.buckets.add('lake')
  await world.clock.advance(60 * SECOND)
  expect(world.bodies()).toEqual(['early', 'late'])
})

test("a batch waits for its bucket for longer than AWS's day, and is delivered", async () => {
  const world = await DeliveryWorld.open()
  world.objects.buckets.delete('lake')
  await world.createStream({ buffering: { bytesMax: 1, intervalMs: 60 * SECOND } })
  await accept(world, 'kept')
  world.clock.jumpBy(7 * 86_400 * SECOND)
  await world.restart()
  world.objects.buckets.add('lake')
  await world.drain()
  expect(world.bodies()).toEqual(['kept'])
})

test('during a long outage the number of waiting batches is bounded, and nothing is lost', async () => {
  const world = await DeliveryWorld.open()
  world.objects.buckets.delete('lake')
  await world.createStream({ buffering: { bytesMax: 1_000_000, intervalMs: SECOND } })
  for (let second = 0; second < 1_200; second++) {
    await accept(world, `${second},`)
    await world.clock.advance(SECOND)
  }
  expect(progress(world)).toMatchObject({ bufferedRecords: 1_200, sealedBatches: 1_000 })
  world.objects.buckets.add('lake')
  await world.clock.advance(61 * SECOND)
  expect(world.bodies().join('')).toBe(Array.from({ length: 1_200 }, (_, second) => `${second},`).join(''))
  expect(world.bodies()).toHaveLength(1_001)
})

test('a delivery that fails is tried again under the same key', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream({ buffering: { bytesMax: 1_000, intervalMs: 10 * SECOND } })
  world.objects.failingPuts = 4
  await accept(world, 'a')
  await world.clock.advance(120 * SECOND)
  expect(world.objects.puts).toBe(5)
  expect(world.bodies()).toEqual(['a'])
})

test('buffered records follow an update: they go where and how the stream says when they are delivered', async () => {
  const world = await DeliveryWorld.open()
  world.objects.buckets.add('pond')
  await world.createStream({ buffering: { bytesMax: 1_000, intervalMs: 60 * SECOND } })
  await accept(world, 'buffered')
  await world.streams.updateDestination(STREAM, '1', (current) => ({ ...current, bucket: 'pond', prefix: 'new/' }))
  await settle()
  expect(world.bodies()).toEqual([])
  await world.clock.advance(60 * SECOND)
  expect(world.objects.versions[0]).toMatchObject({ bucket: 'pond', body: Buffer.from('buffered') })
  expect(world.objects.versions[0]?.key).toMatch(/^new\/2026\/01\/15\/12\/clicks-2-/)
})

test('a batch stuck on a missing bucket is freed by an update that names another one', async () => {
  const world = await DeliveryWorld.open()
  world.objects.buckets.add('pond')
  world.objects.buckets.delete('lake')
  await world.createStream({ buffering: { bytesMax: 1, intervalMs: 60 * SECOND } })
  await accept(world, 'stuck')
  await world.clock.advance(300 * SECOND)
  await world.streams.updateDestination(STREAM, '1', (current) => ({ ...current, bucket: 'pond' }))
  await world.clock.advance(1)
  expect(world.objects.versions.map(({ bucket, body }) => [bucket, body.toString()])).toEqual([['pond', 'stuck']])
})

test('a shorter interval counts for records that already wait', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream({ buffering: { bytesMax: 1_000, intervalMs: 900 * SECOND } })
  await accept(world, 'a')
  await world.clock.advance(30 * SECOND)
  await world.streams.updateDestination(STREAM, '1', (current) => ({
    ...current,
    buffering: { bytesMax: 1_000, intervalMs: 60 * SECOND },
  }))
  await world.clock.advance(30 * SECOND)
  expect(world.bodies()).toEqual(['a'])
})

test('a full backlog refuses what does not fit and takes the rest; room comes back with delivery', async () => {
  const limits = { streamBytesMax: 10, totalBytesMax: 100, queuedBytesMax: 100 }
  const world = await DeliveryWorld.open({ limits })
  world.objects.buckets.delete('lake')
  await world.createStream({ buffering: { bytesMax: 8, intervalMs: 60 * SECOND } })
  expect(await accept(world, 'aaaa', 'bbbb', 'cccc')).toBe(2)
  await expect(accept(world, 'dddd')).rejects.toMatchObject({ code: 'slowDown' })
  world.objects.buckets.add('lake')
  await world.clock.advance(60 * SECOND)
  expect(await accept(world, 'dddd')).toBe(1)
  await world.clock.advance(60 * SECOND)
  expect(world.bodies()).toEqual(['aaaabbbb', 'dddd'])
})

test('the bound on all streams together holds, and does not drift', async () => {
  const limits = { streamBytesMax: 100, totalBytesMax: 10, queuedBytesMax: 100 }
  const world = await DeliveryWorld.open({ limits })
  await world.createStream({ buffering: { bytesMax: 100, intervalMs: 10 * SECOND } }, 'one')
  await world.createStream({ buffering: { bytesMax: 100, intervalMs: 10 * SECOND } }, 'other')
  for (let round = 0; round < 20; round++) {
    world.disk.faults.push('failedWrite')
    await expect(world.streams.accept('one', payloads('123456789'))).rejects.toMatchObject({ code: 'slowDown' })
    expect((await world.streams.accept('one', payloads('12345678'))).acceptedCount).toBe(1)
    await expect(world.streams.accept('other', payloads('abc'))).rejects.toMatchObject({ code: 'slowDown' })
    expect((await world.streams.accept('other', payloads('ab'))).acceptedCount).toBe(1)
    await world.clock.advance(10 * SECOND)
  }
})

test('a full disk refuses records, loses none, and takes new ones when there is room', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream()
  await accept(world, 'a')
  world.disk.faults.push('fullDisk')
  await expect(accept(world, 'refused')).rejects.toMatchObject({ code: 'slowDown' })
  expect(progress(world).lastError).toBe('The journal cannot be written.')
  await accept(world, 'b')
  await world.drain()
  expect(world.bodies()).toEqual(['ab'])
})

test('a disk that stays full is told of once, and so is its recovery', async () => {
  const events: string[] = []
  const note = (event: string) => void events.push(event)
  const world = await DeliveryWorld.open({ log: { info: note, warn: note, error: note } })
  await world.createStream()
  for (let call = 0; call < 10; call++) {
    world.disk.faults.push('fullDisk')
    await expect(accept(world, 'refused')).rejects.toMatchObject({ code: 'slowDown' })
  }
  await accept(world, 'a')
  await accept(world, 'b')
  expect(events).toEqual(['JournalWriteFailed', 'JournalWriteRecovered'])
})

test('a seal that cannot be written is tried again', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream({ buffering: { bytesMax: 1_000, intervalMs: 10 * SECOND } })
  await accept(world, 'a')
  world.disk.faults.push('failedWrite', 'failedWrite')
  await world.clock.advance(10 * SECOND)
  expect(world.bodies()).toEqual([])
  await world.clock.advance(10 * SECOND)
  expect(world.bodies()).toEqual(['a'])
})

test('closing keeps what was not delivered, and the next start delivers it', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream()
  const accepting = accept(world, 'a')
  await world.restart()
  await accepting
  expect(world.bodies()).toEqual([])
  await world.drain()
  expect(world.bodies()).toEqual(['a'])
})

test('after closing no timer is left and nothing is taken', async () => {
  const world = await DeliveryWorld.open()
  world.objects.buckets.delete('lake')
  await world.createStream({ buffering: { bytesMax: 1, intervalMs: 60 * SECOND } })
  await accept(world, 'a')
  await world.clock.advance(SECOND)
  await world.streams.close()
  expect(world.clock.waiting).toBe(0)
  await expect(accept(world, 'late')).rejects.toMatchObject({ code: 'closing' })
})

test('progress tells what is buffered, how old it is, when it goes and what was delivered', async () => {
  const world = await DeliveryWorld.open()
  await world.createStream({ buffering: { bytesMax: 1_000, intervalMs: 60 * SECOND } })
  expect(progress(world)).toMatchObject({ bufferedBytes: 0, oldestAgeMs: undefined, dueInMs: undefined })
  await accept(world, 'abc', 'd')
  await world.clock.advance(15 * SECOND)
  expect(progress(world)).toMatchObject({
    name: STREAM,
    bufferedBytes: 4,
    bufferedRecords: 2,
    oldestAgeMs: 15 * SECOND,
    dueInMs: 45 * SECOND,
    acceptedRecords: 2,
    acceptedBytes: 4,
    deliveredObjects: 0,
    deliveredRecords: 0,
    deliveredBytes: 0,
    lastError: undefined,
  })
  await world.clock.advance(45 * SECOND)
  expect(progress(world)).toMatchObject({
    bufferedBytes: 0,
    bufferedRecords: 0,
    deliveredObjects: 1,
    deliveredRecords: 2,
    deliveredBytes: 4,
  })
})

test('damage to the journal is told in the log and in progress, and what is left is delivered', async () => {
  const errors: string[] = []
  const world = await DeliveryWorld.open()
  await world.createStream()
  for (const text of ['a', 'b', 'c']) await accept(world, text)
  await world.streams.close()
  const [segment] = [...world.disk.names.keys()]
  world.disk.flipBit(segment as string, 8 * 50)
  world.log = { ...world.log, error: (event) => errors.push(event) }
  await world.reopen()
  expect(errors).toEqual(['JournalDamaged'])
  expect(progress(world).lastError).toContain('cannot be read')
  await world.drain()
  expect(world.bodies()).toEqual(['bc'])
})

async function accept(world: DeliveryWorld, ...texts: string[]): Promise<number> {
  return (await world.streams.accept(STREAM, payloads(...texts))).acceptedCount
}

function progress(world: DeliveryWorld) {
  const [only] = world.streams.progress()
  if (only === undefined) throw new Error('There is no stream.')
  return only
}
