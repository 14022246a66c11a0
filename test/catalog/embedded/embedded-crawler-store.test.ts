import { expect, test } from 'vitest'
import { EmbeddedCrawlerStore } from '../../../src/catalog/embedded/embedded-crawler-store.ts'
import { CATALOG_COMPONENT, CATALOG_MIGRATIONS } from '../../../src/catalog/embedded/schema.ts'
import { crawlerStoreContract } from '../../contracts/crawler-store.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { hastyDatabase } from '../../support/hasty-disk.ts'

crawlerStoreContract(async (clock) => new EmbeddedCrawlerStore({ database: hastyDatabase(':memory:'), clock }))

/** A row as lakelet 0.6 wrote it. */
function earlierCrawler(name: string, runs: readonly object[]) {
  return {
    name,
    role: 'glue-role',
    databaseName: 'db',
    targets: [{ path: 's3://lake/', exclusions: [] }],
    updateBehavior: 'UPDATE_IN_DATABASE',
    deleteBehavior: 'DEPRECATE_IN_DATABASE',
    tags: {},
    version: 3,
    createdAtMs: 1000,
    updatedAtMs: 2000,
    state: 'READY',
    runs,
  }
}

test('crawlers of earlier versions have what they lack, and their runs in the history', async () => {
  const database = hastyDatabase(':memory:')
  database.migrate(CATALOG_COMPONENT, CATALOG_MIGRATIONS)
  const clock = new FakeClock()
  const newer = { id: 'newer', status: 'SUCCEEDED', startedAtMs: clock.nowMs() - 1000, endedAtMs: clock.nowMs() }
  const older = { id: 'older', status: 'FAILED', startedAtMs: clock.nowMs() - 5000, errorMessage: 'no' }
  const insert = database.prepare('INSERT INTO catalog_crawler VALUES (?, ?)')
  for (const crawler of [earlierCrawler('ran', [{ ...newer, messages: ['a', 'b'] }, older]), earlierCrawler('new', [])])
    insert.run(crawler.name, JSON.stringify(crawler))

  const store = new EmbeddedCrawlerStore({ database, clock })
  const { runs: _, ...entry } = earlierCrawler('new', [])
  const added = { catalogTargets: [], classifiers: [], recrawlBehavior: 'CRAWL_EVERYTHING' }
  expect(await store.findCrawler('new')).toEqual({ ...entry, ...added })
  expect(await store.findCrawler('ran')).toEqual({ ...entry, ...added, name: 'ran', lastRun: newer })
  expect(await store.runs('ran')).toEqual([newer, older])
  expect(await store.runs('new')).toEqual([])
})
