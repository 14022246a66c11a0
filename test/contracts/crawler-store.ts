/** What every CrawlerStore promises. A backend's test calls `crawlerStoreContract` with a way to open an empty one. */
import { beforeEach, expect, test } from 'vitest'
import { type CrawlerStore, RUNS_KEPT_MAX, RUNS_KEPT_MS } from '../../src/catalog/crawler-store.ts'
import type { CrawlerInput, CrawlRun } from '../../src/catalog/crawler-types.ts'
import type { CsvClassifier, JsonClassifier } from '../../src/formats/classifier.ts'
import { Refusal } from '../../src/platform/refusal.ts'
import { FakeClock } from '../support/fake-clock.ts'

const crawlerInput: CrawlerInput = {
  name: 'how-kinesis',
  role: 'glue-role',
  databaseName: 'how-kinesis',
  targets: [{ path: 's3://how.raw/events', exclusions: [] }],
  catalogTargets: [],
  classifiers: [],
  recrawlBehavior: 'CRAWL_EVERYTHING',
  updateBehavior: 'UPDATE_IN_DATABASE',
  deleteBehavior: 'DEPRECATE_IN_DATABASE',
  tags: {},
}

const json: JsonClassifier = { kind: 'json', name: 'records', jsonPath: '$.records[*]' }
const csv: CsvClassifier = {
  kind: 'csv',
  name: 'wide',
  delimiter: '|',
  containsHeader: 'ABSENT',
  header: ['a', 'b'],
  disableValueTrimming: false,
  allowSingleColumn: true,
  customDatatypes: ['STRING', 'INT'],
  serde: 'OpenCSVSerDe',
}

function run(id: string, startedAtMs: number): CrawlRun {
  return {
    id,
    status: 'SUCCEEDED',
    startedAtMs,
    endedAtMs: startedAtMs + 1000,
    tablesCreated: 1,
    tablesUpdated: 0,
    tablesDeleted: 0,
    partitionsCreated: 0,
    partitionsUpdated: 0,
    partitionsDeleted: 0,
  }
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof Refusal ? error.code : `not refused: ${String(error)}`
}

