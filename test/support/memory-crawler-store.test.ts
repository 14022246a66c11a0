import { crawlerStoreContract } from '../contracts/crawler-store.ts'
import { MemoryCrawlerStore } from './memory-crawler-store.ts'

crawlerStoreContract(async (clock) => new MemoryCrawlerStore(clock))
