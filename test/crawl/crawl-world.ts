/** A lake in memory with one crawler over the bucket `lake`, for tests of whole crawls. */
import type { CrawlerInput, CrawlRun } from '../../src/catalog/crawler-types.ts'
import type { Partition, PartitionIndex, Table } from '../../src/catalog/types.ts'
import { type Crawlers, openCrawlers } from '../../src/crawl/crawlers.ts'
import type { CustomClassifier } from '../../src/formats/classifier.ts'
import { Ids } from '../../src/platform/ids.ts'
import { silentLog } from '../../src/platform/log.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { MemoryCatalog } from '../support/memory-catalog.ts'
import { MemoryCrawlLog } from '../support/memory-crawl-log.ts'
import { MemoryCrawlerStore } from '../support/memory-crawler-store.ts'
import { MemoryObjectStore } from '../support/memory-object-store.ts'

export interface Crawled {
  readonly run: Omit<CrawlRun, 'id' | 'startedAtMs' | 'endedAtMs'>
  readonly messages: readonly string[]
  readonly tables: Readonly<Record<string, CrawledTable>>
}

/** Of databases other than the crawler's, names are `database.table`. */
export interface CrawledTable extends Table {
  readonly partitions: readonly Partition[]
  /** Absent: none. */
  readonly indexes?: readonly PartitionIndex[]
}

export interface CrawlWorld {
  readonly catalog: MemoryCatalog
  readonly store: MemoryCrawlerStore
  readonly objects: MemoryObjectStore
  readonly crawlLog: MemoryCrawlLog
  readonly clock: FakeClock
  readonly crawlers: Crawlers
  readonly name: string
  put(key: string, body: string | Uint8Array): Promise<void>
  crawled(): Promise<Crawled>
}

export async function crawlWorld(
  crawler: Partial<CrawlerInput> = {},
  classifiers: readonly CustomClassifier[] = [],
): Promise<CrawlWorld> {
  const clock = new FakeClock()
  const catalog = new MemoryCatalog(clock)
  const store = new MemoryCrawlerStore(clock)
  for (const classifier of classifiers) await store.createClassifier(classifier)
  const objects = new MemoryObjectStore(clock)
  await objects.createBucket('lake')
  await catalog.createDatabase({ name: 'db', parameters: {} })
  const { name } = await store.createCrawler({
    name: 'reader',
    role: 'glue-role',
    databaseName: 'db',
    targets: [{ path: 's3://lake/', exclusions: [] }],
    catalogTargets: [],
    classifiers: [],
    recrawlBehavior: 'CRAWL_EVERYTHING',
    updateBehavior: 'UPDATE_IN_DATABASE',
    deleteBehavior: 'DEPRECATE_IN_DATABASE',
    tags: {},
    ...crawler,
  })
  const crawlLog = new MemoryCrawlLog()
  const ids = new Ids(seededRandom(1))
  const crawlers = await openCrawlers({
    catalog,
    store,
    objects,
    crawlLog,
    accountId: '000000000000',
    clock,
    ids,
    log: silentLog,
  })
  return {
    catalog,
    store,
    objects,
    crawlLog,
    clock,
    crawlers,
    name,
    async put(key, body) {
      await objects.put({ bucket: 'lake', key }, typeof body === 'string' ? Buffer.from(body) : body)
    },
    async crawled() {
      await crawlers.start(name)
      await crawlers.whenEnded(name)
      return readLake({ catalog, store, crawlLog, name })
    },
  }
}

async function readLake({
  catalog,
  store,
  crawlLog,
  name,
}: Pick<CrawlWorld, 'catalog' | 'store' | 'crawlLog' | 'name'>): Promise<Crawled> {
  const crawler = await store.findCrawler(name)
  if (crawler?.lastRun === undefined) throw new Error('the crawler has not run')
  const { id, startedAtMs: _1, endedAtMs: _2, ...run } = crawler.lastRun
  const tables: Record<string, CrawledTable> = {}
  for (const database of await catalog.databases()) {
    for (const table of await catalog.tables(database.name)) {
      const partitions: Partition[] = []
      for await (const partition of catalog.partitions(table.database, table.name)) partitions.push(partition)
      const indexes = await catalog.partitionIndexes(table.database, table.name)
      const shown = database.name === crawler.databaseName.toLowerCase() ? table.name : `${database.name}.${table.name}`
      tables[shown] = { ...table, partitions, ...(indexes.length > 0 && { indexes }) }
    }
  }
  return { run, messages: crawlLog.decisionsOf(name, id), tables }
}
