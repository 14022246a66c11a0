import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FINE_HOURS, KEPT_HOURS, MetricStore, SERIES_MAX } from '../../src/telemetry/metric-store.ts'
import { RecordingLog } from '../support/fake-lake.ts'
import { HOUR, MetricWorld, MINUTE, START_MS, seriesName } from './metric-world.ts'

test('values of one minute are one point, at once', async () => {
  const { store, clock } = await MetricWorld.open()
  const meter = store.meter(seriesName())
  meter.record(3)
  meter.record(5)
  await clock.advance(MINUTE)
  meter.record(1)
  const points = store.points(seriesName(), START_MS, START_MS + HOUR)
  expect(points.map(({ atMs, summary }) => [atMs, summary.count, summary.sum])).toEqual([
    [START_MS, 2, 8],
    [START_MS + MINUTE, 1, 1],
  ])
})

test('dimensions are a set, units are kept apart', async () => {
  const { store } = await MetricWorld.open()
  const [a, b] = [
    { name: 'a', value: '1' },
    { name: 'b', value: '2' },
  ]
  const metric = { namespace: 'N', name: 'm' }
  store.meter({ ...metric, dimensions: [a, b], unit: 'Count' }).record(1)
  store.meter({ ...metric, dimensions: [b, a], unit: 'Count' }).record(1)
  store.meter({ ...metric, dimensions: [a, b], unit: 'Bytes' }).record(1)
  store.meter({ ...metric, dimensions: [a], unit: 'Count' }).record(1)
  expect(store.unitsOf({ ...metric, dimensions: [b, a] }).map(({ unit }) => unit)).toEqual(['Count', 'Bytes'])
  expect(store.unitsOf({ ...metric, dimensions: [a, b] }, 'Bytes')).toHaveLength(1)
  expect(store.known()).toHaveLength(3)
})

test('what is no number is thrown away', async () => {
  const { store } = await MetricWorld.open()
  const meter = store.meter(seriesName())
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) meter.record(value)
  expect(store.points(seriesName(), 0, START_MS + HOUR)).toEqual([])
})

test('a crash loses the minute that is going on, and no other', async () => {
  const world = await MetricWorld.open()
  const meter = world.store.meter(seriesName())
  for (let minute = 0; minute < 3; minute++) {
    meter.record(minute + 1)
    await world.clock.advance(MINUTE)
  }
  meter.record(100)
  await world.reopen()
  expect(world.sums(seriesName())).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ])
})

test('a store that is closed loses nothing, and a minute may go on in the next one', async () => {
  const world = await MetricWorld.open()
  world.store.meter(seriesName()).record(1)
  await world.store.close()
  await world.reopen()
  world.store.meter(seriesName()).record(2)
  expect(world.sums(seriesName())).toEqual([[0, 3]])
  expect(world.clock.waiting).toBe(1)
})

test('a store in which nothing happens writes nothing', async () => {
  const world = await MetricWorld.open()
  world.store.meter(seriesName())
  await world.clock.advance(3 * HOUR)
  expect(world.rows('metric_flush') + world.rows('metric_chunk') + world.rows('metric_series')).toBe(0)
})

test('an hour that is over is one row for each series, and flushed rows are gone', async () => {
  const world = await MetricWorld.open()
  const names = Array.from({ length: 250 }, (_, index) => seriesName('Requests', String(index)))
  for (let minute = 0; minute < 61; minute++) {
    for (const name of names) world.store.meter(name).record(minute)
    await world.clock.advance(MINUTE)
  }
  expect(world.rows('metric_chunk')).toBe(250)
  const { length } = world.sums(seriesName('Requests', '17'))
  expect(length).toBe(61)
  await world.reopen()
  expect(world.sums(seriesName('Requests', '249'))).toEqual(Array.from({ length: 61 }, (_, minute) => [minute, minute]))
})

