import { expect, test } from 'vitest'
import { MetadataDatabase } from '../../src/platform/sqlite.ts'
import { LogStore, PENDING_BYTES_MAX, type Place } from '../../src/telemetry/log-store.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { RecordingLog } from '../support/fake-lake.ts'

const DAY_MS = 24 * 3_600_000
const BEGINNING: Place = { atMs: -1, id: 0 }

function world() {
  const clock = new FakeClock()
  const database = new MetadataDatabase(':memory:')
  const log = new RecordingLog()
  const open = () => LogStore.open({ database, clock, log })
  return { clock, database, log, open, store: open() }
}

function messages(store: LogStore, group = 'g', stream = 's', limit = 10_000, bytesMax = 1e9): string[] {
  const asked = {
    fromMs: 0,
    toMs: Number.MAX_SAFE_INTEGER,
    place: BEGINNING,
    order: 'forward' as const,
    limit,
    bytesMax,
  }
  return store.eventsOfStream(store.streamNamed(group, stream), asked).map(({ message }) => message)
}

test('what the lake says makes its group and stream, and is kept a second later', async () => {
  const { store, clock, open } = world()
  store.append('g', 's', 'one')
  store.append('g', 's', 'two')
  await clock.advance(1000)
  expect(messages(open())).toEqual(['one', 'two'])
})

test('a store that is closed has written everything', async () => {
  const { store, open, clock } = world()
  store.append('g', 's', 'one')
  await store.close()
  expect(clock.waiting).toBe(0)
  expect(messages(open())).toEqual(['one'])
})

test('what comes too fast is dropped, and an event says how much', async () => {
  const { store, log } = world()
  const message = 'x'.repeat(PENDING_BYTES_MAX / 4)
  for (let index = 0; index < 6; index++) store.append('g', 's', message)
  await store.flush()
  expect(messages(store)).toEqual([message, message, message, '3 log events of the lake came too fast to be kept.'])
  expect(log.events).toContain('LogEventsDropped')
  store.append('g', 's', 'after')
  await store.flush()
  expect(messages(store).at(-1)).toBe('after')
})

test('events come in the order of their time, those of one instant as they were put', async () => {
  const { store } = world()
  await store.createGroup('g')
  await store.createStream('g', 's')
  await store.put('g', 's', [{ atMs: 5, message: 'b' }])
  await store.put('g', 's', [
    { atMs: 4, message: 'a' },
    { atMs: 5, message: 'c' },
  ])
  expect(messages(store)).toEqual(['a', 'b', 'c'])
  expect(store.streamNamed('g', 's')).toMatchObject({ firstEventMs: 4, lastEventMs: 5, bytes: 3 * 27 })
})

test('a page ends where its bytes do, but has one event at least', async () => {
  const { store } = world()
  for (const letter of ['a', 'b', 'c']) store.append('g', 's', letter.repeat(100))
  await store.flush()
  expect(messages(store, 'g', 's', 10, 300)).toHaveLength(2)
  expect(messages(store, 'g', 's', 10, 1)).toHaveLength(1)
})

test('a group that was deleted is gone at once, its events soon, and one of its name is another', async () => {
  const { store, database } = world()
  store.append('g', 's', 'old')
  store.append('other', 's', 'stays')
  await store.flush()
  await store.deleteGroup('g')
  await store.flush()
  expect(() => store.groupNamed('g')).toThrow(expect.objectContaining({ code: 'noSuchLogGroup' }))
  expect(database.prepare('SELECT message FROM log_event').all()).toMatchObject([{ message: 'stays' }])
  store.append('g', 's', 'new')
  await store.flush()
  expect(messages(store)).toEqual(['new'])
})

test('events past the retention of their group are removed, others stay', async () => {
  const { store, clock } = world()
  store.append('short', 's', 'old')
  store.append('long', 's', 'old')
  await store.flush()
  await store.setRetention('short', 1)
  await clock.advance(DAY_MS + 1)
  store.append('short', 's', 'new')
  await store.flush()
  await store.upkeep()
  expect(messages(store, 'short')).toEqual(['new'])
  expect(messages(store, 'long')).toEqual(['old'])
  expect(store.bytesOf(store.groupNamed('short'))).toBe(29)
  expect(store.streamNamed('short', 's').firstEventMs).toBe(clock.nowMs())
})

test('past the bound of the disk the events that came first go first, and a little more than must', async () => {
  const { clock, database, log } = world()
  const store = LogStore.open({ database, clock, log, diskBytesMax: 100_000 })
  for (let index = 1000; index < 6000; index++) store.append('g', 's', `${index}`)
  await store.flush()
  await store.flush()
  // 5,000 events of 30 bytes, and a thousand at a time until 95,000 bytes are left.
  expect(messages(store)).toEqual(Array.from({ length: 3000 }, (_, index) => `${index + 3000}`))
  expect(store.streamNamed('g', 's').bytes).toBe(90_000)
})

test.each<[string, (store: LogStore) => Promise<unknown> | unknown, string]>([
  ['a group twice', (store) => store.createGroup('g'), 'logGroupExists'],
  ['a stream twice', (store) => store.createStream('g', 's'), 'logStreamExists'],
  ['a stream of no group', (store) => store.createStream('none', 's'), 'noSuchLogGroup'],
  ['events of no group', (store) => store.put('none', 's', []), 'noSuchLogGroup'],
  ['events of no stream', (store) => store.put('g', 'none', []), 'noSuchLogStream'],
  ['the end of no group', (store) => store.deleteGroup('none'), 'noSuchLogGroup'],
  ['the end of no stream', (store) => store.deleteStream('g', 'none'), 'noSuchLogStream'],
  ['retention of no group', (store) => store.setRetention('none', 1), 'noSuchLogGroup'],
])('%s is refused', async (_what, act, code) => {
  const { store } = world()
  await store.createGroup('g')
  await store.createStream('g', 's')
  await expect((async () => act(store))()).rejects.toMatchObject({ code })
})

test('a disk that takes nothing is logged, and does not stop what comes after', async () => {
  const { store, database, log } = world()
  const write = database.write.bind(database)
  database.write = () => Promise.reject(new Error('no room'))
  store.append('g', 's', 'lost')
  await store.flush()
  database.write = write
  store.append('g', 's', 'kept')
  await store.flush()
  expect(log.events).toContain('LogEventsNotWritten')
  expect(messages(store)).toEqual(['kept'])
})
