import { describe, expect, test } from 'vitest'
import type { Crawler } from '../../src/catalog/crawler-types.ts'
import { PARTITIONS_AT_ONCE } from '../../src/crawl/apply.ts'
import {
  AT_WORK_MAX,
  type CrawlObserver,
  openCrawlers,
  RECORD_AGAIN_MS,
  RUNNING_MAX,
} from '../../src/crawl/crawlers.ts'
import { Ids } from '../../src/platform/ids.ts'
import { silentLog } from '../../src/platform/log.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { isRefusal, Refusal } from '../../src/platform/refusal.ts'

import { settle } from '../support/fake-clock.ts'
import { type CrawlWorld, crawlWorld } from './crawl-world.ts'

const record = '{"a":1,"b":"x"}\n'

/** The run stops where the hook is called and goes on when `release` is. */
function holdAt(world: CrawlWorld, operation: 'read' | 'list') {
  const reached = resolvers()
  const gate = resolvers()
  world.objects.beforeEach = async (called) => {
    if (called !== operation) return
    reached.resolve()
    await gate.promise
  }
  return { reached: reached.promise, release: gate.resolve }
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return isRefusal(error) ? error.code : `not refused: ${String(error)}`
}

async function stateOf({ store, name }: CrawlWorld) {
  const crawler = await store.findCrawler(name)
  return { state: crawler?.state, last: crawler?.lastRun?.status, current: crawler?.currentRun?.status }
}

test('of two starts at once one runs and the other is told so', async () => {
  const world = await crawlWorld()
  const { reached, release } = holdAt(world, 'list')
  await world.crawlers.start(world.name)
  await reached
  expect(await stateOf(world)).toEqual({ state: 'RUNNING', last: undefined, current: 'RUNNING' })
  expect(await refusalOf(world.crawlers.start(world.name))).toBe('crawlerRunning')
  release()
  await world.crawlers.whenEnded(world.name)
  expect(await stateOf(world)).toEqual({ state: 'READY', last: 'SUCCEEDED', current: undefined })
})

test('a stopped run ends as cancelled and writes nothing', async () => {
  const world = await crawlWorld()
  await world.put('data/a', record)
  const { reached, release } = holdAt(world, 'read')
  await world.crawlers.start(world.name)
  await reached
  await world.crawlers.stop(world.name)
  expect((await stateOf(world)).state).toBe('STOPPING')
  expect(await refusalOf(world.crawlers.stop(world.name))).toBe('crawlerStopping')
  release()
  await world.crawlers.whenEnded(world.name)
  expect(await stateOf(world)).toEqual({ state: 'READY', last: 'CANCELLED', current: undefined })
  expect(await world.catalog.tables('db')).toEqual([])
})

test('a run that is stopped while it writes leaves whole changes, and the next run the rest', async () => {
  const world = await crawlWorld()
  for (let day = 0; day < PARTITIONS_AT_ONCE + 1; day++) await world.put(`data/day=${day}/a`, record)
  const createPartitions = world.catalog.createPartitions.bind(world.catalog)
  world.catalog.createPartitions = async (...made) => {
    const failures = await createPartitions(...made)
    world.catalog.createPartitions = createPartitions
    await world.crawlers.stop(world.name)
    return failures
  }
  const { run, tables } = await world.crawled()
  expect(run).toMatchObject({ status: 'CANCELLED', tablesCreated: 1, partitionsCreated: PARTITIONS_AT_ONCE })
  expect(tables['data']?.partitions ?? tables['lake']?.partitions).toHaveLength(PARTITIONS_AT_ONCE)
  const next = await world.crawled()
  expect(next.run).toMatchObject({ status: 'SUCCEEDED', tablesCreated: 0, partitionsCreated: 1 })
})

