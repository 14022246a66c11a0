import type { BatchGetCrawlersRequest, BatchGetCrawlersResponse } from '../../../wire/model/glue.ts'
import type { CrawlerOperation } from './crawler-context.ts'
import { fromCrawler } from './crawler-shape.ts'

/** In the order asked; names that are no crawlers come back as such. */
export const batchGetCrawlers: CrawlerOperation<BatchGetCrawlersRequest, BatchGetCrawlersResponse> = async (
  { CrawlerNames },
  { crawlerStore, clock },
) => {
  const found = await Promise.all(CrawlerNames.map((name) => crawlerStore.findCrawler(name)))
  const nowMs = clock.nowMs()
  return {
    Crawlers: found.flatMap((crawler) => (crawler === undefined ? [] : fromCrawler(crawler, nowMs))),
    CrawlersNotFound: CrawlerNames.filter((_, index) => found[index] === undefined),
  }
}
