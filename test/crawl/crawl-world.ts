/** A lake in memory with one crawler over the bucket `lake`, for tests of whole crawls. */
import type { CrawlerInput, CrawlRun } from '../../src/catalog/crawler-types.ts'
import type { Partition, Table } from '../../src/catalog/types.ts'
import { type Crawlers, openCrawlers } from '../../src/crawl/crawlers.ts'
import { Ids } from '../../src/platform/ids.ts'
import { silentLog } from '../../src/platform/log.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { MemoryCatalog } from '../support/memory-catalog.ts'
import { MemoryCrawlerStore } from '../support/memory-crawler-store.ts'
import { MemoryObjectStore } from '../support/memory-object-store.ts'

export interface Crawled {
  readonly run: Omit<CrawlRun, 'id' | 'startedAtMs' | 'endedAtMs' | 'messages'>
  readonly messages: readonly string[]
  readonly tables: Readonly<Record<string, Table & { readonly partitions: readonly Partition[] }>>
}

export interface CrawlWorld {
  readonly catalog: MemoryCatalog
  readonly store: MemoryCrawlerStore
  readonly objects: MemoryObjectStore
  readonly clock: FakeClock
  readonly crawlers: Crawlers
  readonly name: string
  put(key: string, body: string | Uint8Array): Promise<void>
  crawled(): Promise<Crawled>
}

export async function crawlWorld(crawler: Partial<CrawlerInput> = {}): Promise<CrawlWorld> {
  const clock = new FakeClock()
  const catalog = new MemoryCatalog(clock)
  const store = new MemoryCrawlerStore(clock)
  const objects = new MemoryObjectStore(clock)
  await objects.createBucket('lake')
  await catalog.createDatabase({ name: 'db', parameters: {} })
  const { name } = await store.createCrawler({
    name: 'reader',
    role: 'glue-role',
    databaseName: 'db',
    targets: [{ path: 's3://lake/', exclusions: [] }],
    updateBehavior: 'UPDATE_IN_DATABASE',
    deleteBehavior: 'DEPRECATE_IN_DATABASE',
    tags: {},
    ...crawler,
  })
  const ids = new Ids(seededRandom(1))
  const crawlers = await openCrawlers({
    catalog,
    store,
    objects,
    accountId: '000000000000',
    clock,
    ids,
    log: silentLog,
  })
  return {
    catalog,
    store,
    objects,
    clock,
    crawlers,
    name,
    async put(key, body) {
      await objects.put({ bucket: 'lake', key }, typeof body === 'string' ? Buffer.from(body) : body)
    },
    async crawled() {
      await crawlers.start(name)
      await crawlers.whenEnded(name)
      return readLake(catalog, store, name)
    },
  }
}

async function readLake(catalog: MemoryCatalog, store: MemoryCrawlerStore, name: string): Promise<Crawled> {
  const crawler = await store.findCrawler(name)
  const [last] = crawler?.runs ?? []
  if (last === undefined) throw new Error('the crawler has not run')
  const { id: _1, startedAtMs: _2, endedAtMs: _3, messages = [], ...run } = last
  const tables: Record<string, Table & { partitions: Partition[] }> = {}
  for (const table of await catalog.tables(crawler?.databaseName ?? '')) {
    const partitions: Partition[] = []
    for await (const partition of catalog.partitions(table.database, table.name)) partitions.push(partition)
    tables[table.name] = { ...table, partitions }
  }
  return { run, messages, tables }
}