test('crawlers of the same data that write the same table at the same time all succeed', async () => {
  const world = await crawlWorld({ targets: [{ path: 's3://lake/data/', exclusions: [] }] })
  for (let day = 0; day < 3; day++) await world.put(`data/day=${day}/a`, record)
  const first = await world.store.findCrawler(world.name)
  if (first === undefined) throw new Error('there is no crawler')
  const names = Array.from({ length: 3 * AT_WORK_MAX }, (_, index) => `reader-${index}`)
  for (const name of names) await world.store.createCrawler({ ...first, name })
  await Promise.all(names.map((name) => world.crawlers.start(name)))
  await Promise.all(names.map((name) => world.crawlers.whenEnded(name)))
  const runs = await Promise.all(names.map(async (name) => (await world.store.findCrawler(name))?.lastRun))
  expect(runs.map((run) => run?.errorMessage ?? run?.status)).toEqual(names.map(() => 'SUCCEEDED'))
  expect((await world.catalog.tables('db')).map(({ name }) => name)).toEqual(['data'])
  const created = runs.map((run) => run?.tablesCreated ?? 0)
  expect(created.reduce((sum, count) => sum + count)).toBe(1)
})

test("a run says in AWS's words what it does, and in ours why", async () => {
  const world = await crawlWorld()
  await world.put('data/a', record)
  await world.crawled()
  const { id = '' } = (await world.store.findCrawler(world.name))?.lastRun ?? {}
  const lines = world.crawlLog.linesOf(world.name, id)
  expect(lines[0]).toBe('BENCHMARK : Running Start Crawl for Crawler reader')
  expect(lines).toContain(
    'INFO  : Crawler configured with SchemaChangePolicy {"UpdateBehavior":"UPDATE_IN_DATABASE","DeleteBehavior":"DEPRECATE_IN_DATABASE"}.',
  )
  expect(lines.filter((line) => line.startsWith('BENCHMARK')).slice(1)).toEqual([
    'BENCHMARK : Classification complete, writing results to database db',
    'BENCHMARK : Finished writing to Catalog',
    'BENCHMARK : Crawler has finished running and is in state READY',
  ])
  expect(world.crawlLog.decisionsOf(world.name, id)[0]).toContain('s3://lake/')
})

test('a run that fails says why before it says that it has ended', async () => {
  const world = await crawlWorld()
  world.objects.removeBucket('lake')
  await world.crawled()
  const { id = '' } = (await world.store.findCrawler(world.name))?.lastRun ?? {}
  expect(world.crawlLog.linesOf(world.name, id).slice(-2)).toEqual([
    'ERROR : The bucket lake does not exist.',
    'BENCHMARK : Crawler has finished running and is in state READY',
  ])
})

test('who watches is told of each run once when it begins and once when it has ended', async () => {
  const told: string[] = []
  const world = await crawlWorld()
  const observer: CrawlObserver = {
    started: (crawler, runId) => void told.push(`${crawler} ${runId} began`),
    ended: (crawler, run) => void told.push(`${crawler} ${run.id} ${run.status}`),
  }
  const crawlers = await openCrawlers({ ...partsOf(world), observer })
  const runId = await crawlers.start(world.name)
  await crawlers.whenEnded(world.name)
  expect(told).toEqual([`reader ${runId} began`, `reader ${runId} SUCCEEDED`])
})

describe('schedules', () => {
  const HOUR_MS = 3_600_000
  const schedule = (state: 'SCHEDULED' | 'NOT_SCHEDULED') => ({ schedule: { expression: 'cron(0 * * * ? *)', state } })
  const runsOf = ({ store, name }: CrawlWorld) => store.runs(name).then((runs) => runs.length)

  test('a crawler starts at the times of its schedule', async () => {
    const world = await crawlWorld(schedule('SCHEDULED'))
    await world.clock.advance(3 * HOUR_MS)
    await world.crawlers.whenEnded(world.name)
    expect(await runsOf(world)).toBe(3)
  })

  test('one that is not scheduled does not', async () => {
    const world = await crawlWorld(schedule('NOT_SCHEDULED'))
    await world.clock.advance(3 * HOUR_MS)
    expect(await runsOf(world)).toBe(0)
  })

  test('it goes by each change of its schedule, and ends with the crawler', async () => {
    const world = await crawlWorld()
    world.crawlers.follow({ name: world.name, ...schedule('SCHEDULED') })
    await world.clock.advance(HOUR_MS)
    world.crawlers.follow({ name: world.name, ...schedule('NOT_SCHEDULED') })
    await world.clock.advance(HOUR_MS)
    world.crawlers.follow({ name: world.name, ...schedule('SCHEDULED') })
    world.crawlers.forget(world.name)
    await world.clock.advance(HOUR_MS)
    expect(await runsOf(world)).toBe(1)
    expect(world.clock.waiting).toBe(0)
  })

  test('a crawler that still runs misses the time', async () => {
    const world = await crawlWorld(schedule('SCHEDULED'))
    const { reached, release } = holdAt(world, 'list')
    await world.crawlers.start(world.name)
    await reached
    await world.clock.advance(HOUR_MS)
    release()
    await world.crawlers.whenEnded(world.name)
    expect(await runsOf(world)).toBe(1)
  })

  test('after closing nothing starts', async () => {
    const world = await crawlWorld(schedule('SCHEDULED'))
    await world.crawlers.close()
    await world.clock.advance(2 * HOUR_MS)
    expect(await runsOf(world)).toBe(0)
  })
})

