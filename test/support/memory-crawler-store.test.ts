import { crawlerStoreContract } from '../contracts/crawler-store.ts'
import { FakeClock } from './fake-clock.ts'
import { MemoryCrawlerStore } from './memory-crawler-store.ts'

crawlerStoreContract(async () => new MemoryCrawlerStore(new FakeClock()))