test('a crash while hours are put together neither loses nor doubles a point', async () => {
  const world = await MetricWorld.open()
  const names = Array.from({ length: 250 }, (_, index) => seriesName('Requests', String(index)))
  for (const name of names) world.store.meter(name).record(1)
  await world.clock.advance(59 * MINUTE)
  // The process ends after the first of five steps.
  const write = world.database.write.bind(world.database)
  let writes = 0
  world.database.write = (change) => (writes++ === 1 ? new Promise(() => undefined) : write(change))
  world.clock.jumpTo(START_MS + HOUR)
  void world.store.flush()
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  world.database.write = write
  expect(world.rows('metric_chunk')).toBe(50)
  expect(world.rows('metric_settling')).toBe(1)
  await world.reopen()
  for (const name of names) expect(world.sums(name)).toEqual([[0, 1]])
  await world.clock.advance(2 * HOUR)
  for (const name of names) expect(world.sums(name)).toEqual([[0, 1]])
  expect([world.rows('metric_chunk'), world.rows('metric_settling')]).toEqual([250, 0])
})

test('a step that cannot be written leaves its points readable, and is done again later', async () => {
  const log = new RecordingLog()
  const world = await MetricWorld.open(log)
  world.store.meter(seriesName()).record(7)
  await world.clock.advance(59 * MINUTE)
  const write = world.database.write.bind(world.database)
  world.database.write = (change) =>
    write(() => {
      change()
      throw new Error('no room')
    })
  world.clock.jumpTo(START_MS + HOUR)
  await world.store.flush()
  world.database.write = write
  expect(log.events).toContain('MetricsNotWritten')
  expect(world.sums(seriesName())).toEqual([[0, 7]])
  await world.store.flush()
  expect(world.sums(seriesName())).toEqual([[0, 7]])
  expect(world.rows('metric_chunk')).toBe(1)
})

test('after a day points stand for five minutes, and their statistics are the same', async () => {
  const world = await MetricWorld.open()
  const meter = world.store.meter(seriesName())
  for (let minute = 0; minute < 10; minute++) {
    meter.record(minute)
    meter.record(10)
    await world.clock.advance(MINUTE)
  }
  world.clock.jumpTo(START_MS + HOUR)
  await world.store.flush()
  world.clock.jumpTo(START_MS + (FINE_HOURS + 2) * HOUR)
  await world.store.flush()
  const points = world.store.points(seriesName(), START_MS, START_MS + HOUR)
  expect(points.map(({ atMs, summary }) => [(atMs - START_MS) / MINUTE, summary.count, summary.sum])).toEqual([
    [0, 10, 60],
    [5, 10, 85],
  ])
  expect(points[0]?.summary).toMatchObject({ minimum: 0, maximum: 10 })
})

test('points and names are forgotten after fifteen days, those still recorded are not', async () => {
  const world = await MetricWorld.open()
  world.store.summaryAt(seriesName('Old'), START_MS).add(1)
  world.store.meter(seriesName('Held')).record(1)
  await world.clock.advance(HOUR)
  await world.clock.advance(MINUTE)
  world.clock.jumpTo(START_MS + (KEPT_HOURS + 2) * HOUR)
  await world.store.flush()
  expect([world.rows('metric_chunk'), world.rows('metric_hour')]).toEqual([0, 0])
  expect(world.store.known().map(({ name }) => name.name)).toEqual(['Held'])
  await world.reopen()
  expect(world.store.known().map(({ name }) => name.name)).toEqual(['Held'])
})

test('values of the past and of the next hour find their minute, also in an hour that was put together', async () => {
  const world = await MetricWorld.open()
  world.store.summaryAt(seriesName(), START_MS + 5 * MINUTE).add(1)
  await world.clock.advance(2 * HOUR)
  world.store.summaryAt(seriesName(), START_MS + 5 * MINUTE).add(2)
  world.store.summaryAt(seriesName(), START_MS + 6 * MINUTE).add(4)
  world.store.summaryAt(seriesName(), START_MS + 3.5 * HOUR).add(8)
  const expected = [
    [5, 3],
    [6, 4],
    [210, 8],
  ]
  expect(world.sums(seriesName())).toEqual(expected)
  await world.clock.advance(MINUTE)
  await world.reopen()
  expect(world.sums(seriesName())).toEqual(expected)
  await world.clock.advance(HOUR)
  expect(world.sums(seriesName())).toEqual(expected)
  await world.reopen()
  expect(world.sums(seriesName())).toEqual(expected)
})

