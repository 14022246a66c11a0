import { EmbeddedCrawlerStore } from '../../../src/catalog/embedded/embedded-crawler-store.ts'
import { crawlerStoreContract } from '../../contracts/crawler-store.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { hastyDatabase } from '../../support/hasty-disk.ts'

crawlerStoreContract(
  async () => new EmbeddedCrawlerStore({ database: hastyDatabase(':memory:'), clock: new FakeClock() }),
)
