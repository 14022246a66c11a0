/** What every CrawlerStore promises. A backend's test calls `crawlerStoreContract` with a way to open an empty one. */
import { beforeEach, expect, test } from 'vitest'
import type { CrawlerStore } from '../../src/catalog/crawler-store.ts'
import type { CrawlerInput } from '../../src/catalog/crawler-types.ts'
import { Refusal } from '../../src/platform/refusal.ts'

const crawlerInput: CrawlerInput = {
  name: 'how-kinesis',
  role: 'glue-role',
  databaseName: 'how-kinesis',
  targets: [{ path: 's3://how.raw/events', exclusions: [] }],
  updateBehavior: 'UPDATE_IN_DATABASE',
  deleteBehavior: 'DEPRECATE_IN_DATABASE',
  tags: {},
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof Refusal ? error.code : `not refused: ${String(error)}`
}

export function crawlerStoreContract(open: () => Promise<CrawlerStore>): void {
  let store: CrawlerStore
  beforeEach(async () => {
    store = await open()
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