test('a clock that is set back makes no minute twice', async () => {
  const world = await MetricWorld.open()
  const meter = world.store.meter(seriesName())
  meter.record(1)
  await world.clock.advance(MINUTE)
  meter.record(2)
  world.clock.jumpTo(START_MS)
  meter.record(4)
  await world.store.flush()
  expect(world.sums(seriesName())).toEqual([
    [0, 5],
    [1, 2],
  ])
})

test('a read takes the beginning and not the end', async () => {
  const world = await MetricWorld.open()
  for (let minute = 0; minute < 4; minute++) world.store.summaryAt(seriesName(), START_MS + minute * MINUTE).add(1)
  const between = world.sums(seriesName(), START_MS + MINUTE, START_MS + 3 * MINUTE)
  expect(between.map(([minute]) => minute)).toEqual([1, 2])
})

test('past the bound of series meters record nowhere, which is logged once, and others are refused', async () => {
  const log = new RecordingLog()
  const world = await MetricWorld.open(log)
  for (let index = 0; index < SERIES_MAX; index++) world.store.meter(seriesName('Requests', String(index)))
  for (let index = 0; index < 3; index++) world.store.meter(seriesName('More', String(index))).record(1)
  expect(log.events.filter((event) => event === 'MetricsOverflowed')).toHaveLength(1)
  expect(() => world.store.summaryAt(seriesName('Other'), START_MS)).toThrow(
    expect.objectContaining({ code: 'tooManyMetrics' }),
  )
  expect(world.store.known()).toEqual([])
})

test('totals are since the store was opened, and of meters alone', async () => {
  const world = await MetricWorld.open()
  world.store.meter(seriesName()).record(3)
  world.store.meter(seriesName()).record(4)
  world.store.summaryAt(seriesName('Put'), START_MS).add(1)
  expect(world.store.totals()).toMatchObject([{ name: { name: 'Requests' }, totals: { count: 2, sum: 7, last: 4 } }])
})

interface Step {
  readonly kind: 'record' | 'past' | 'wait' | 'crash' | 'close'
  readonly series: number
  readonly minutes: number
}

test('whatever is recorded, put and reopened when, every flushed value is there once', async () => {
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom(
      'record' as const,
      'record' as const,
      'past' as const,
      'wait' as const,
      'crash' as const,
      'close' as const,
    ),
    series: fc.nat(2),
    minutes: fc.nat(90),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
      const world = await MetricWorld.open()
      const names = ['a', 'b', 'c'].map((name) => seriesName(name))
      const expected = new Map<string, number>()
      let unflushed: string[] = []
      const note = (series: number, atMs: number) => {
        const key = `${series} ${Math.floor(atMs / MINUTE)}`
        expected.set(key, (expected.get(key) ?? 0) + 1)
        unflushed.push(key)
      }
      for (const { kind, series, minutes } of steps) {
        const nowMs = world.clock.nowMs()
        const name = names[series] ?? seriesName()
        if (kind === 'record') {
          world.store.meter(name).record(1)
          note(series, nowMs)
        } else if (kind === 'past') {
          world.store.summaryAt(name, nowMs - minutes * MINUTE).add(1)
          note(series, nowMs - minutes * MINUTE)
        } else if (kind === 'wait') {
          world.clock.jumpTo(nowMs + (minutes + 1) * MINUTE)
          await world.store.flush()
          unflushed = []
        } else {
          if (kind === 'close') await world.store.close()
          else for (const key of unflushed) expected.set(key, (expected.get(key) ?? 0) - 1)
          unflushed = []
          await world.reopen()
        }
      }
      const found = names.flatMap((name, series) =>
        world.store
          .points(name, 0, START_MS + 1000 * HOUR)
          .map(({ atMs, summary }) => [`${series} ${atMs / MINUTE}`, summary.count]),
      )
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries([...expected].filter(([, count]) => count > 0)))
    }),
    { numRuns: 60 },
  )
})

test('opening twice migrates once', async () => {
  const world = await MetricWorld.open()
  await expect(
    MetricStore.open({ database: world.database, clock: world.clock, log: new RecordingLog() }),
  ).resolves.toBeDefined()
})
