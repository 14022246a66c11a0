/**
 * The CrawlerStore port: the crawlers of a lake. Every change is atomic and durable when it resolves; `change` runs
 * inside the transaction, so two that start the same crawler cannot both succeed.
 */
import type { Crawler, CrawlerInput } from './crawler-types.ts'

export type CrawlerRefusal =
  | 'crawlerNotFound'
  | 'crawlerExists'
  | 'crawlerRunning'
  | 'crawlerNotRunning'
  | 'crawlerStopping'

export interface CrawlerStore {
  createCrawler(input: CrawlerInput): Promise<Crawler>
  findCrawler(name: string): Promise<Crawler | undefined>
  /** Sorted by name. */
  crawlers(): Promise<readonly Crawler[]>
  /** `change` sees the current entry inside the transaction and may throw a Refusal to leave it as it is. */
  updateCrawler(name: string, change: (current: Crawler) => Crawler): Promise<Crawler>
  deleteCrawler(name: string): Promise<void>
}