test('so many crawlers work at once, so many wait for them, and one more is refused', async () => {
  const world = await crawlWorld()
  const { tags, ...entry } = (await world.store.findCrawler(world.name)) as Crawler
  const names = Array.from({ length: RUNNING_MAX + 1 }, (_, index) => `crawler-${index}`)
  for (const name of names) await world.store.createCrawler({ ...entry, tags, name })
  let atWork = 0
  let atWorkMost = 0
  const gate = resolvers()
  world.objects.beforeEach = async (called) => {
    if (called !== 'list') return
    atWork += 1
    atWorkMost = Math.max(atWorkMost, atWork)
    await gate.promise
    atWork -= 1
  }
  for (const name of names.slice(0, RUNNING_MAX)) await world.crawlers.start(name)
  expect(await refusalOf(world.crawlers.start(names.at(-1) ?? ''))).toBe('tooManyCrawlersRunning')
  expect((await world.store.findCrawler(names.at(-1) ?? ''))?.state).toBe('READY')

  // One that waits can be stopped.
  await world.crawlers.stop('crawler-100')
  await world.crawlers.whenEnded('crawler-100')
  expect((await world.store.findCrawler('crawler-100'))?.lastRun?.status).toBe('CANCELLED')
  await settle()
  expect(atWork).toBe(AT_WORK_MAX)
  gate.resolve()
  await Promise.all(names.map((name) => world.crawlers.whenEnded(name)))
  expect(atWorkMost).toBe(AT_WORK_MAX)
  const ended = await Promise.all(names.slice(0, RUNNING_MAX).map((name) => world.store.findCrawler(name)))
  expect(ended.filter((crawler) => crawler?.lastRun?.status === 'SUCCEEDED')).toHaveLength(RUNNING_MAX - 1)
})

test('stopping a crawler that rests is refused, as is starting one that does not exist', async () => {
  const world = await crawlWorld()
  expect(await refusalOf(world.crawlers.stop(world.name))).toBe('crawlerNotRunning')
  expect(await refusalOf(world.crawlers.start('nobody'))).toBe('crawlerNotFound')
})

test('closing waits until a running crawl has ended, and the catalog says why', async () => {
  const world = await crawlWorld()
  await world.put('data/a', record)
  const { reached, release } = holdAt(world, 'read')
  await world.crawlers.start(world.name)
  await reached
  const closed = world.crawlers.close()
  release()
  await closed
  const crawler = await world.store.findCrawler(world.name)
  expect(crawler).toMatchObject({
    state: 'READY',
    lastRun: { status: 'CANCELLED', errorMessage: expect.stringContaining('shut down') },
  })
})

test.each(['RUNNING', 'STOPPING'] as const)(
  'a crawler that a crash left %s is ready after the next start, its run failed',
  async (state) => {
    const world = await crawlWorld()
    const { store, clock, name } = world
    await store.updateCrawler(name, (crawler) => ({
      ...crawler,
      state,
      currentRun: {
        id: 'run-1',
        status: 'RUNNING',
        startedAtMs: clock.nowMs(),
        tablesCreated: 0,
        tablesUpdated: 0,
        tablesDeleted: 0,
        partitionsCreated: 0,
        partitionsUpdated: 0,
        partitionsDeleted: 0,
      },
    }))
    clock.jumpTo(clock.nowMs() + 5000)
    const told: string[] = []
    await openCrawlers({
      ...partsOf(world),
      observer: { started: () => undefined, ended: (_, run) => void told.push(run.id) },
    })
    expect(told).toEqual(['run-1'])
    expect(await store.runs(name)).toHaveLength(1)
    expect(await store.findCrawler(name)).toMatchObject({
      state: 'READY',
      lastRun: {
        id: 'run-1',
        status: 'FAILED',
        endedAtMs: clock.nowMs(),
        errorMessage: expect.stringContaining('Start the crawler again'),
      },
    })
  },
)

