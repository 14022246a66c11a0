import { expect, test } from 'vitest'
import { openCrawlers } from '../../src/crawl/crawlers.ts'
import { RUNS_KEPT_MAX, RUNS_WITH_MESSAGES_MAX } from '../../src/crawl/lifecycle.ts'
import { Ids } from '../../src/platform/ids.ts'
import { silentLog } from '../../src/platform/log.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { isRefusal, Refusal } from '../../src/platform/refusal.ts'
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
  return { state: crawler?.state, last: crawler?.runs[0]?.status, current: crawler?.currentRun?.status }
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
    runs: [{ status: 'CANCELLED', errorMessage: expect.stringContaining('shut down') }],
  })
})

test.each(['RUNNING', 'STOPPING'] as const)(
  'a crawler that a crash left %s is ready after the next start, its run failed',
  async (state) => {
    const { catalog, store, objects, clock, name } = await crawlWorld()
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
    const ids = new Ids(seededRandom(2))
    await openCrawlers({ catalog, store, objects, accountId: '000000000000', clock, ids, log: silentLog })
    expect(await store.findCrawler(name)).toMatchObject({
      state: 'READY',
      runs: [
        {
          id: 'run-1',
          status: 'FAILED',
          endedAtMs: clock.nowMs(),
          errorMessage: expect.stringContaining('Start the crawler again'),
        },
      ],
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

test('a database that does not exist is made', async () => {
  const world = await crawlWorld({ databaseName: 'How-Kinesis' })
  await world.put('data/a', record)
  expect(Object.keys((await world.crawled()).tables)).toEqual(['lake'])
  expect((await world.catalog.findDatabase('how-kinesis'))?.name).toBe('how-kinesis')
})

test('runs are kept up to their bound, sentences only with the newest', async () => {
  const world = await crawlWorld()
  for (let run = 0; run < RUNS_KEPT_MAX + 1; run++) await world.crawled()
  const runs = (await world.store.findCrawler(world.name))?.runs ?? []
  expect([runs.length, runs.filter((run) => run.messages !== undefined).length]).toEqual([
    RUNS_KEPT_MAX,
    RUNS_WITH_MESSAGES_MAX,
  ])
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

function resolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