export function crawlerStoreContract(open: (clock: FakeClock) => Promise<CrawlerStore>): void {
  let store: CrawlerStore
  let clock: FakeClock
  beforeEach(async () => {
    clock = new FakeClock()
    store = await open(clock)
  })

  test('what a crawler was made with comes back', async () => {
    const input: CrawlerInput = {
      ...crawlerInput,
      catalogTargets: [{ database: 'db', tables: ['a', 'b'] }],
      classifiers: ['records'],
      schedule: { expression: 'cron(0 0 * * ? *)', state: 'NOT_SCHEDULED' },
      recrawlBehavior: 'CRAWL_NEW_FOLDERS_ONLY',
      tags: { team: 'red' },
    }
    await store.createCrawler(input)
    const nowMs = clock.nowMs()
    const expected = { ...input, version: 1, createdAtMs: nowMs, updatedAtMs: nowMs, state: 'READY' }
    expect(await store.findCrawler('how-kinesis')).toEqual(expected)
    expect(await store.crawlers()).toEqual([expected])
    expect(await refusalOf(store.createCrawler(input))).toBe('crawlerExists')
  })

  test('a run that ends is the newest of the history, and of the entry', async () => {
    await store.createCrawler(crawlerInput)
    await store.createCrawler({ ...crawlerInput, name: 'other' })
    const runs = ['one', 'two', 'three'].map((id, index) => run(id, clock.nowMs() + index))
    for (const lastRun of runs) await store.endRun('how-kinesis', (current) => ({ ...current, lastRun }))
    expect(await store.runs('how-kinesis')).toEqual([...runs].reverse())
    expect((await store.runs('how-kinesis', 2)).map(({ id }) => id)).toEqual(['three', 'two'])
    expect((await store.findCrawler('how-kinesis'))?.lastRun).toEqual(runs[2])
    expect([await store.runs('other'), await store.runs('nobody')]).toEqual([[], []])
  })

  test('a run that may not end is in no history', async () => {
    await store.createCrawler(crawlerInput)
    const end = store.endRun('how-kinesis', () => {
      throw new Refusal('crawlerNotRunning', 'no')
    })
    expect(await refusalOf(end)).toBe('crawlerNotRunning')
    expect(await store.runs('how-kinesis')).toEqual([])
  })

  test('history is kept up to its bounds', async () => {
    await store.createCrawler(crawlerInput)
    const end = (id: string) =>
      store.endRun('how-kinesis', (current) => ({ ...current, lastRun: run(id, clock.nowMs()) }))
    for (let count = 0; count <= RUNS_KEPT_MAX; count++) await end(String(count))
    const runs = await store.runs('how-kinesis')
    expect([runs.length, runs[0]?.id, runs.at(-1)?.id]).toEqual([RUNS_KEPT_MAX, String(RUNS_KEPT_MAX), '1'])
    clock.jumpTo(clock.nowMs() + RUNS_KEPT_MS)
    await end('at the bound')
    expect(await store.runs('how-kinesis')).toHaveLength(RUNS_KEPT_MAX)
    clock.jumpTo(clock.nowMs() + 1)
    await end('past it')
    expect((await store.runs('how-kinesis')).map(({ id }) => id)).toEqual(['past it', 'at the bound'])
  })

  test('a crawler that is made anew has no history', async () => {
    await store.createCrawler(crawlerInput)
    await store.endRun('how-kinesis', (current) => ({ ...current, lastRun: run('one', clock.nowMs()) }))
    await store.deleteCrawler('how-kinesis')
    await store.createCrawler(crawlerInput)
    expect(await store.runs('how-kinesis')).toEqual([])
    expect((await store.findCrawler('how-kinesis'))?.lastRun).toBeUndefined()
  })

  test('classifiers come back as they were made, by name', async () => {
    const [first, second] = [await store.createClassifier(csv), await store.createClassifier(json)]
    expect(first).toEqual({ classifier: csv, createdAtMs: clock.nowMs(), updatedAtMs: clock.nowMs(), version: 1 })
    expect(await store.findClassifier('wide')).toEqual(first)
    expect(await store.findClassifier('none')).toBeUndefined()
    expect(await store.classifiers()).toEqual([second, first])
    expect(await refusalOf(store.createClassifier({ ...json, name: 'wide' }))).toBe('classifierExists')
  })

  test('an updated classifier counts its versions and keeps the time it was made', async () => {
    const created = await store.createClassifier(json)
    clock.jumpTo(clock.nowMs() + 1000)
    const updated = await store.updateClassifier(
      'records',
      (current) => ({ ...current, jsonPath: '$[*]' }) as typeof json,
    )
    expect(updated).toEqual({
      classifier: { ...json, jsonPath: '$[*]' },
      createdAtMs: created.createdAtMs,
      updatedAtMs: clock.nowMs(),
      version: 2,
    })
    expect(await store.findClassifier('records')).toEqual(updated)
  })

  test('a classifier that does not exist is neither updated nor deleted', async () => {
    expect(await refusalOf(store.updateClassifier('none', (current) => current))).toBe('classifierNotFound')
    expect(await refusalOf(store.deleteClassifier('none'))).toBe('classifierNotFound')
    await store.createClassifier(json)
    await store.deleteClassifier('records')
    expect(await store.classifiers()).toEqual([])
  })

  test('only one of two starters wins', async () => {
    await store.createCrawler(crawlerInput)
    const start = () =>
      store.updateCrawler('how-kinesis', (current) => {
        if (current.state !== 'READY') throw new Refusal('crawlerRunning', 'busy')
        return { ...current, state: 'RUNNING' }
      })
    const outcomes = await Promise.allSettled([start(), start()])
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('a running one cannot be deleted', async () => {
    await store.createCrawler(crawlerInput)
    await store.updateCrawler('how-kinesis', (current) => ({ ...current, state: 'RUNNING' }))
    expect(await refusalOf(store.deleteCrawler('how-kinesis'))).toBe('crawlerRunning')
    await store.updateCrawler('how-kinesis', (current) => ({ ...current, state: 'READY' }))
    await store.deleteCrawler('how-kinesis')
    expect(await store.findCrawler('how-kinesis')).toBeUndefined()
  })
}