test('a bucket that does not exist fails the run, and no table is touched', async () => {
  const world = await crawlWorld()
  await world.put('data/a', record)
  await world.crawled()
  world.objects.removeBucket('lake')
  const { run, tables } = await world.crawled()
  expect(run).toMatchObject({ status: 'FAILED', errorMessage: 'The bucket lake does not exist.' })
  expect(tables['lake']?.parameters['DEPRECATED_BY_CRAWLER']).toBeUndefined()
})

test('one damaged object is skipped with a word; the others make the table', async () => {
  const world = await crawlWorld()
  await world.put('data/a', record)
  await world.put('data/b', record)
  world.objects.beforeEach = (operation, key) => {
    if (operation === 'read' && key === 'data/a') throw new Refusal('corruptObject', 'frame 0 does not decrypt')
  }
  const { run, messages } = await world.crawled()
  expect(run).toMatchObject({ status: 'SUCCEEDED', tablesCreated: 1 })
  expect(messages).toContain('s3://lake/data/a was skipped: it cannot be read (frame 0 does not decrypt).')
})

test('a failure nobody foresaw ends the run as failed, and the crawler can start again', async () => {
  const world = await crawlWorld()
  await world.put('data/a', record)
  world.objects.beforeEach = () => {
    throw new Error('out of order')
  }
  expect((await world.crawled()).run).toMatchObject({ status: 'FAILED', errorMessage: 'Internal error: out of order' })
  world.objects.beforeEach = () => undefined
  expect((await world.crawled()).run.status).toBe('SUCCEEDED')
})

test('a run whose end cannot be recorded is recorded when it can', async () => {
  const world = await crawlWorld()
  await world.put('data/a', record)
  const endRun = world.store.endRun.bind(world.store)
  world.store.endRun = () => Promise.reject(new Error('database or disk is full'))
  await world.crawlers.start(world.name)
  await world.clock.advance(RECORD_AGAIN_MS)
  expect((await stateOf(world)).state).toBe('STOPPING')
  world.store.endRun = endRun
  await world.clock.advance(RECORD_AGAIN_MS)
  await world.crawlers.whenEnded(world.name)
  expect(await stateOf(world)).toEqual({ state: 'READY', last: 'SUCCEEDED', current: undefined })
})

test('a database that does not exist is made', async () => {
  const world = await crawlWorld({ databaseName: 'How-Kinesis' })
  await world.put('data/a', record)
  expect(Object.keys((await world.crawled()).tables)).toEqual(['lake'])
  expect((await world.catalog.findDatabase('how-kinesis'))?.name).toBe('how-kinesis')
})

test('of a folder with many files a few are read, and of those only a beginning', async () => {
  const world = await crawlWorld()
  for (let file = 0; file < 500; file++) await world.put(`data/${String(file).padStart(4, '0')}`, record)
  await world.put('data/9999', record.repeat(200_000))
  await world.crawled()
  expect(new Set(world.objects.keysRead).size).toBeLessThanOrEqual(16)
  expect(world.objects.keysRead).toContain('data/9999')
  expect(world.objects.bytesRead).toBeLessThan(1_300_000)
})

test('SampleSize reads that many files of each folder, the first ones', async () => {
  const world = await crawlWorld({ targets: [{ path: 's3://lake/', exclusions: [], sampleSize: 2 }] })
  for (const key of ['x=1/a', 'x=1/b', 'x=1/c', 'x=2/a', 'x=2/b', 'x=2/c']) await world.put(key, record)
  await world.crawled()
  expect(world.objects.keysRead.sort()).toEqual(['x=1/a', 'x=1/b', 'x=2/a', 'x=2/b'])
})

/** For another lake process over the same store. */
function partsOf({ catalog, store, objects, crawlLog, clock }: CrawlWorld) {
  const ids = new Ids(seededRandom(2))
  return { catalog, store, objects, crawlLog, accountId: '000000000000', clock, ids, log: silentLog }
}

function resolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
